WITH buys AS (SELECT *, session_id IN (SELECT session_id FROM orders) AS buys FROM sessions),
before AS (
    SELECT platform, channel, avg(buys::INT) AS r,
           count(*) / (SELECT count(*) FROM buys WHERE started_at < '2025-03-31') AS s
    FROM buys WHERE started_at < '2025-03-31' GROUP BY ALL
), after AS (
    SELECT platform, channel, avg(buys::INT) AS r,
           count(*) / (SELECT count(*) FROM buys WHERE started_at >= '2025-03-31') AS s
    FROM buys WHERE started_at >= '2025-03-31' GROUP BY ALL
)
SELECT round(100 * (SELECT avg(buys::INT) FROM buys WHERE started_at < '2025-03-31'), 3) AS conv_before_percent,
       round(100 * (SELECT avg(buys::INT) FROM buys WHERE started_at >= '2025-03-31'), 3) AS conv_after_percent,
       round(100 * sum((a.s - b.s) * b.r), 3) AS mix_pp, round(100 * sum(a.s * (a.r - b.r)), 3) AS rate_pp,
       round(100 * sum(if(platform = 'android', a.s * (a.r - b.r), 0)), 3) AS android_rate_pp
FROM before b JOIN after a USING (platform, channel)
