-- right: exists in count_if
SELECT date_trunc('week', started_at)::DATE AS week,
       count(*) AS sessions,
       count_if(EXISTS (SELECT 1 FROM orders o WHERE o.session_id = s.session_id AND o.status = 'paid')) AS converting,
       100.0 * count_if(EXISTS (SELECT 1 FROM orders o WHERE o.session_id = s.session_id AND o.status = 'paid'))
           / count(*) AS conv_percent
FROM sessions s
GROUP BY ALL
ORDER BY week

-- right: calendar of weeks with empty ones at zero
WITH weeks AS (
    SELECT unnest(generate_series(DATE '2025-03-03', DATE '2025-04-21', INTERVAL 7 DAY))::DATE AS week
), paid AS (
    SELECT DISTINCT session_id FROM orders WHERE status = 'paid'
), counted AS (
    SELECT date_trunc('week', started_at)::DATE AS week, count(*) AS n, count(paid.session_id) AS k
    FROM sessions LEFT JOIN paid USING (session_id)
    GROUP BY 1
)
SELECT week, coalesce(n, 0) AS sessions, coalesce(k, 0) AS converting,
       coalesce(round(100.0 * k / nullif(n, 0), 2), 0) AS conv_percent
FROM weeks LEFT JOIN counted USING (week)
ORDER BY week

-- right: average of an IN test, rounded
SELECT date_trunc('week', started_at) AS week,
       count(*) AS sessions,
       sum(CASE WHEN session_id IN (SELECT session_id FROM orders WHERE status = 'paid') THEN 1 ELSE 0 END) AS converting,
       round(100 * avg(CASE WHEN session_id IN (SELECT session_id FROM orders WHERE status = 'paid')
                            THEN 1 ELSE 0 END), 2) AS conv_percent
FROM sessions
GROUP BY 1

-- right: join and count distinct, columns in another order and case
SELECT count(DISTINCT o.session_id) * 100.0 / count(DISTINCT s.session_id) AS CONV_PERCENT,
       count(DISTINCT o.session_id) AS Converting,
       count(DISTINCT s.session_id) AS Sessions,
       date_trunc('week', s.started_at)::DATE AS Week,
       min(s.started_at) AS first_start
FROM sessions AS s
LEFT OUTER JOIN orders AS o ON s.session_id = o.session_id AND NOT o.status = 'cancelled'
GROUP BY date_trunc('week', s.started_at)::DATE
ORDER BY 4 DESC

-- right: joined on session and user, as the rules have it
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(DISTINCT s.session_id) AS sessions,
       count(DISTINCT CASE WHEN o.status = 'paid' THEN s.session_id END) AS converting,
       100.0 * count(DISTINCT CASE WHEN o.status = 'paid' THEN s.session_id END)
           / count(DISTINCT s.session_id) AS conv_percent
FROM sessions s
LEFT JOIN orders o ON o.session_id = s.session_id AND o.user_id = s.user_id
GROUP BY 1

-- right: monday by subtraction, semi join
WITH weekly AS (
    SELECT started_at::DATE - (isodow(started_at) - 1)::INTEGER AS week, count(*) AS sessions
    FROM sessions GROUP BY ALL
), bought AS (
    SELECT s.started_at::DATE - (isodow(s.started_at) - 1)::INTEGER AS week, count(*) AS converting
    FROM sessions s SEMI JOIN (FROM orders WHERE status = 'paid') p ON p.session_id = s.session_id
    GROUP BY ALL
)
SELECT week, sessions, coalesce(converting, 0) AS converting,
       coalesce(converting, 0) * 100.0 / sessions AS conv_percent
FROM weekly LEFT JOIN bought USING (week)

-- right: windows and distinct
SELECT DISTINCT week,
       count(*) OVER w AS sessions,
       count_if(is_paid) OVER w AS converting,
       100.0 * count_if(is_paid) OVER w / count(*) OVER w AS conv_percent
FROM (
    SELECT s.session_id, date_trunc('week', any_value(s.started_at))::DATE AS week,
           coalesce(bool_or(o.status = 'paid'), false) AS is_paid
    FROM sessions s LEFT JOIN orders o USING (session_id)
    GROUP BY s.session_id
)
WINDOW w AS (PARTITION BY week)

-- right: weeks written by hand
WITH weeks(week) AS (
    VALUES (DATE '2025-03-03'), (DATE '2025-03-10'), (DATE '2025-03-17'), (DATE '2025-03-24'),
           (DATE '2025-03-31'), (DATE '2025-04-07'), (DATE '2025-04-14'), (DATE '2025-04-21')
), paid AS (
    SELECT session_id FROM orders WHERE status = 'paid' GROUP BY session_id
)
SELECT w.week, count(s.session_id) AS sessions, count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(s.session_id) AS conv_percent
FROM weeks w
JOIN sessions s ON s.started_at >= w.week AND s.started_at < w.week + INTERVAL 7 DAY
LEFT JOIN paid p ON p.session_id = s.session_id
GROUP BY w.week
ORDER BY w.week

