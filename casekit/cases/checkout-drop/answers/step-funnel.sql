-- reference
-- say: One row per session with a flag for each step, then each step divided by the one before it. A
--   step that lost nobody stays level, whoever came to the shop. So the step that moved stands alone.
WITH visits AS (
    SELECT session_id, platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions
    WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id,
           bool_or(event_name = 'begin_checkout') AS began,
           bool_or(event_name = 'add_shipping') AS shipped,
           bool_or(event_name = 'add_payment') AS paid
    FROM checkout_events
    GROUP BY session_id
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT platform, period, count(*) AS sessions,
       100.0 * count_if(began) / count(*) AS begin_percent,
       100.0 * count_if(shipped) / count_if(began) AS ship_percent,
       100.0 * count_if(paid) / count_if(shipped) AS pay_percent,
       100.0 * count(b.session_id) / count_if(paid) AS order_percent
FROM visits
LEFT JOIN steps USING (session_id)
LEFT JOIN bought b USING (session_id)
GROUP BY ALL
ORDER BY platform, period DESC

-- trap: reach-not-steps
-- tag: wrong_denominator
-- say: You divided every step by all sessions. That is reach: once fewer people start, every later
--   column falls with the first, and no step can be cleared or blamed. Divide each step by the one
--   before it.
WITH visits AS (
    SELECT session_id, platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions
    WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id,
           bool_or(event_name = 'begin_checkout') AS began,
           bool_or(event_name = 'add_shipping') AS shipped,
           bool_or(event_name = 'add_payment') AS paid
    FROM checkout_events
    GROUP BY session_id
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT platform, period, count(*) AS sessions,
       100.0 * count_if(began) / count(*) AS begin_percent,
       100.0 * count_if(shipped) / count(*) AS ship_percent,
       100.0 * count_if(paid) / count(*) AS pay_percent,
       100.0 * count(b.session_id) / count(*) AS order_percent
FROM visits
LEFT JOIN steps USING (session_id)
LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: rollout-week-kept
-- tag: self_baseline
-- say: Your after period begins on 31 March. In that week old and new versions ran side by side, so it
--   belongs to neither period and dilutes the change you are looking for. Start after at 7 April.
WITH visits AS (
    SELECT session_id, platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions
), steps AS (
    SELECT session_id,
           bool_or(event_name = 'begin_checkout') AS began,
           bool_or(event_name = 'add_shipping') AS shipped,
           bool_or(event_name = 'add_payment') AS paid
    FROM checkout_events
    GROUP BY session_id
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT platform, period, count(*) AS sessions,
       100.0 * count_if(began) / count(*) AS begin_percent,
       100.0 * count_if(shipped) / count_if(began) AS ship_percent,
       100.0 * count_if(paid) / count_if(shipped) AS pay_percent,
       100.0 * count(b.session_id) / count_if(paid) AS order_percent
FROM visits
LEFT JOIN steps USING (session_id)
LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: purchase-event-last
-- tag: wrong_source
-- say: Your last step counts purchase events, and they carry the tracking gap you found before. One
--   platform now looks broken at payment although its orders came in. Take the last step from orders.
WITH visits AS (
    SELECT session_id, platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions
    WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id,
           bool_or(event_name = 'begin_checkout') AS began,
           bool_or(event_name = 'add_shipping') AS shipped,
           bool_or(event_name = 'add_payment') AS paid,
           bool_or(event_name = 'purchase') AS purchased
    FROM checkout_events
    GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions,
       100.0 * count_if(began) / count(*) AS begin_percent,
       100.0 * count_if(shipped) / count_if(began) AS ship_percent,
       100.0 * count_if(paid) / count_if(shipped) AS pay_percent,
       100.0 * count_if(purchased) / count_if(paid) AS order_percent
FROM visits
LEFT JOIN steps USING (session_id)
GROUP BY ALL

-- trap: cart-denominator
-- tag: wrong_denominator
-- say: Your first rate divides by sessions that opened the cart. That skips the people who never got so
--   far, and with them the change in who arrives. The first step is measured from all sessions.
WITH visits AS (
    SELECT session_id, platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions
    WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id,
           bool_or(event_name = 'view_cart') AS viewed,
           bool_or(event_name = 'begin_checkout') AS began,
           bool_or(event_name = 'add_shipping') AS shipped,
           bool_or(event_name = 'add_payment') AS paid
    FROM checkout_events
    GROUP BY session_id
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT platform, period, count(*) AS sessions,
       100.0 * count_if(began) / count_if(viewed) AS begin_percent,
       100.0 * count_if(shipped) / count_if(began) AS ship_percent,
       100.0 * count_if(paid) / count_if(shipped) AS pay_percent,
       100.0 * count(b.session_id) / count_if(paid) AS order_percent
FROM visits
LEFT JOIN steps USING (session_id)
LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: paid-orders-only
-- tag: wrong_numerator
-- say: You kept paid orders only. A cancellation happens after checkout and says nothing about it, so
--   from here on any order placed counts as success. The last step looks worse than it is.
WITH visits AS (
    SELECT session_id, platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions
    WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id,
           bool_or(event_name = 'begin_checkout') AS began,
           bool_or(event_name = 'add_shipping') AS shipped,
           bool_or(event_name = 'add_payment') AS paid
    FROM checkout_events
    GROUP BY session_id
), bought AS (
    SELECT DISTINCT session_id FROM orders WHERE status = 'paid'
)
SELECT platform, period, count(*) AS sessions,
       100.0 * count_if(began) / count(*) AS begin_percent,
       100.0 * count_if(shipped) / count_if(began) AS ship_percent,
       100.0 * count_if(paid) / count_if(shipped) AS pay_percent,
       100.0 * count(b.session_id) / count_if(paid) AS order_percent
FROM visits
LEFT JOIN steps USING (session_id)
LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: orders-fan-out
-- tag: fanout
-- say: Orders joined to sessions without reducing them first. A visit with two orders is now two
--   visits, at every step. One row per session on both sides, then join.
WITH visits AS (
    SELECT session_id, platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions
    WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id,
           bool_or(event_name = 'begin_checkout') AS began,
           bool_or(event_name = 'add_shipping') AS shipped,
           bool_or(event_name = 'add_payment') AS paid
    FROM checkout_events
    GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions,
       100.0 * count_if(began) / count(*) AS begin_percent,
       100.0 * count_if(shipped) / count_if(began) AS ship_percent,
       100.0 * count_if(paid) / count_if(shipped) AS pay_percent,
       100.0 * count(o.session_id) / count_if(paid) AS order_percent
FROM visits
LEFT JOIN steps USING (session_id)
LEFT JOIN orders o USING (session_id)
GROUP BY ALL
