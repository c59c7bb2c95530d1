SELECT time_bucket(INTERVAL 7 DAYS, started_at::DATE, DATE '2025-03-03') AS week,
       count(*) AS sessions,
       count_if(session_id IN (SELECT session_id FROM orders WHERE status = 'paid')) AS converting,
       round(100 * converting / count(*), 2) AS conv_percent
FROM sessions GROUP BY week
