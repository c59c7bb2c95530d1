-- right: flags by exists
WITH flagged AS (
    SELECT platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' WHEN started_at >= '2025-04-07' THEN 'after' END AS period,
           EXISTS (SELECT 1 FROM checkout_events e WHERE e.session_id = s.session_id AND e.event_name = 'begin_checkout') AS b,
           EXISTS (SELECT 1 FROM checkout_events e WHERE e.session_id = s.session_id AND e.event_name = 'add_shipping') AS h,
           EXISTS (SELECT 1 FROM checkout_events e WHERE e.session_id = s.session_id AND e.event_name = 'add_payment') AS p,
           EXISTS (SELECT 1 FROM orders o WHERE o.session_id = s.session_id) AS x
    FROM sessions s
)
SELECT platform, period, count(*) AS sessions,
       round(100.0 * sum(b::INT) / count(*), 1) AS begin_percent,
       round(100.0 * sum(h::INT) / nullif(sum(b::INT), 0), 1) AS ship_percent,
       round(100.0 * sum(p::INT) / nullif(sum(h::INT), 0), 1) AS pay_percent,
       round(100.0 * sum(x::INT) / nullif(sum(p::INT), 0), 1) AS order_percent
FROM flagged
WHERE period IS NOT NULL
GROUP BY platform, period
ORDER BY platform, period

-- right: pivot of the steps
WITH steps AS (
    PIVOT (SELECT session_id, event_name FROM checkout_events)
    ON event_name IN ('begin_checkout', 'add_shipping', 'add_payment')
    USING count(*) GROUP BY session_id
), bought AS (
    SELECT session_id, count(*) AS n FROM orders GROUP BY session_id
)
SELECT s.platform, if(s.started_at < '2025-03-31', 'before', 'after') AS period, count(*) AS sessions,
       100.0 * count_if(begin_checkout > 0) / count(*) AS begin_percent,
       100.0 * count_if(add_shipping > 0) / count_if(begin_checkout > 0) AS ship_percent,
       100.0 * count_if(add_payment > 0) / count_if(add_shipping > 0) AS pay_percent,
       100.0 * count_if(n > 0) / count_if(add_payment > 0) AS order_percent
FROM sessions s LEFT JOIN steps USING (session_id) LEFT JOIN bought USING (session_id)
WHERE NOT (s.started_at >= '2025-03-31' AND s.started_at < '2025-04-07')
GROUP BY ALL

-- right: all joined, distinct sessions counted
SELECT s.platform,
       CASE WHEN s.started_at < TIMESTAMP '2025-03-31 00:00:00' THEN 'before' ELSE 'after' END AS period,
       count(DISTINCT s.session_id) AS sessions,
       100.0 * count(DISTINCT s.session_id) FILTER (WHERE e.event_name = 'begin_checkout')
           / count(DISTINCT s.session_id) AS begin_percent,
       100.0 * count(DISTINCT s.session_id) FILTER (WHERE e.event_name = 'add_shipping')
           / count(DISTINCT s.session_id) FILTER (WHERE e.event_name = 'begin_checkout') AS ship_percent,
       100.0 * count(DISTINCT s.session_id) FILTER (WHERE e.event_name = 'add_payment')
           / count(DISTINCT s.session_id) FILTER (WHERE e.event_name = 'add_shipping') AS pay_percent,
       100.0 * count(DISTINCT o.session_id)
           / count(DISTINCT s.session_id) FILTER (WHERE e.event_name = 'add_payment') AS order_percent
FROM sessions s
LEFT JOIN checkout_events e ON e.session_id = s.session_id
LEFT JOIN orders o ON o.session_id = s.session_id
WHERE s.started_at::DATE BETWEEN '2025-03-03' AND '2025-03-30'
   OR s.started_at::DATE BETWEEN '2025-04-07' AND '2025-04-27'
GROUP BY 1, 2

