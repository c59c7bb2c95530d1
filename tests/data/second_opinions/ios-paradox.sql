WITH ios AS (
    SELECT channel::VARCHAR AS channel, started_at >= '2025-03-31' AS late,
           100 * (session_id IN (SELECT session_id FROM orders))::INT AS buys
    FROM sessions WHERE platform = 'ios'
), both_grains AS (SELECT * FROM ios UNION ALL SELECT 'all', late, buys FROM ios)
SELECT channel, round(avg(buys) FILTER (WHERE NOT late), 2) AS before_percent,
       round(avg(buys) FILTER (WHERE late), 2) AS after_percent
FROM both_grains GROUP BY channel
