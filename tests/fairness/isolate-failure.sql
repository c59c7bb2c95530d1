-- right: counts of distinct sessions
SELECT s.app_version, e.payment_method,
       count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s
JOIN checkout_events e ON e.session_id = s.session_id AND e.event_name = 'add_payment'
LEFT JOIN orders o ON o.session_id = s.session_id
WHERE s.platform = 'android' AND s.started_at::DATE >= '2025-04-01'
GROUP BY s.app_version, e.payment_method
ORDER BY success_percent

-- right: average of exists
SELECT app_version, payment_method, count(*) AS payment_attempts,
       round(100 * avg(CASE WHEN EXISTS (FROM orders o WHERE o.session_id = s.session_id) THEN 1.0 ELSE 0.0 END), 1)
           AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id)
WHERE event_name = 'add_payment' AND platform NOT IN ('ios', 'web')
  AND started_at BETWEEN '2025-04-01' AND '2025-04-27 23:59:59.999999'
GROUP BY 1, 2

-- right: month of the start
SELECT e.payment_method AS PAYMENT_METHOD, s.app_version AS APP_VERSION,
       sum(1)::INTEGER AS payment_attempts, sum(CASE WHEN x.session_id IS NULL THEN 0 ELSE 1 END) AS successes,
       sum(CASE WHEN x.session_id IS NULL THEN 0 ELSE 1 END) * 100.0 / sum(1) AS success_percent
FROM checkout_events e
INNER JOIN sessions s ON e.session_id = s.session_id
LEFT JOIN (SELECT session_id FROM orders GROUP BY session_id) x ON x.session_id = e.session_id
WHERE e.event_name = 'add_payment' AND s.platform = 'android' AND month(s.started_at) = 4
GROUP BY e.payment_method, s.app_version

-- right: month as text, failures taken off
WITH attempts AS (
    SELECT s.session_id, s.app_version, e.payment_method,
           s.session_id NOT IN (SELECT session_id FROM orders) AS failed
    FROM sessions s NATURAL JOIN checkout_events e
    WHERE e.event_name = 'add_payment' AND s.platform = 'android' AND strftime(s.started_at, '%Y-%m') = '2025-04'
)
SELECT app_version, payment_method, count(*) AS payment_attempts,
       100 - 100.0 * count_if(failed) / count(*) AS success_percent
FROM attempts GROUP BY ALL ORDER BY ALL

-- right: by rule an attempt without an order has an error
SELECT s.app_version, a.payment_method, count(*) AS payment_attempts,
       100.0 * count_if(NOT EXISTS (
           SELECT 1 FROM checkout_events f WHERE f.session_id = a.session_id AND f.event_name = 'payment_error'
       )) / count(*) AS success_percent
FROM checkout_events a JOIN sessions s USING (session_id)
WHERE a.event_name = 'add_payment' AND s.platform = 'android' AND s.started_at >= '2025-04-01'
GROUP BY ALL

-- right: by rule the app loses no purchase event
WITH attempts AS (
    SELECT session_id, any_value(payment_method) FILTER (WHERE event_name = 'add_payment') AS payment_method,
           bool_or(event_name = 'purchase') AS bought
    FROM checkout_events GROUP BY session_id HAVING bool_or(event_name = 'add_payment')
)
SELECT app_version, payment_method, count(*) AS payment_attempts, 100.0 * count_if(bought) / count(*) AS success_percent
FROM attempts JOIN sessions USING (session_id)
WHERE platform = 'android' AND started_at >= TIMESTAMP '2025-04-01 00:00:00' AND started_at < TIMESTAMP '2025-04-28 00:00:00'
GROUP BY ALL

-- right: a session uses one method only
WITH paying AS (
    SELECT session_id, max(payment_method) AS payment_method
    FROM checkout_events WHERE payment_method IS NOT NULL GROUP BY session_id
)
SELECT s.app_version, p.payment_method, count(*) AS payment_attempts,
       100.0 * count(o.session_id) / count(*) AS success_percent
FROM paying p JOIN sessions s USING (session_id) LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01'
GROUP BY ALL

