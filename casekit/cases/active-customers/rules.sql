-- What is always true of Brightkettle's rows, whatever the seed and size: each query gives the rows that break the rule.

-- rule: customer_id is unique
SELECT customer_id FROM customers GROUP BY ALL HAVING count(*) > 1

-- rule: customers are numbered by arrival
SELECT customer_id FROM customers
QUALIFY customer_id <= lag(customer_id) OVER (ORDER BY created_at, customer_id)

-- rule: order_id is unique
SELECT order_id FROM orders GROUP BY ALL HAVING count(*) > 1

-- rule: metric_id is unique
SELECT metric_id FROM metric_catalog GROUP BY ALL HAVING count(*) > 1

-- rule: spells belong to customers
FROM subscription_history ANTI JOIN customers USING (customer_id)

-- rule: customers have a history
FROM customers ANTI JOIN subscription_history USING (customer_id)

-- rule: orders belong to customers
FROM orders ANTI JOIN customers USING (customer_id)

-- rule: opens belong to customers
FROM app_opens ANTI JOIN customers USING (customer_id)

-- rule: links belong to customers
FROM id_links ANTI JOIN customers USING (customer_id)

-- rule: links lead to customers
FROM id_links l ANTI JOIN customers c ON c.customer_id = l.linked_customer_id

-- rule: an id is linked once
SELECT id FROM (SELECT unnest([customer_id, linked_customer_id]) AS id FROM id_links)
GROUP BY id HAVING count(*) > 1

-- rule: spells lie end to end
SELECT customer_id FROM subscription_history
QUALIFY valid_to IS DISTINCT FROM
    lead(valid_from) OVER (PARTITION BY customer_id ORDER BY valid_from)

-- rule: spells last
FROM subscription_history WHERE valid_to <= valid_from

-- rule: a status does not follow itself
SELECT customer_id FROM subscription_history
QUALIFY status = lag(status) OVER (PARTITION BY customer_id ORDER BY valid_from)

-- rule: history begins with the account
SELECT customer_id FROM subscription_history JOIN customers USING (customer_id)
GROUP BY customer_id, created_at HAVING min(valid_from) <> created_at::DATE

-- rule: a trial comes first
SELECT customer_id FROM subscription_history
QUALIFY status = 'trial' AND row_number() OVER (PARTITION BY customer_id ORDER BY valid_from) > 1

-- rule: cancelled is the end
FROM subscription_history WHERE status = 'cancelled' AND valid_to IS NOT NULL

-- rule: nothing lies in the future
FROM subscription_history WHERE valid_from > '2025-07-01'

-- rule: deliveries lie in the window
FROM orders WHERE delivered_at < '2025-03-03' OR delivered_at >= '2025-07-02'

-- rule: opens lie in the window
FROM app_opens WHERE opened_at < '2025-03-04' OR opened_at >= '2025-07-01'

-- rule: links lie in the window
FROM id_links WHERE linked_at < '2025-03-05' OR linked_at >= '2025-06-26'

-- rule: delivered boxes are numbered by time
SELECT order_id FROM orders WHERE delivered_at IS NOT NULL
QUALIFY delivered_at < lag(delivered_at) OVER (ORDER BY order_id)

-- rule: no time for a cancelled box
FROM orders WHERE (delivered_at IS NULL) <> (status = 'cancelled')

-- rule: no box before the account
FROM orders JOIN customers USING (customer_id) WHERE delivered_at < created_at

-- rule: no open before the account
FROM app_opens JOIN customers USING (customer_id) WHERE opened_at < created_at

-- rule: no box after the end
FROM orders o JOIN subscription_history h USING (customer_id)
WHERE h.status = 'cancelled' AND delivered_at >= valid_from + INTERVAL 1 DAY

-- rule: no regular box during a trial
FROM orders o JOIN subscription_history h USING (customer_id)
WHERE h.status = 'trial' AND box_type <> 'trial'
AND delivered_at::DATE BETWEEN valid_from AND valid_to

-- rule: at most one trial box
SELECT customer_id FROM orders WHERE box_type = 'trial' GROUP BY ALL HAVING count(*) > 1

-- rule: tests pay nothing, others do
FROM orders JOIN customers USING (customer_id) WHERE (amount_eur = 0) <> is_test OR amount_eur < 0

-- rule: time zones fit countries
FROM customers WHERE country <> CASE timezone WHEN 'Europe/London' THEN 'GB'
WHEN 'Europe/Berlin' THEN 'DE' WHEN 'Australia/Sydney' THEN 'AU' ELSE 'US' END

-- rule: boxes come at decent hours
FROM orders JOIN customers USING (customer_id)
WHERE hour((delivered_at AT TIME ZONE 'UTC') AT TIME ZONE timezone)
    NOT IN (7, 8, 9, 10, 17, 18, 19, 20, 21)
