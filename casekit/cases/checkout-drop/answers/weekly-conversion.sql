-- reference
-- say: Sessions own the denominator, so they stand on the left and keep every row. Paid orders are
--   first reduced to one row per session; only then is the join safe to count.
WITH paid AS (
    SELECT DISTINCT session_id FROM orders WHERE status = 'paid'
)
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN paid p USING (session_id)
GROUP BY 1
ORDER BY 1

-- trap: fan-out
-- tag: fanout
-- say: Some sessions hold two orders, and your join turned each of them into two rows. They now
--   count twice, as visits and as buyers. Reduce orders to one row per session before you join.
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(o.order_id) AS converting,
       100.0 * count(o.order_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN orders o ON o.session_id = s.session_id AND o.status = 'paid'
GROUP BY 1

-- trap: orders-counted
-- tag: fanout
-- say: Your sessions are right, but the numerator counts orders. A customer who ordered twice in one
--   visit converted once. Count sessions on both sides of the ratio.
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(DISTINCT s.session_id) AS sessions,
       count(o.order_id) AS converting,
       100.0 * count(o.order_id) / count(DISTINCT s.session_id) AS conv_percent
FROM sessions s
LEFT JOIN orders o ON o.session_id = s.session_id AND o.status = 'paid'
GROUP BY 1

-- trap: where-after-left-join
-- tag: outer_to_inner
-- say: Every week converts completely, which no shop does. Only sessions with an order are left: an
--   inner join drops the others, and so does a WHERE on orders after a LEFT JOIN. Filter orders first, then
--   let every session stay.
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(DISTINCT s.session_id) AS sessions,
       count(DISTINCT o.session_id) AS converting,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS conv_percent
FROM sessions s
LEFT JOIN orders o USING (session_id)
WHERE o.status = 'paid'
GROUP BY 1

-- trap: purchase-events
-- tag: wrong_source
-- say: You counted the app's purchase events. They also fire for orders that were cancelled later, and
--   one week looks worse here than it does in orders. Use the server's orders as the record.
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(DISTINCT s.session_id) AS sessions,
       count(DISTINCT e.session_id) AS converting,
       100.0 * count(DISTINCT e.session_id) / count(DISTINCT s.session_id) AS conv_percent
FROM sessions s
LEFT JOIN checkout_events e ON e.session_id = s.session_id AND e.event_name = 'purchase'
GROUP BY 1

-- trap: any-order
-- tag: wrong_numerator
-- say: Cancelled orders are in your numerator. Marrowby reports paid conversion, so this would not tie
--   to the board's number in any week. Keep only orders whose status is paid.
WITH bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(b.session_id) AS converting,
       100.0 * count(b.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN bought b USING (session_id)
GROUP BY 1

-- trap: share-not-percent
-- tag: unit_scale
-- say: The counts are right; the rate is a share between 0 and 1, and percent was asked for. A reader
--   who takes it at its column name is off by a factor of a hundred.
WITH paid AS (
    SELECT DISTINCT session_id FROM orders WHERE status = 'paid'
)
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN paid p USING (session_id)
GROUP BY 1

-- trap: people-not-sessions
-- tag: wrong_denominator
-- say: You divided buyers by people. Someone who visits three times in a week is one person but three
--   sessions, so this rate is higher and answers another question. The KPI is per session.
WITH paid AS (
    SELECT DISTINCT session_id FROM orders WHERE status = 'paid'
)
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(DISTINCT s.user_id) AS sessions,
       count(DISTINCT s.user_id) FILTER (WHERE p.session_id IS NOT NULL) AS converting,
       100.0 * count(DISTINCT s.user_id) FILTER (WHERE p.session_id IS NOT NULL)
           / count(DISTINCT s.user_id) AS conv_percent
FROM sessions s
LEFT JOIN paid p USING (session_id)
GROUP BY 1

-- trap: sunday-weeks
-- tag: wrong_clock
-- say: Your weeks start on Sunday. That puts Sunday, 30 March, into the same week as the change that
--   began on Monday, and cuts the window into nine pieces. Weeks here start on Monday.
WITH paid AS (
    SELECT DISTINCT session_id FROM orders WHERE status = 'paid'
)
SELECT (date_trunc('week', s.started_at + INTERVAL 1 DAY) - INTERVAL 1 DAY)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN paid p USING (session_id)
GROUP BY 1

-- trap: fan-out-any-order
-- tag: fanout
-- say: Two mistakes meet here. Some sessions hold two orders and count twice after your join, and cancelled
--   orders count as conversions. Reduce paid orders to one row per session before you join.
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(o.order_id) AS converting,
       100.0 * count(o.order_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN orders o USING (session_id)
GROUP BY 1
