WITH s AS (
    SELECT *, if(started_at < '2025-03-31', 'before', 'after') AS period
    FROM sessions WHERE started_at NOT BETWEEN '2025-03-31' AND '2025-04-06 23:59:59.999999'
), counted AS (
    SELECT platform, period, count(DISTINCT s.session_id) AS sessions,
           count(DISTINCT s.session_id) FILTER (WHERE event_name = 'begin_checkout') AS b,
           count(DISTINCT s.session_id) FILTER (WHERE event_name = 'add_shipping') AS h,
           count(DISTINCT s.session_id) FILTER (WHERE event_name = 'add_payment') AS p,
           count(DISTINCT o.session_id) AS o
    FROM s LEFT JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    GROUP BY platform, period
)
SELECT platform, period, sessions, round(100 * b / sessions, 1) AS begin_percent,
       round(100 * h / b, 1) AS ship_percent, round(100 * p / h, 1) AS pay_percent,
       round(100 * o / p, 1) AS order_percent
FROM counted