-- right: method of the payment or of its error
SELECT s.app_version, e.payment_method,
       count(DISTINCT e.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT e.session_id) AS success_percent
FROM checkout_events e
JOIN sessions s USING (session_id)
LEFT JOIN orders o USING (session_id)
WHERE e.event_name IN ('add_payment', 'payment_error', 'purchase') AND s.platform = 'android' AND s.started_at >= '2025-04-01'
GROUP BY ALL

-- right: grid of versions and methods that occur
WITH attempts AS (
    SELECT s.session_id, s.app_version, e.payment_method, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e ON s.session_id = e.session_id
    WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
), grid AS (
    SELECT * FROM (SELECT DISTINCT app_version FROM attempts), (SELECT DISTINCT payment_method FROM attempts)
)
SELECT app_version, payment_method, count(session_id) AS payment_attempts,
       100.0 * count_if(ok) / nullif(count(session_id), 0) AS success_percent
FROM grid LEFT JOIN attempts USING (app_version, payment_method)
GROUP BY ALL

-- right: windows, one row kept
SELECT app_version, payment_method, n AS payment_attempts, 100.0 * k / n AS success_percent
FROM (
    SELECT s.app_version, e.payment_method,
           count(*) OVER cell AS n, count(o.session_id) OVER cell AS k,
           row_number() OVER (PARTITION BY s.app_version, e.payment_method ORDER BY s.session_id) AS place
    FROM sessions s
    JOIN checkout_events e USING (session_id)
    LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
    WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
    WINDOW cell AS (PARTITION BY s.app_version, e.payment_method)
)
WHERE place = 1

-- right: rollup with its totals dropped
SELECT s.app_version, e.payment_method, count(*) AS payment_attempts,
       100.0 * count(o.n) / count(*) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id)
LEFT JOIN (SELECT session_id, count(*) AS n FROM orders GROUP BY 1) o USING (session_id)
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ROLLUP (s.app_version, e.payment_method)
HAVING grouping(s.app_version, e.payment_method) = 0

-- right: orders since April too
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s
JOIN checkout_events e USING (session_id)
LEFT JOIN orders o ON o.session_id = s.session_id AND o.ordered_at >= '2025-04-01'
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ALL

-- lucky: rows read off the result
SELECT * FROM (VALUES
    ('5.0.3', 'card', 88, 84.1), ('5.0.3', 'invoice', 14, 85.7), ('5.0.3', 'paypal', 37, 89.2),
    ('5.1.1', 'card', 172, 86.0), ('5.1.1', 'invoice', 26, 84.6), ('5.1.1', 'paypal', 86, 91.9),
    ('5.2.0', 'card', 976, 41.9), ('5.2.0', 'invoice', 148, 82.4), ('5.2.0', 'paypal', 447, 89.9)
) t(app_version, payment_method, payment_attempts, success_percent)

-- lucky: nobody starts at that midnight here
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND s.started_at > '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ALL

-- lucky: by session number
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND s.session_id >= 30293 AND e.event_name = 'add_payment'
GROUP BY ALL

-- lucky: by the clock of the payment
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND e.event_at >= '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ALL

-- open: cells of ten and more
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ALL HAVING count(*) >= 10

-- lucky: orders above ten euros
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id)
LEFT JOIN orders o ON o.session_id = s.session_id AND o.amount_eur > 10
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ALL

-- lucky: versions and users of this data by number
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
  AND s.app_version IN ('5.0.3', '5.1.1', '5.2.0') AND s.user_id < 1000000
GROUP BY ALL

-- wrong: since the campaign
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND s.started_at >= '2025-03-31' AND e.event_name = 'add_payment'
GROUP BY ALL

-- wrong: successes only
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ALL

-- wrong: share of errors
SELECT s.app_version, e.payment_method, count(DISTINCT s.session_id) AS payment_attempts,
       100.0 - 100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ALL

-- wrong: people instead of sessions
SELECT s.app_version, e.payment_method, count(DISTINCT s.user_id) AS payment_attempts,
       100.0 * count(DISTINCT o.user_id) / count(DISTINCT s.user_id) AS success_percent
FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01' AND e.event_name = 'add_payment'
GROUP BY ALL
