WITH daily AS (
    SELECT started_at::DATE AS d,
           100 * count_if(session_id IN (SELECT session_id FROM orders)) / count(*) AS rate
    FROM sessions
    WHERE platform = 'android'
      AND session_id IN (SELECT session_id FROM checkout_events WHERE event_name = 'add_payment')
    GROUP BY 1
), watched AS (
    SELECT d, rate, (rate + lag(rate) OVER (ORDER BY d) + lag(rate, 2) OVER (ORDER BY d)) / 3 AS mean3,
           (SELECT avg(rate) - 3 * stddev(rate) / sqrt(3) FROM daily WHERE d <= '2025-03-30') AS low
    FROM daily
)
SELECT arg_min(d, d) AS d, round(arg_min(rate, d), 2) AS rate_percent,
       round(arg_min(mean3, d), 2) AS rolling3_percent, round(min(low), 2) AS floor_percent
FROM watched WHERE d > '2025-03-30' AND mean3 < low
