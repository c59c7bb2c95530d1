-- What must be true of Marrowby's data on every seed. Facts that hang on one day's few web orders, or on the
-- noise of single days, need the default size; the others hold at the small one too.

-- view: placed
SELECT DISTINCT session_id FROM orders

-- view: visits
SELECT s.*, started_at >= '2025-03-31' AS is_after, started_at::DATE BETWEEN '2025-04-18' AND '2025-04-21' AS is_easter,
       p.session_id IS NOT NULL AS has_order
FROM sessions s LEFT JOIN placed p USING (session_id)

-- view: attempts
SELECT v.*, e.payment_method
FROM visits v JOIN checkout_events e USING (session_id)
WHERE e.event_name = 'add_payment'

-- view: cells
SELECT platform, channel, count_if(NOT is_after) / sum(count_if(NOT is_after)) OVER () AS share_before,
       count_if(is_after) / sum(count_if(is_after)) OVER () AS share_after,
       avg(has_order::INT) FILTER (WHERE NOT is_after) AS rate_before, avg(has_order::INT) FILTER (WHERE is_after) AS rate_after
FROM visits GROUP BY ALL

-- view: android_days
SELECT started_at::DATE AS d, avg(has_order::INT) AS rate FROM attempts WHERE platform = 'android' GROUP BY ALL

-- view: coverage
SELECT o.d, o.platform, count(e.session_id) / count(*) AS share
FROM (SELECT DISTINCT ordered_at::DATE AS d, platform, session_id FROM orders JOIN sessions USING (session_id)) o
LEFT JOIN (SELECT DISTINCT event_at::DATE AS d, session_id FROM checkout_events WHERE event_name = 'purchase') e
  USING (d, session_id)
GROUP BY ALL

-- T1: Android 5.2.0 breaks card payments

-- fact: rollout_start_share
-- range: 0.05 to 0.17 at default, small
-- says: About a tenth of Android sessions run 5.2.0 on 1 and 2 April.
SELECT avg((app_version = '5.2.0')::INT) FROM sessions
WHERE platform = 'android' AND started_at::DATE BETWEEN '2025-04-01' AND '2025-04-02'

-- fact: rollout_half_share
-- range: 0.42 to 0.58 at default, small
-- says: About half of Android sessions run 5.2.0 from 3 to 6 April.
SELECT avg((app_version = '5.2.0')::INT) FROM sessions
WHERE platform = 'android' AND started_at::DATE BETWEEN '2025-04-03' AND '2025-04-06'

-- fact: rollout_end_share
-- range: 0.89 to 0.95 at default, small
-- says: About 92 % of Android sessions run 5.2.0 from 7 April on.
SELECT avg((app_version = '5.2.0')::INT) FROM sessions WHERE platform = 'android' AND started_at >= '2025-04-07'

-- fact: went_back_users
-- range: 0 to 0 at default, small
-- says: A user who got 5.2.0 keeps it.
SELECT count(DISTINCT old.user_id) FROM sessions old JOIN sessions new USING (user_id)
WHERE new.app_version = '5.2.0' AND old.app_version IN ('5.0.3', '5.1.1') AND old.started_at > new.started_at

-- fact: card_success_520_share
-- range: 0.40 to 0.44 at default, small
-- says: On Android 5.2.0 only 42 % of card attempts become an order.
SELECT avg(has_order::INT) FROM attempts WHERE app_version = '5.2.0' AND payment_method = 'card'

-- fact: card_success_other_share
-- range: 0.84 to 0.88 at default, small
-- says: On every other Android version about 86 % of card attempts become an order.
SELECT avg(has_order::INT) FROM attempts
WHERE platform = 'android' AND app_version <> '5.2.0' AND payment_method = 'card'

-- fact: other_methods_520_share
-- range: 0.84 to 0.93 at default, small
-- says: PayPal and invoice work on 5.2.0 as they do elsewhere.
SELECT avg(has_order::INT) FROM attempts WHERE app_version = '5.2.0' AND payment_method <> 'card'

