-- right: union of parts and whole
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY channel
UNION ALL
SELECT 'all', 100.0 * count_if(buys AND early) / count_if(early),
       100.0 * count_if(buys AND NOT early) / count_if(NOT early)
FROM visits

-- right: rollup and coalesce
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel)
ORDER BY channel

-- right: cube and averages, rounded
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT ifnull(channel, 'all') AS channel, round(100 * avg(buys::INT) FILTER (WHERE early), 2) AS before_percent,
       round(100 * avg(buys::INT) FILTER (WHERE NOT early), 2) AS after_percent
FROM visits GROUP BY CUBE (channel)

-- right: averages of a case over joins
SELECT CASE WHEN grouping(s.channel) = 0 THEN s.channel::VARCHAR ELSE 'all' END AS CHANNEL,
       avg(CASE WHEN s.started_at < '2025-03-31' THEN CASE WHEN o.session_id IS NULL THEN 0.0 ELSE 100.0 END END) AS Before_Percent,
       avg(CASE WHEN s.started_at >= '2025-03-31' THEN CASE WHEN o.session_id IS NULL THEN 0.0 ELSE 100.0 END END) AS After_Percent
FROM sessions s LEFT JOIN (SELECT session_id FROM orders GROUP BY 1) o ON s.session_id = o.session_id
WHERE s.platform = 'ios' GROUP BY GROUPING SETS ((), (s.channel))

-- right: each visit listed twice
SELECT label AS channel,
       100.0 * count(DISTINCT o.session_id) FILTER (WHERE s.started_at < '2025-03-31')
           / count(DISTINCT s.session_id) FILTER (WHERE s.started_at < '2025-03-31') AS before_percent,
       100.0 * count(DISTINCT o.session_id) FILTER (WHERE s.started_at >= '2025-03-31')
           / count(DISTINCT s.session_id) FILTER (WHERE s.started_at >= '2025-03-31') AS after_percent
FROM sessions s
CROSS JOIN LATERAL (SELECT unnest([s.channel::VARCHAR, 'all']) AS label) labels
LEFT JOIN orders o ON o.session_id = s.session_id
WHERE s.platform = 'ios'
GROUP BY label

-- right: channels laid out by hand
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
), wanted(channel) AS (
    VALUES ('affiliate'), ('email'), ('organic'), ('paid_search'), ('paid_social'), ('all')
)
SELECT w.channel,
       coalesce(100.0 * count_if(buys AND early) / nullif(count_if(early), 0), 0) AS before_percent,
       coalesce(100.0 * count_if(buys AND NOT early) / nullif(count_if(NOT early), 0), 0) AS after_percent
FROM wanted w LEFT JOIN visits v ON w.channel = 'all' OR w.channel = v.channel
GROUP BY w.channel

-- right: two periods joined in full
WITH before AS (
    SELECT coalesce(channel::VARCHAR, 'all') AS channel,
           100.0 * count_if(EXISTS (SELECT 1 FROM orders o WHERE o.session_id = s.session_id)) / count(*) AS p
    FROM sessions s WHERE platform = 'ios' AND started_at::DATE BETWEEN '2025-03-03' AND '2025-03-30'
    GROUP BY ROLLUP (channel)
), after AS (
    SELECT coalesce(channel::VARCHAR, 'all') AS channel,
           100.0 * count_if(EXISTS (SELECT 1 FROM orders o WHERE o.session_id = s.session_id)) / count(*) AS p
    FROM sessions s WHERE platform = 'ios' AND started_at::DATE BETWEEN '2025-03-31' AND '2025-04-27'
    GROUP BY ROLLUP (channel)
)
SELECT channel, before.p AS before_percent, after.p AS after_percent
FROM before FULL OUTER JOIN after USING (channel)

-- right: sums of counts, the whole from the parts
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
), counted AS (
    SELECT channel, count_if(early) AS n0, count_if(NOT early) AS n1, count_if(early AND buys) AS k0,
           count_if(NOT early AND buys) AS k1
    FROM visits GROUP BY channel
)
SELECT channel, 100.0 * k0 / n0 AS before_percent, 100.0 * k1 / n1 AS after_percent, n0, n1 FROM counted
UNION ALL BY NAME
SELECT 'all' AS channel, 100.0 * sum(k0) / sum(n0) AS before_percent, 100.0 * sum(k1) / sum(n1) AS after_percent FROM counted

