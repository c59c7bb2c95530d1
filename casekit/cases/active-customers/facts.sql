-- What must be true of Brightkettle's data on every seed, to the customer. Counts are told for 48,000 customers,
-- so that one number holds at every size.

-- view: scale
SELECT 48000 / count(*) AS per_48k FROM customers

-- view: now
SELECT * FROM subscription_history WHERE valid_from <= DATE '2025-06-30' AND (valid_to IS NULL OR valid_to > DATE '2025-06-30')

-- view: boxes
SELECT o.*, delivered_at::DATE AS utc_day, ((delivered_at AT TIME ZONE 'UTC') AT TIME ZONE timezone)::DATE AS local_day
FROM orders o JOIN customers USING (customer_id) WHERE status = 'delivered'

-- view: flags
SELECT n.customer_id, n.status, c.is_test, l.linked_customer_id,
       n.customer_id IN (SELECT customer_id FROM boxes WHERE utc_day BETWEEN DATE '2025-06-03' AND DATE '2025-06-30') AS utc_box,
       n.customer_id IN (SELECT customer_id FROM boxes WHERE utc_day BETWEEN DATE '2025-06-03' AND DATE '2025-06-30'
                         AND box_type <> 'trial') AS utc_regular,
       n.customer_id IN (SELECT customer_id FROM boxes WHERE local_day BETWEEN DATE '2025-06-03' AND DATE '2025-06-30'
                         AND box_type <> 'trial') AS local_regular
FROM now n JOIN customers c USING (customer_id) LEFT JOIN id_links l USING (customer_id)
WHERE n.status <> 'cancelled'

-- view: households
SELECT count(*) AS ids, count(DISTINCT coalesce(linked_customer_id, customer_id)) AS people
FROM flags WHERE status = 'active' AND NOT is_test AND local_regular

-- view: bridge
SELECT count(*) AS growth,
       count_if(is_test) AS tests,
       count_if(NOT is_test AND status = 'paused') AS paused,
       count_if(NOT is_test AND status = 'trial') AS on_trial,
       count_if(NOT is_test AND status = 'active' AND NOT utc_box) AS without_box,
       count_if(NOT is_test AND status = 'active' AND utc_box) AS finance,
       count_if(NOT is_test AND status = 'active' AND utc_box AND NOT utc_regular AND NOT local_regular) AS trial_box_only,
       count_if(NOT is_test AND status = 'active' AND utc_regular AND NOT local_regular) AS edge_out,
       count_if(NOT is_test AND status = 'active' AND local_regular AND NOT utc_regular) AS edge_in,
       (SELECT ids - people FROM households) AS double_ids,
       (SELECT people FROM households) AS ops
FROM flags

-- view: kr
SELECT d, count(*) AS active,
       count_if(customer_id IN (SELECT customer_id FROM app_opens WHERE opened_at::DATE BETWEEN d - 27 AND d)) AS opened
FROM (VALUES (DATE '2025-03-31'), (DATE '2025-06-30')) days(d)
JOIN subscription_history ON valid_from <= d AND (valid_to IS NULL OR valid_to > d)
JOIN customers USING (customer_id)
WHERE status = 'active' AND NOT is_test GROUP BY d

-- fact: growth_per_48k
-- range: 41200 to 41200 at default, small, tiny
-- says: Growth counts 41,200 active customers on 30 June: every id that has not cancelled.
SELECT growth * per_48k FROM bridge, scale

-- fact: finance_per_48k
-- range: 36900 to 36900 at default, small, tiny
-- says: Finance counts 36,900: active, no test, and a box delivered in the last 28 days of UTC.
SELECT finance * per_48k FROM bridge, scale

-- fact: ops_per_48k
-- range: 29400 to 29400 at default, small, tiny
-- says: Operations counts 29,400 households with a regular box in the last 28 local days.
SELECT ops * per_48k FROM bridge, scale

-- fact: tests_per_48k
-- range: 600 to 600 at default, small, tiny
-- says: Growth's number holds 600 test accounts.
SELECT tests * per_48k FROM bridge, scale

-- fact: paused_per_48k
-- range: 2900 to 2900 at default, small, tiny
-- says: Growth's number holds 2,900 paused customers who are no tests.
SELECT paused * per_48k FROM bridge, scale

-- fact: on_trial_per_48k
-- range: 400 to 400 at default, small, tiny
-- says: Growth's number holds 400 customers on trial who are no tests.
SELECT on_trial * per_48k FROM bridge, scale