-- fact: timeouts_520_share
-- range: 0.70 to 0.83 at default, small
-- says: Most failed card payments on 5.2.0 are 3-D Secure timeouts.
SELECT avg((error_code = 'THREEDS_TIMEOUT')::INT) FROM checkout_events JOIN sessions USING (session_id)
WHERE event_name = 'payment_error' AND payment_method = 'card' AND app_version = '5.2.0'

-- fact: timeouts_other_share
-- range: 0.01 to 0.12 at default, small
-- says: Elsewhere a 3-D Secure timeout is a rare failure.
SELECT avg((error_code = 'THREEDS_TIMEOUT')::INT) FROM checkout_events JOIN sessions USING (session_id)
WHERE event_name = 'payment_error' AND payment_method = 'card' AND app_version <> '5.2.0'

-- fact: first_alarm_april_day
-- range: 3 to 9
-- says: The trailing 3-day mean of Android payment success first falls below its floor in the days after 3 April.
SELECT min(day(d)) FROM (
  SELECT d, avg(rate) OVER (ORDER BY d ROWS 2 PRECEDING) AS mean_of_3 FROM android_days
), (SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM android_days WHERE d < '2025-03-31')
WHERE d >= '2025-03-31' AND mean_of_3 < floor

-- fact: early_alarm_days
-- range: 0 to 0
-- says: No alarm before 3 April: the first tenth of the rollout does not show.
SELECT count(*) FROM (
  SELECT d, avg(rate) OVER (ORDER BY d ROWS 2 PRECEDING) AS mean_of_3 FROM android_days
), (SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM android_days WHERE d < '2025-03-31')
WHERE d BETWEEN '2025-03-31' AND '2025-04-02' AND mean_of_3 < floor

-- fact: lost_of_attempts_share
-- range: 0.40 to 0.48 at default, small
-- says: The bug costs about 44 orders of every 100 card attempts on 5.2.0, so the number of lost orders is above zero.
SELECT avg(has_order::INT) FILTER (WHERE platform = 'android' AND app_version <> '5.2.0')
     - avg(has_order::INT) FILTER (WHERE app_version = '5.2.0')
FROM attempts WHERE payment_method = 'card'

-- T2: paid social triples, and the mix takes most of the fall

-- fact: paid_social_growth_ratio
-- range: 2.9 to 3.4 at default, small
-- says: Paid social brings about three times as many sessions from 31 March.
SELECT count_if(is_after) / count_if(NOT is_after) FROM visits WHERE channel = 'paid_social'

-- fact: paid_social_spend_ratio
-- range: 3.4 to 3.55 at default, small
-- says: Spend on paid social goes from about 520 to about 1,800 EUR a day on 31 March.
SELECT sum(spend_eur) FILTER (WHERE spend_date >= '2025-03-31') / sum(spend_eur) FILTER (WHERE spend_date < '2025-03-31')
FROM marketing_spend WHERE channel = 'paid_social'

-- fact: order_conv_before_percent
-- range: 13.9 to 14.4 at default, small
-- says: Before 31 March about 14.2 % of sessions place an order.
SELECT 100 * avg(has_order::INT) FROM visits WHERE NOT is_after

-- fact: order_conv_after_percent
-- range: 10.9 to 11.4 at default, small
-- says: From 31 March about 11.2 % of sessions place an order.
SELECT 100 * avg(has_order::INT) FROM visits WHERE is_after

-- fact: paid_conv_before_percent
-- range: 13.2 to 13.8 at default, small
-- says: Before 31 March about 13.5 % of sessions place an order that stays paid.
SELECT 100 * count(DISTINCT o.session_id) / count(DISTINCT v.session_id)
FROM visits v LEFT JOIN orders o ON o.session_id = v.session_id AND o.status = 'paid' WHERE NOT is_after

-- fact: paid_conv_after_percent
-- range: 10.2 to 10.95 at default, small
-- says: From 31 March about 10.7 % of sessions place an order that stays paid.
SELECT 100 * count(DISTINCT o.session_id) / count(DISTINCT v.session_id)
FROM visits v LEFT JOIN orders o ON o.session_id = v.session_id AND o.status = 'paid' WHERE is_after

-- fact: mix_of_fall_share
-- range: 0.6 to 0.8 at default, small
-- says: About 70 % of the fall is mix over platform and channel.
SELECT sum((share_after - share_before) * rate_before) / sum(share_after * rate_after - share_before * rate_before) FROM cells