-- right: lateral count, buckets of time
SELECT time_bucket(INTERVAL 7 DAY, s.started_at, TIMESTAMP '2025-03-03')::DATE AS week,
       count(*) AS sessions,
       count(*) FILTER (WHERE paid.n > 0) AS converting,
       100.0 * count(*) FILTER (WHERE paid.n > 0) / count(*) AS conv_percent
FROM sessions s, LATERAL (
    SELECT count(*) AS n FROM orders o WHERE o.session_id = s.session_id AND o.status = 'paid'
) paid
GROUP BY 1

-- right: window of the ask stated, best status of the session
WITH best AS (
    SELECT session_id, max(status) AS best_status FROM orders GROUP BY session_id
)
SELECT CAST(date_trunc('week', s.started_at) AS DATE) AS week,
       count(*) AS sessions,
       sum(CASE WHEN best_status = 'paid' THEN 1 ELSE 0 END)::INTEGER AS converting,
       sum(CASE WHEN best_status = 'paid' THEN 1 ELSE 0 END) * 100.0 / count(*) AS conv_percent
FROM sessions s
LEFT JOIN best ON best.session_id = s.session_id
WHERE s.started_at::DATE BETWEEN '2025-03-03' AND '2025-04-27'
GROUP BY 1
ORDER BY 1

-- right: orders only from the session's start on
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(DISTINCT s.session_id) AS sessions,
       count(DISTINCT o.session_id) AS converting,
       round(100.0 * count(DISTINCT o.session_id) / nullif(count(DISTINCT s.session_id), 0), 2) AS conv_percent
FROM sessions s
LEFT JOIN orders o ON o.session_id = s.session_id AND o.status = 'paid' AND o.ordered_at >= s.started_at
GROUP BY 1

-- right: end of the last day to the second
SELECT date_trunc('week', started_at)::DATE AS week,
       count(*) AS sessions,
       count(*) - count_if(session_id NOT IN (SELECT session_id FROM orders WHERE status = 'paid')) AS converting,
       100 - 100.0 * count_if(session_id NOT IN (SELECT session_id FROM orders WHERE status = 'paid')) / count(*)
           AS conv_percent
FROM sessions
WHERE started_at BETWEEN '2025-03-03 00:00:00' AND '2025-04-27 23:59:59'
GROUP BY 1

-- lucky: rows read off the result
SELECT * FROM (VALUES
    (DATE '2025-03-03', 7307, 959, 13.12), (DATE '2025-03-10', 7178, 977, 13.61),
    (DATE '2025-03-17', 7269, 957, 13.17), (DATE '2025-03-24', 7272, 1032, 14.19),
    (DATE '2025-03-31', 9155, 1028, 11.23), (DATE '2025-04-07', 9143, 925, 10.12),
    (DATE '2025-04-14', 8335, 860, 10.32), (DATE '2025-04-21', 8862, 943, 10.64)
) AS t(week, sessions, converting, conv_percent)

-- lucky: no order is that small here
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid' AND amount_eur > 10) p USING (session_id)
GROUP BY 1

-- lucky: every order comes within a day here
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(DISTINCT s.session_id) AS sessions,
       count(DISTINCT o.session_id) AS converting,
       100.0 * count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS conv_percent
FROM sessions s
LEFT JOIN orders o ON o.session_id = s.session_id AND o.status = 'paid'
    AND o.ordered_at < s.started_at + INTERVAL 1 DAY
GROUP BY 1

-- lucky: the last session number of this data
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
WHERE s.session_id BETWEEN 1 AND 64521
GROUP BY 1

-- open: only weeks with many sessions
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
GROUP BY 1
HAVING count(*) > 5000

-- lucky: nobody starts at the first midnight here
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
WHERE s.started_at > '2025-03-03'
GROUP BY 1

-- lucky: by the clock of the machine
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
WHERE s.started_at < now()
GROUP BY 1

-- lucky: a sample of everything
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
WHERE random() < 2
GROUP BY 1

-- wrong: cancelled instead of paid
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'cancelled') p USING (session_id)
GROUP BY 1

-- wrong: week of the order
SELECT date_trunc('week', coalesce(p.ordered_at, s.started_at))::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT session_id, min(ordered_at) AS ordered_at FROM orders WHERE status = 'paid' GROUP BY 1) p
    USING (session_id)
GROUP BY 1

-- wrong: only sessions that reached the cart
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
WHERE s.session_id IN (SELECT session_id FROM checkout_events)
GROUP BY 1

-- wrong: status of the first order only
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count_if(p.first_status = 'paid') AS converting,
       100.0 * count_if(p.first_status = 'paid') / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT session_id, arg_min(status, ordered_at) AS first_status FROM orders GROUP BY 1) p
    USING (session_id)
GROUP BY 1

-- wrong: the web left out
SELECT date_trunc('week', s.started_at)::DATE AS week,
       count(*) AS sessions,
       count(p.session_id) AS converting,
       100.0 * count(p.session_id) / count(*) AS conv_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
WHERE s.platform <> 'web'
GROUP BY 1
