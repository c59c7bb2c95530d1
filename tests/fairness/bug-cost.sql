-- right: one select
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- right: averages, rounded to whole orders
WITH attempts AS (
    SELECT s.app_version = '5.2.0' AS is_new, avg(CASE WHEN o.session_id IS NULL THEN 0 ELSE 1 END) AS rate, count(*) AS n
    FROM sessions s
    JOIN checkout_events e ON e.session_id = s.session_id AND e.event_name = 'add_payment' AND e.payment_method = 'card'
    LEFT JOIN (SELECT DISTINCT session_id FROM orders) o ON o.session_id = s.session_id
    WHERE s.platform = 'android' GROUP BY 1
)
SELECT round((old.rate - new.rate) * new.n, 2) AS lost_orders,
       round((old.rate - new.rate) * new.n * (SELECT avg(amount_eur) FROM orders WHERE status <> 'cancelled'), 2) AS lost_eur
FROM attempts old, attempts new WHERE NOT old.is_new AND new.is_new

-- right: sum over count as the price
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
), split AS (
    SELECT sum(CASE WHEN app_version = '5.2.0' THEN 1 ELSE 0 END) AS n_new,
           sum(CASE WHEN app_version = '5.2.0' AND ok THEN 1 ELSE 0 END) AS k_new,
           sum(CASE WHEN app_version = '5.2.0' THEN 0 ELSE 1 END) AS n_old,
           sum(CASE WHEN app_version <> '5.2.0' AND ok THEN 1 ELSE 0 END) AS k_old
    FROM attempts
), price AS (SELECT sum(amount_eur) / count(*) AS eur FROM orders WHERE status IN ('paid'))
SELECT n_new * k_old / n_old - k_new AS lost_orders, (n_new * k_old / n_old - k_new) * eur AS lost_eur
FROM split CROSS JOIN price

-- right: distinct sessions per version in joins
WITH by_version AS (
    SELECT s.app_version, count(DISTINCT s.session_id) AS n, count(DISTINCT o.session_id) AS k
    FROM checkout_events e JOIN sessions s USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND e.payment_method = 'card' AND s.platform = 'android'
    GROUP BY s.app_version
), lost AS (
    SELECT sum(n) FILTER (WHERE app_version = '5.2.0')
           * sum(k) FILTER (WHERE app_version <> '5.2.0') / sum(n) FILTER (WHERE app_version <> '5.2.0')
           - sum(k) FILTER (WHERE app_version = '5.2.0') AS orders
    FROM by_version
)
SELECT orders * (SELECT mean(amount_eur) FROM orders WHERE status = 'paid') AS Lost_EUR, orders AS Lost_Orders,
       (SELECT mean(amount_eur) FROM orders WHERE status = 'paid') AS price
FROM lost

-- right: by rule an attempt without an order has an error
WITH attempts AS (
    SELECT e.session_id, any_value(s.app_version) = '5.2.0' AS is_new, NOT bool_or(event_name = 'payment_error') AS ok
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE platform = 'android' GROUP BY e.session_id
    HAVING bool_or(event_name = 'add_payment' AND payment_method = 'card')
), counted AS (
    SELECT count_if(is_new) * count_if(ok AND NOT is_new) / count_if(NOT is_new) - count_if(ok AND is_new) AS lost FROM attempts
)
SELECT lost AS lost_orders, lost * avg(amount_eur) AS lost_eur
FROM counted, orders WHERE status = 'paid' GROUP BY lost

-- right: failures beyond the usual
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
), rates AS (
    SELECT count_if(NOT ok) FILTER (WHERE app_version = '5.2.0') AS failed,
           count(*) FILTER (WHERE app_version = '5.2.0') AS n,
           avg((NOT ok)::INT) FILTER (WHERE app_version <> '5.2.0') AS usual
    FROM attempts
)
SELECT failed - n * usual AS lost_orders,
       (failed - n * usual) * (SELECT sum(amount_eur) / count(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM rates

-- right: window of the ask stated
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders WHERE ordered_at < '2025-04-28') AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
      AND s.started_at >= '2025-03-03' AND s.started_at < '2025-04-28'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- right: cents as floats
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur::DOUBLE) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- right: new and old added up by union
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
), both_sides AS (
    SELECT 'new' AS side, count(*) AS n, count_if(ok) AS k FROM attempts WHERE app_version = '5.2.0'
    UNION ALL
    SELECT 'old', count(*), count_if(ok) FROM attempts WHERE app_version != '5.2.0'
), wide AS (
    SELECT max(n) FILTER (side = 'new') AS nn, max(k) FILTER (side = 'new') AS nk,
           max(n) FILTER (side = 'old') AS o_n, max(k) FILTER (side = 'old') AS ok
    FROM both_sides
)
SELECT nn * (ok / o_n) - nk AS lost_orders,
       (nn * (ok / o_n) - nk) * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM wide

-- right: lateral and list aggregate
WITH attempts AS (
    SELECT s.app_version, x.n > 0 AS ok
    FROM sessions s, checkout_events e, LATERAL (SELECT count(*) AS n FROM orders o WHERE o.session_id = s.session_id) x
    WHERE e.session_id = s.session_id AND s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT list_avg(list(amount_eur)) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- lucky: read off the result
SELECT 430 AS lost_orders, 25543 AS lost_eur

-- lucky: read off, from a table
SELECT 429.9 AS lost_orders, 429.9 * avg(amount_eur) AS lost_eur FROM orders WHERE status = 'paid'

-- lucky: mean of all orders
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders) AS lost_eur
FROM attempts

-- open: mean of Android orders
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders JOIN sessions USING (session_id) WHERE status = 'paid' AND platform = 'android') AS lost_eur
FROM attempts

-- lucky: mean of paid orders before April
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid' AND ordered_at < '2025-04-01') AS lost_eur
FROM attempts

-- lucky: norm of one older version
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version = '5.1.1') / count_if(app_version = '5.1.1'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version = '5.1.1') / count_if(app_version = '5.1.1'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- open: orders above ten euros
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders WHERE amount_eur > 10) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- wrong: paypal too
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- wrong: every platform
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version NOT IN ('5.2.0', '5.0.3')) / count_if(app_version NOT IN ('5.2.0', '5.0.3')))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version NOT IN ('5.2.0', '5.0.3')) / count_if(app_version NOT IN ('5.2.0', '5.0.3')))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- wrong: expected without actual
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0')) AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0')))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- wrong: price of all orders summed
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT sum(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts

-- wrong: paid successes only
WITH attempts AS (
    SELECT s.session_id, s.app_version, s.session_id IN (SELECT session_id FROM orders WHERE status = 'paid') AS ok
    FROM sessions s JOIN checkout_events e USING (session_id)
    WHERE s.platform = 'android' AND e.event_name = 'add_payment' AND e.payment_method = 'card'
)
SELECT count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0') AS lost_orders,
       (count_if(app_version = '5.2.0') * (count_if(ok AND app_version <> '5.2.0') / count_if(app_version <> '5.2.0'))
           - count_if(ok AND app_version = '5.2.0'))
           * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid') AS lost_eur
FROM attempts