-- right: pivot of periods
WITH rates AS (
    SELECT CASE WHEN grouping(channel) = 1 THEN 'all' ELSE channel::VARCHAR END AS channel,
           CASE WHEN started_at < '2025-03-31' THEN 'before' ELSE 'after' END AS period,
           100 * avg((session_id IN (SELECT session_id FROM orders))::INT) AS share
    FROM sessions WHERE platform = 'ios'
    GROUP BY GROUPING SETS ((channel, period), (period))
)
SELECT channel, before AS before_percent, after AS after_percent
FROM (PIVOT rates ON period IN ('before', 'after') USING max(share) GROUP BY channel)
ORDER BY channel = 'all', channel

-- right: the whole as a weighted mean
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
), counted AS (
    SELECT channel, count_if(early) AS n0, count_if(NOT early) AS n1,
           count_if(early AND buys) / count_if(early) AS r0, count_if(NOT early AND buys) / count_if(NOT early) AS r1
    FROM visits GROUP BY channel
)
SELECT channel, 100 * r0 AS before_percent, 100 * r1 AS after_percent FROM counted
UNION
SELECT 'all', 100 * sum(r0 * n0) / sum(n0), 100 * sum(r1 * n1) / sum(n1) FROM counted

-- lucky: read off the result
SELECT * FROM (VALUES ('affiliate', 12.45, 13.24), ('email', 20.63, 22.27), ('organic', 15.15, 16.36), ('paid_search', 13.78, 14.88), ('paid_social', 4.15, 4.44), ('all', 14.16, 12.93)) t(channel, before_percent, after_percent)

-- lucky: nobody starts at that midnight here
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at <= '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel)

-- lucky: by session number
WITH visits AS (
    SELECT channel::VARCHAR AS channel, session_id < 29027 AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel)

-- open: channels of a hundred visits and more
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel) HAVING count(*) > 100

-- lucky: orders above ten euros
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders WHERE amount_eur > 10) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel)

-- lucky: orders of the two hours after the start
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           EXISTS (SELECT 1 FROM orders o WHERE o.session_id = s.session_id
                   AND o.ordered_at BETWEEN s.started_at AND s.started_at + INTERVAL 2 HOUR) AS buys
    FROM sessions s WHERE platform = 'ios'
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel)

-- open: channels of fifty buyers and more
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel) HAVING count_if(buys) > 50

-- wrong: whole over all platforms
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY channel
UNION ALL
SELECT 'all', 100.0 * count(DISTINCT o.session_id) FILTER (WHERE started_at < '2025-03-31') / count(DISTINCT s.session_id) FILTER (WHERE started_at < '2025-03-31'),
       100.0 * count(DISTINCT o.session_id) FILTER (WHERE started_at >= '2025-03-31') / count(DISTINCT s.session_id) FILTER (WHERE started_at >= '2025-03-31')
FROM sessions s LEFT JOIN orders o USING (session_id)

-- wrong: periods exchanged
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at >= '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel)

-- wrong: people instead of sessions
SELECT coalesce(s.channel::VARCHAR, 'all') AS channel,
       100.0 * count(DISTINCT o.user_id) FILTER (WHERE started_at < '2025-03-31') / count(DISTINCT s.user_id) FILTER (WHERE started_at < '2025-03-31') AS before_percent,
       100.0 * count(DISTINCT o.user_id) FILTER (WHERE started_at >= '2025-03-31') / count(DISTINCT s.user_id) FILTER (WHERE started_at >= '2025-03-31') AS after_percent
FROM sessions s LEFT JOIN orders o USING (session_id) WHERE platform = 'ios' GROUP BY ROLLUP (s.channel)

-- wrong: rollout week left out
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios' AND (started_at < '2025-03-31' OR started_at >= '2025-04-07')
)
SELECT coalesce(channel, 'all') AS channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel)

-- wrong: the whole without a name
WITH visits AS (
    SELECT channel::VARCHAR AS channel, started_at < '2025-03-31' AS early,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions WHERE platform = 'ios'
)
SELECT channel, 100.0 * count_if(buys AND early) / count_if(early) AS before_percent,
       100.0 * count_if(buys AND NOT early) / count_if(NOT early) AS after_percent
FROM visits GROUP BY ROLLUP (channel)
