-- reference
-- say: Every cell has a share and a rate. Moving the shares at the old rates gives mix; moving the rates
--   at the new shares gives rate. The two add up to the whole change, with nothing left over.
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent,
       100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp,
       100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells

-- trap: mix-at-new-rates
-- tag: mix_shift
-- say: Your mix is priced at the new rates and your rate at the old shares. That is a legitimate split,
--   but it files the interaction under the other heading. Mix at old rates and rate at new shares was asked
--   for; whoever mixes the two gets parts that do not add up.
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent,
       100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r1) AS mix_pp,
       100 * sum(s0 * (r1 - r0)) AS rate_pp,
       100 * sum(s0 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells

-- trap: midpoint-weights
-- tag: mix_shift
-- say: You weighted both effects with the average of the two periods. A fair method and not the agreed
--   one: it shares the interaction between the two headings, so your parts cannot be compared with the
--   board's. Use old rates for mix and new shares for rate.
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent,
       100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * (r0 + r1) / 2) AS mix_pp,
       100 * sum((s0 + s1) / 2 * (r1 - r0)) AS rate_pp,
       100 * sum((s0 + s1) / 2 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells

-- trap: interaction-dropped
-- tag: mix_shift
-- say: Your two parts do not add up to the change. Mix at old rates and rate at old shares both leave
--   out the interaction: visits that changed cell and rate at once. Weight the rates with the new shares.
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent,
       100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp,
       100 * sum(s0 * (r1 - r0)) AS rate_pp,
       100 * sum(s0 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells

-- trap: platforms-only
-- tag: mix_shift
-- say: Your cells are platforms without channels. The platforms kept their size, so the mix seems to
--   vanish and every platform seems to have become worse, even one that improved in each channel.
--   What changed is who arrives: split by platform and channel.
WITH visits AS (
    SELECT s.platform, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), cells AS (
    SELECT platform,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent,
       100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp,
       100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells

-- trap: shares-per-platform
-- tag: wrong_denominator
-- say: Your shares are taken inside each platform, so together they make three instead of one, and your
--   conversion is about three times too high. A cell's share is its part of all sessions of the period.
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER (PARTITION BY platform) AS s0,
           count_if(late) / sum(count_if(late)) OVER (PARTITION BY platform) AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent,
       100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp,
       100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells

-- trap: shares-not-points
-- tag: unit_scale
-- say: The split is right and the unit is not: these are shares between 0 and 1. Percent and percentage
--   points were asked for, and a board reads a fall of 0.03 as nothing.
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
)
SELECT sum(s0 * r0) AS conv_before_percent,
       sum(s1 * r1) AS conv_after_percent,
       sum((s1 - s0) * r0) AS mix_pp,
       sum(s1 * (r1 - r0)) AS rate_pp,
       sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells

-- trap: paid-orders-only
-- tag: wrong_numerator
-- say: This splits paid conversion. Cancellations come after checkout and only add noise to a question
--   about checkout. Split the conversion to any order placed, as in the funnel.
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') b USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent,
       100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp,
       100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells

-- trap: rollout-week-left-out
-- tag: wrong_window
-- say: You left out the week of the rollout, as the funnel did. There the aim was a clean contrast; here
--   you explain the whole fall, and that week is part of it. After starts at 31 March.
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
    WHERE s.started_at < '2025-03-31' OR s.started_at >= '2025-04-07'
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
)
SELECT 100 * sum(s0 * r0) AS conv_before_percent,
       100 * sum(s1 * r1) AS conv_after_percent,
       100 * sum((s1 - s0) * r0) AS mix_pp,
       100 * sum(s1 * (r1 - r0)) AS rate_pp,
       100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android_rate_pp
FROM cells
