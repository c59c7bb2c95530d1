-- right: shares and rates in a chain
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- right: conversions counted directly
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), totals AS (SELECT sum(n0) AS t0, sum(n1) AS t1 FROM cells)
SELECT (SELECT 100.0 * count_if(buys) / count(*) FROM visits WHERE NOT late) AS conv_before_percent,
       (SELECT 100.0 * count_if(buys) / count(*) FROM visits WHERE late) AS conv_after_percent,
       100 * sum((n1 / t1 - n0 / t0) * k0 / n0) AS mix_pp,
       100 * sum(n1 / t1 * (k1 / n1 - k0 / n0)) AS rate_pp,
       100 * sum(n1 / t1 * (k1 / n1 - k0 / n0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells CROSS JOIN totals

-- right: rate as what is left of the change
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
), summed AS (
    SELECT 100 * sum(s0 * r0) AS before, 100 * sum(s1 * r1) AS after, 100 * sum(s1 * r0 - s0 * r0) AS mix,
           100 * sum(s1 * r1 - s1 * r0) FILTER (platform = 'android') AS android
    FROM rates
)
SELECT round(before, 3) AS conv_before_percent, round(after, 3) AS conv_after_percent, round(mix, 3) AS mix_pp,
       round(after - before - mix, 3) AS rate_pp, round(android, 3) AS android_rate_pp
FROM summed

-- right: two periods joined in full
WITH bought AS (SELECT DISTINCT session_id FROM orders),
before AS (
    SELECT platform, channel, count(*) AS n, count(b.session_id) / count(*) AS rate
    FROM sessions LEFT JOIN bought b USING (session_id) WHERE started_at < '2025-03-31' GROUP BY ALL
), after AS (
    SELECT platform, channel, count(*) AS n, count(b.session_id) / count(*) AS rate
    FROM sessions LEFT JOIN bought b USING (session_id) WHERE started_at >= '2025-03-31' GROUP BY ALL
), joined AS (
    SELECT platform, channel,
           coalesce(before.n, 0) / (SELECT sum(n) FROM before) AS s0, coalesce(before.rate, 0) AS r0,
           coalesce(after.n, 0) / (SELECT sum(n) FROM after) AS s1, coalesce(after.rate, 0) AS r1
    FROM before FULL JOIN after USING (platform, channel)
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE platform WHEN 'android' THEN s1 * (r1 - r0) ELSE 0 END) AS android_rate_pp
FROM joined

-- right: fifteen cells laid out
WITH grid AS (
    SELECT * FROM (VALUES ('android'), ('ios'), ('web')) p(platform),
                  (VALUES ('organic'), ('paid_search'), ('paid_social'), ('email'), ('affiliate')) c(channel)
), counted AS (
    SELECT g.platform, g.channel,
           count(DISTINCT s.session_id) FILTER (WHERE s.started_at < '2025-03-31') AS n0,
           count(DISTINCT s.session_id) FILTER (WHERE s.started_at >= '2025-03-31') AS n1,
           count(DISTINCT o.session_id) FILTER (WHERE s.started_at < '2025-03-31') AS k0,
           count(DISTINCT o.session_id) FILTER (WHERE s.started_at >= '2025-03-31') AS k1
    FROM grid g
    LEFT JOIN sessions s ON s.platform = g.platform AND s.channel = g.channel
    LEFT JOIN orders o ON o.session_id = s.session_id
    GROUP BY ALL
), rates AS (
    SELECT platform, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1,
           coalesce(k0 / nullif(n0, 0), 0) AS r0, coalesce(k1 / nullif(n1, 0), 0) AS r1
    FROM counted
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- right: averages and windows over visits
WITH visits AS (
    SELECT platform, channel, CASE WHEN started_at < TIMESTAMP '2025-03-31' THEN 0 ELSE 1 END AS late,
           CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.session_id = s.session_id) THEN 1 ELSE 0 END AS buys
    FROM sessions s
), by_period AS (
    SELECT platform, channel, late, avg(buys) AS rate, count(*) / sum(count(*)) OVER (PARTITION BY late) AS share
    FROM visits GROUP BY platform, channel, late
), rates AS (
    SELECT platform, channel,
           max(CASE WHEN late = 0 THEN share END) AS s0, max(CASE WHEN late = 1 THEN share END) AS s1,
           max(CASE WHEN late = 0 THEN rate END) AS r0, max(CASE WHEN late = 1 THEN rate END) AS r1
    FROM by_period GROUP BY platform, channel
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- right: pivoted periods
WITH visits AS (
    SELECT concat(platform, '/', channel) AS cell, if(started_at::DATE <= '2025-03-30', 'early', 'late') AS period,
           (session_id IN (FROM orders SELECT session_id))::INT AS buys
    FROM sessions
), wide AS (
    PIVOT visits ON period IN ('early', 'late') USING count(*) AS n, sum(buys) AS k GROUP BY cell
), shares AS (
    SELECT cell, early_n / (SELECT sum(early_n) FROM wide) AS s0, late_n / (SELECT sum(late_n) FROM wide) AS s1,
           early_k / early_n AS r0, late_k / late_n AS r1
    FROM wide
)
SELECT sum(s0 * r0) * 100 AS conv_before_percent, sum(s1 * r1) * 100 AS conv_after_percent,
       sum((s1 - s0) * r0) * 100 AS mix_pp, sum((r1 - r0) * s1) * 100 AS rate_pp,
       sum((r1 - r0) * s1) FILTER (cell LIKE 'android/%') * 100 AS android_rate_pp
FROM shares

-- right: other columns beside, android by subtraction
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT count(*) AS n_cells,
       100 * sum(s1 * (r1 - r0)) - 100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform <> 'android') AS ANDROID_RATE_PP,
       100 * sum(s1 * (r1 - r0)) AS Rate_PP, 100 * sum((s1 - s0) * r0) AS Mix_PP,
       100 * sum(s1 * r1) AS conv_after_percent, 100 * sum(s0 * r0) AS conv_before_percent
FROM rates

-- lucky: read off the result
SELECT 14.146 AS conv_before_percent, 11.126 AS conv_after_percent, -2.089 AS mix_pp, -0.931 AS rate_pp, -1.226 AS android_rate_pp

-- lucky: nobody starts at that midnight here
WITH visits AS (
    SELECT platform, channel, started_at > '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- lucky: by session number
WITH visits AS (
    SELECT platform, channel, session_id >= 29027 AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- open: cells of a hundred visits and more
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL HAVING count(*) >= 100
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- lucky: orders above ten euros
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders WHERE amount_eur > 10) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- lucky: orders below a thousand euros
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders WHERE amount_eur < 1000) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- wrong: channels without platforms
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT any_value(platform) AS platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- wrong: cells by country
WITH visits AS (
    SELECT platform, channel, country, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel, country,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- wrong: mix with its sign turned
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s0 - s1) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- wrong: orders counted instead of sessions
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-03-31' AS late, order_id IS NOT NULL AS buys
    FROM sessions LEFT JOIN orders USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates

-- wrong: after starts with the month
WITH visits AS (
    SELECT platform, channel, started_at >= '2025-04-01' AS late,
           session_id IN (SELECT session_id FROM orders) AS buys
    FROM sessions
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) AS n0, count_if(late) AS n1,
           count_if(NOT late AND buys) AS k0, count_if(late AND buys) AS k1
    FROM visits GROUP BY ALL
), rates AS (
    SELECT platform, channel, n0 / sum(n0) OVER () AS s0, n1 / sum(n1) OVER () AS s1, k0 / n0 AS r0, k1 / n1 AS r1
    FROM cells
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent, 100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp, 100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(CASE WHEN platform = 'android' THEN s1 * (r1 - r0) END) AS android_rate_pp
FROM rates