-- fact: android_rate_pp
-- range: -1.4 to -1.0 at default, small
-- says: Android's lower rates take about 1.2 points.
SELECT 100 * sum(share_after * (rate_after - rate_before)) FROM cells WHERE platform = 'android'

-- fact: ios_channels_up
-- range: 5 to 5 at default, small
-- says: On iOS every channel converts better after 31 March.
SELECT count_if(rate_after > rate_before) FROM cells WHERE platform = 'ios'

-- fact: ios_change_pp
-- range: -1.6 to -0.8 at default, small
-- says: And yet iOS as a whole converts at least 0.8 points worse.
SELECT 100 * (avg(has_order::INT) FILTER (WHERE is_after) - avg(has_order::INT) FILTER (WHERE NOT is_after))
FROM visits WHERE platform = 'ios'

-- T3: web purchase events are lost from 15 April 12:00 to 17 April 06:00

-- fact: web_coverage_15_april_share
-- range: 0 to 0.79 at default, small
-- says: On 15 April most web orders have no purchase event.
SELECT share FROM coverage WHERE platform = 'web' AND d = '2025-04-15'

-- fact: web_coverage_16_april_share
-- range: 0 to 0 at default, small
-- says: On 16 April no web order has a purchase event.
SELECT share FROM coverage WHERE platform = 'web' AND d = '2025-04-16'

-- fact: web_coverage_17_april_share
-- range: 0.8 to 1
-- says: On 17 April the gap closes early enough to stay above 80 %.
SELECT share FROM coverage WHERE platform = 'web' AND d = '2025-04-17'

-- fact: lowest_other_coverage_share
-- range: 0.95 to 1
-- says: On every other day and platform at least 95 % of ordering sessions have a purchase event.
SELECT min(share) FROM coverage WHERE platform <> 'web' OR d NOT BETWEEN '2025-04-15' AND '2025-04-17'

-- fact: web_orders_in_the_gap_ratio
-- range: 0.5 to 1.6
-- says: Web orders go on as before while the events are missing.
SELECT count_if(d BETWEEN '2025-04-15' AND '2025-04-17') / count_if(d BETWEEN '2025-04-08' AND '2025-04-10')
FROM (SELECT ordered_at::DATE AS d FROM orders JOIN sessions USING (session_id) WHERE platform = 'web')

-- T4: Easter, 18 to 21 April

-- fact: easter_sessions_ratio
-- range: 0.75 to 0.85 at default, small
-- says: Easter has about 20 % fewer sessions than the same weekdays a week before.
SELECT count_if(is_easter) / count_if(started_at::DATE BETWEEN '2025-04-11' AND '2025-04-14') FROM visits

-- fact: easter_conv_change_pp
-- range: -1 to 1
-- says: Easter visitors convert as those of the other days after 7 April.
SELECT 100 * (avg(has_order::INT) FILTER (WHERE is_easter) - avg(has_order::INT) FILTER (WHERE NOT is_easter))
FROM visits WHERE started_at >= '2025-04-07'

-- T5: version numbers are not text

-- fact: ios_latest_as_text_is_wrong
-- range: 1 to 1 at default, small
-- says: 5.10.0 is the latest iOS version, and 5.9.1 is the latest as text.
SELECT (max(app_version::VARCHAR) = '5.9.1' AND count_if(app_version = '5.10.0' AND is_after) = count_if(is_after))::INT
FROM visits WHERE platform = 'ios'

-- Orders

-- fact: second_order_share
-- range: 0.025 to 0.035 at default, small
-- says: About 3 % of buying sessions order twice.
SELECT (count(*) - count(DISTINCT session_id)) / count(DISTINCT session_id) FROM orders

-- fact: cancelled_share
-- range: 0.035 to 0.065 at default, small
-- says: About 5 % of orders are cancelled.
SELECT avg((status = 'cancelled')::INT) FROM orders

-- fact: median_order_eur
-- range: 52 to 56 at default, small
-- says: The median order is about 54 EUR.
SELECT median(amount_eur) FROM orders