-- fact: without_box_per_48k
-- range: 400 to 400 at default, small, tiny
-- says: Growth's number holds 400 active customers without a box in 28 days of UTC.
SELECT without_box * per_48k FROM bridge, scale

-- fact: growth_to_finance_gap_count
-- range: 0 to 0 at default, small, tiny
-- says: Tests, paused, trials and those without a box are disjoint and make the whole gap from growth to finance.
SELECT growth - tests - paused - on_trial - without_box - finance FROM bridge

-- fact: trial_box_only_per_48k
-- range: 5400 to 5400 at default, small, tiny
-- says: Finance counts 5,400 customers whose only box in 28 days was a trial box.
SELECT trial_box_only * per_48k FROM bridge, scale

-- fact: edge_out_per_48k
-- range: 600 to 600 at default, small, tiny
-- says: 600 customers got their box on 3 June in UTC, which was 2 June where they live.
SELECT edge_out * per_48k FROM bridge, scale

-- fact: edge_in_per_48k
-- range: 200 to 200 at default, small, tiny
-- says: 200 customers got their box on a local day that counts and a UTC day that does not.
SELECT edge_in * per_48k FROM bridge, scale

-- fact: double_ids_per_48k
-- range: 1700 to 1700 at default, small, tiny
-- says: 1,700 ids in operations' reach are second ids of people who are counted already.
SELECT double_ids * per_48k FROM bridge, scale

-- fact: finance_to_ops_gap_count
-- range: 0 to 0 at default, small, tiny
-- says: Trial boxes, both edges and double ids are disjoint and make the whole gap from finance to operations.
SELECT finance - trial_box_only - edge_out + edge_in - double_ids - ops FROM bridge

-- fact: links_per_48k
-- range: 1900 to 1900 at default, small, tiny
-- says: 1,900 people have two ids.
SELECT count(*) * per_48k FROM id_links, scale GROUP BY per_48k

-- fact: linked_pairs_alike_share
-- range: 1 to 1 at default, small, tiny
-- says: Both ids of a person lie in one time zone, carry two brands, and neither is linked twice.
SELECT count(DISTINCT l.linked_customer_id) FILTER (WHERE a.timezone = b.timezone AND a.brand <> b.brand) / count(*)
FROM id_links l JOIN customers a USING (customer_id) JOIN customers b ON b.customer_id = l.linked_customer_id

-- fact: switched_that_day_per_48k
-- range: 180 to 180 at default, small, tiny
-- says: 120 pause and 60 cancel on 30 June itself; BETWEEN counts them twice.
SELECT count(*) * any_value(per_48k) FROM subscription_history, scale WHERE valid_to = DATE '2025-06-30' AND status = 'active'

-- fact: current_is_not_asof_per_48k
-- range: 170 to 260 at default, small
-- says: Some go or begin on 1 July, so the current status is not the one of 30 June.
SELECT count(*) * any_value(per_48k) FROM subscription_history, scale WHERE valid_from = DATE '2025-07-01'

-- fact: kr_opened_march_per_48k
-- range: 22380 to 22380 at default, small, tiny
-- says: 22,380 active customers had opened the app in the 28 days to 31 March.
SELECT opened * per_48k FROM kr, scale WHERE d = DATE '2025-03-31'

-- fact: kr_opened_june_per_48k
-- range: 22380 to 22380 at default, small, tiny
-- says: 22,380 active customers had opened the app in the 28 days to 30 June: not one more.
SELECT opened * per_48k FROM kr, scale WHERE d = DATE '2025-06-30'

-- fact: kr_active_march_per_48k
-- range: 40620 to 40620 at default, small, tiny
-- says: 40,620 customers were active on 31 March.
SELECT active * per_48k FROM kr, scale WHERE d = DATE '2025-03-31'

-- fact: kr_active_june_per_48k
-- range: 37300 to 37300 at default, small, tiny
-- says: 37,300 customers were active on 30 June: the key result improves because its denominator shrinks.
SELECT active * per_48k FROM kr, scale WHERE d = DATE '2025-06-30'

-- fact: metrics_without_owner_count
-- range: 4 to 4 at default, small, tiny
-- says: Four of the metrics have no owner.
SELECT count(*) FROM metric_catalog WHERE owner IS NULL

-- fact: box_price_rise_share
-- range: 0.055 to 0.065 at default, small
-- says: From 2 June a regular box costs 6 % more.
SELECT avg(amount_eur) FILTER (WHERE delivered_at >= '2025-06-02') / avg(amount_eur) FILTER (WHERE delivered_at < '2025-06-02') - 1
FROM orders JOIN customers USING (customer_id) WHERE NOT is_test AND box_type = 'classic'