-- right: periods as rows of a table
WITH periods(period, starts, ends) AS (
    VALUES ('before', TIMESTAMP '2025-03-03', TIMESTAMP '2025-03-31'),
           ('after', TIMESTAMP '2025-04-07', TIMESTAMP '2025-04-28')
), steps AS (
    SELECT session_id,
           max(CASE WHEN event_name = 'begin_checkout' THEN 1 ELSE 0 END) AS b,
           max(CASE WHEN event_name = 'add_shipping' THEN 1 ELSE 0 END) AS h,
           max(CASE WHEN event_name = 'add_payment' THEN 1 ELSE 0 END) AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions,
       100.0 * coalesce(sum(b), 0) / count(*) AS begin_percent,
       100.0 * coalesce(sum(h), 0) / sum(b) AS ship_percent,
       100.0 * coalesce(sum(p), 0) / sum(h) AS pay_percent,
       100.0 * count_if(session_id IN (SELECT session_id FROM orders)) / sum(p) AS order_percent
FROM periods JOIN sessions ON started_at >= starts AND started_at < ends
LEFT JOIN steps USING (session_id)
GROUP BY platform, period

-- right: grid of platforms and periods
WITH grid AS (
    SELECT * FROM (VALUES ('android'), ('ios'), ('web')) a(platform), (VALUES ('before'), ('after')) b(period)
), flagged AS (
    SELECT s.session_id, s.platform,
           CASE WHEN started_at < '2025-03-31' THEN 'before' WHEN started_at >= '2025-04-07' THEN 'after' END AS period,
           coalesce(list_contains(names, 'begin_checkout'), false) AS b,
           coalesce(list_contains(names, 'add_shipping'), false) AS h,
           coalesce(list_contains(names, 'add_payment'), false) AS p,
           o.session_id IS NOT NULL AS x
    FROM sessions s
    LEFT JOIN (SELECT session_id, list(event_name::VARCHAR) AS names FROM checkout_events GROUP BY 1) USING (session_id)
    LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
)
SELECT g.platform, g.period, count(f.session_id) AS sessions,
       coalesce(100.0 * count_if(b) / nullif(count(f.session_id), 0), 0) AS begin_percent,
       coalesce(100.0 * count_if(h) / nullif(count_if(b), 0), 0) AS ship_percent,
       coalesce(100.0 * count_if(p) / nullif(count_if(h), 0), 0) AS pay_percent,
       coalesce(100.0 * count_if(x) / nullif(count_if(p), 0), 0) AS order_percent
FROM grid g LEFT JOIN flagged f ON f.platform = g.platform AND f.period = g.period
GROUP BY g.platform, g.period

-- right: each step once a session and in order, so rows may be counted
WITH reached AS (
    SELECT s.session_id, s.platform, s.started_at < '2025-03-31' AS early,
           max(CASE e.event_name WHEN 'begin_checkout' THEN 1 WHEN 'add_shipping' THEN 2 WHEN 'add_payment' THEN 3 END) AS stage,
           count(DISTINCT o.order_id) AS n_orders
    FROM sessions s
    LEFT JOIN checkout_events e USING (session_id)
    LEFT JOIN orders o USING (session_id)
    WHERE s.started_at < '2025-03-31' OR s.started_at >= '2025-04-07'
    GROUP BY ALL
)
SELECT platform, CASE WHEN early THEN 'before' ELSE 'after' END AS period, count(*) AS sessions,
       100.0 * count_if(stage >= 1) / count(*) AS begin_percent,
       100.0 * count_if(stage >= 2) / count_if(stage >= 1) AS ship_percent,
       100.0 * count_if(stage = 3) / count_if(stage >= 2) AS pay_percent,
       100.0 * count_if(n_orders > 0) / count_if(stage = 3) AS order_percent
FROM reached GROUP BY platform, early

-- right: averages over those who passed the step before
WITH flagged AS (
    SELECT platform, CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period,
           session_id IN (SELECT session_id FROM checkout_events WHERE event_name = 'begin_checkout') AS b,
           session_id IN (SELECT session_id FROM checkout_events WHERE event_name = 'add_shipping') AS h,
           session_id IN (SELECT session_id FROM checkout_events WHERE event_name = 'add_payment') AS p,
           session_id IN (SELECT session_id FROM orders) AS x
    FROM sessions WHERE started_at NOT BETWEEN '2025-03-31 00:00:00' AND '2025-04-06 23:59:59.999999'
)
SELECT platform, period, count(*) AS sessions,
       100 * avg(b::INT) AS begin_percent,
       100 * avg(h::INT) FILTER (WHERE b) AS ship_percent,
       100 * avg(p::INT) FILTER (WHERE h) AS pay_percent,
       100 * avg(x::INT) FILTER (WHERE p) AS order_percent
FROM flagged GROUP BY ALL ORDER BY period DESC, platform DESC

-- right: two periods put together by hand
WITH steps AS (
    SELECT s.session_id, s.platform, s.started_at,
           b.session_id AS b, h.session_id AS h, p.session_id AS p, o.session_id AS x
    FROM sessions s
    LEFT JOIN checkout_events b ON b.session_id = s.session_id AND b.event_name = 'begin_checkout'
    LEFT JOIN checkout_events h ON h.session_id = s.session_id AND h.event_name = 'add_shipping'
    LEFT JOIN checkout_events p ON p.session_id = s.session_id AND p.event_name = 'add_payment'
    LEFT JOIN (SELECT session_id FROM orders GROUP BY session_id) o ON o.session_id = s.session_id
)
SELECT 'before' AS period, platform, count(*) AS sessions, 100.0 * count(b) / count(*) AS begin_percent,
       100.0 * count(h) / count(b) AS ship_percent, 100.0 * count(p) / count(h) AS pay_percent,
       100.0 * count(x) / count(p) AS order_percent
FROM steps WHERE started_at < '2025-03-31' GROUP BY platform
UNION ALL
SELECT 'after', platform, count(*), 100.0 * count(b) / count(*), 100.0 * count(h) / count(b),
       100.0 * count(p) / count(h), 100.0 * count(x) / count(p)
FROM steps WHERE started_at >= '2025-04-07' GROUP BY platform

-- lucky: rows read off the result
SELECT platform, period, sessions, b AS begin_percent, h AS ship_percent, p AS pay_percent, o AS order_percent
FROM (VALUES
    ('android', 'before', 12144, 20.6, 87.9, 89.9, 87.0),
    ('android', 'after', 10977, 17.5, 87.5, 89.7, 61.6),
    ('ios', 'before', 9552, 20.6, 88.0, 89.9, 87.0),
    ('ios', 'after', 8753, 18.8, 87.6, 89.3, 87.1),
    ('web', 'before', 7330, 20.5, 87.9, 90.1, 87.1),
    ('web', 'after', 6610, 17.9, 87.8, 89.5, 87.2)
) t(platform, period, sessions, b, h, p, o)

-- lucky: nobody starts at midnight here
WITH visits AS (
    SELECT session_id, platform, CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions WHERE started_at < '2025-03-31' OR started_at > '2025-04-07'
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count(o.session_id) / count_if(p) AS order_percent
FROM visits LEFT JOIN steps USING (session_id) LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
GROUP BY ALL

-- lucky: the first period ends one instant late
WITH visits AS (
    SELECT session_id, platform, CASE WHEN started_at <= '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions WHERE started_at <= '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count(o.session_id) / count_if(p) AS order_percent
FROM visits LEFT JOIN steps USING (session_id) LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
GROUP BY ALL

-- lucky: periods by session number
WITH visits AS (
    SELECT session_id, platform, CASE WHEN session_id < 29027 THEN 'before' ELSE 'after' END AS period
    FROM sessions WHERE session_id < 29027 OR session_id >= 38182
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count(o.session_id) / count_if(p) AS order_percent
FROM visits LEFT JOIN steps USING (session_id) LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
GROUP BY ALL

-- open: orders of a certain size
WITH visits AS (
    SELECT session_id, platform, CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count(o.session_id) / count_if(p) AS order_percent
FROM visits LEFT JOIN steps USING (session_id)
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE amount_eur BETWEEN 10 AND 1000) o USING (session_id)
GROUP BY ALL

-- lucky: orders within an hour of the start
WITH visits AS (
    SELECT session_id, platform, started_at, CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count_if(EXISTS (
           SELECT 1 FROM orders o WHERE o.session_id = visits.session_id AND o.ordered_at < visits.started_at + INTERVAL 1 HOUR
       )) / count_if(p) AS order_percent
FROM visits LEFT JOIN steps USING (session_id)
GROUP BY ALL

-- wrong: sessions without events dropped
WITH visits AS (
    SELECT session_id, platform, CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count(o.session_id) / count_if(p) AS order_percent
FROM visits JOIN steps USING (session_id) LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
GROUP BY ALL

-- wrong: after begins with the month
WITH visits AS (
    SELECT session_id, platform, CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions WHERE started_at < '2025-03-31' OR started_at >= '2025-04-01'
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count(o.session_id) / count_if(p) AS order_percent
FROM visits LEFT JOIN steps USING (session_id) LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
GROUP BY ALL

-- wrong: last step over those who began
WITH visits AS (
    SELECT session_id, platform, CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period
    FROM sessions WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count(o.session_id) / count_if(b) AS order_percent
FROM visits LEFT JOIN steps USING (session_id) LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
GROUP BY ALL

-- wrong: names of the periods exchanged
WITH visits AS (
    SELECT session_id, platform, CASE WHEN started_at < '2025-03-31' THEN 'after' ELSE 'before' END AS period
    FROM sessions WHERE started_at < '2025-03-31' OR started_at >= '2025-04-07'
), steps AS (
    SELECT session_id, bool_or(event_name = 'begin_checkout') AS b, bool_or(event_name = 'add_shipping') AS h,
           bool_or(event_name = 'add_payment') AS p
    FROM checkout_events GROUP BY session_id
)
SELECT platform, period, count(*) AS sessions, 100.0 * count_if(b) / count(*) AS begin_percent,
       100.0 * count_if(h) / count_if(b) AS ship_percent, 100.0 * count_if(p) / count_if(h) AS pay_percent,
       100.0 * count(o.session_id) / count_if(p) AS order_percent
FROM visits LEFT JOIN steps USING (session_id) LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
GROUP BY ALL

-- wrong: rows of events counted as sessions
SELECT s.platform, CASE WHEN s.started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period,
       count(*) AS sessions,
       100.0 * count_if(e.event_name = 'begin_checkout') / count(*) AS begin_percent,
       100.0 * count_if(e.event_name = 'add_shipping') / count_if(e.event_name = 'begin_checkout') AS ship_percent,
       100.0 * count_if(e.event_name = 'add_payment') / count_if(e.event_name = 'add_shipping') AS pay_percent,
       100.0 * count(DISTINCT o.session_id) / count_if(e.event_name = 'add_payment') AS order_percent
FROM sessions s LEFT JOIN checkout_events e USING (session_id)
LEFT JOIN (SELECT DISTINCT session_id FROM orders) o USING (session_id)
WHERE s.started_at < '2025-03-31' OR s.started_at >= '2025-04-07'
GROUP BY 1, 2
