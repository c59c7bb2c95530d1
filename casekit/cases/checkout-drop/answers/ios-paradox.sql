-- reference
-- say: GROUPING SETS counts the channels and the whole app in one pass, each from its own sessions. The
--   total is a weighted mean, and only the weights got worse: that is how all parts rise and it falls.
SELECT CASE WHEN grouping(s.channel) = 1 THEN 'all' ELSE s.channel END AS channel,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at < '2025-03-31')
           / count_if(s.started_at < '2025-03-31') AS before_percent,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at >= '2025-03-31')
           / count_if(s.started_at >= '2025-03-31') AS after_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
WHERE s.platform = 'ios'
GROUP BY GROUPING SETS ((s.channel), ())
ORDER BY grouping(s.channel), 1

-- trap: average-of-rates
-- tag: ratio_of_means
-- say: Your total is the plain average of the channel rates, so it rises with them and the paradox is
--   gone. A channel with few visits weighs as much as the largest there. Count iOS as a whole, over
--   all its sessions.
WITH channels AS (
    SELECT s.channel,
           100.0 * count(b.session_id) FILTER (WHERE s.started_at < '2025-03-31')
               / count_if(s.started_at < '2025-03-31') AS before_percent,
           100.0 * count(b.session_id) FILTER (WHERE s.started_at >= '2025-03-31')
               / count_if(s.started_at >= '2025-03-31') AS after_percent
    FROM sessions s
    LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
    WHERE s.platform = 'ios'
    GROUP BY s.channel
)
SELECT channel, before_percent, after_percent FROM channels
UNION ALL
SELECT 'all', avg(before_percent), avg(after_percent) FROM channels

-- trap: no-total
-- tag: stops_early
-- say: Five channels and no total. Read alone they say that iOS is doing well, and the chart in the
--   board pack says the opposite. The row that makes it a paradox is the one you left out.
SELECT s.channel,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at < '2025-03-31')
           / count_if(s.started_at < '2025-03-31') AS before_percent,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at >= '2025-03-31')
           / count_if(s.started_at >= '2025-03-31') AS after_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
WHERE s.platform = 'ios'
GROUP BY s.channel

-- trap: total-only
-- tag: mix_shift
-- say: One row for all of iOS. It fell, and alone it accuses an app that may be innocent. Put the
--   channels beside it and see whether any of them fell.
SELECT 'all' AS channel,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at < '2025-03-31')
           / count_if(s.started_at < '2025-03-31') AS before_percent,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at >= '2025-03-31')
           / count_if(s.started_at >= '2025-03-31') AS after_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
WHERE s.platform = 'ios'

-- trap: every-platform
-- tag: wrong_population
-- say: Android and web are in your rates. With them the channels fall as well, for a reason of their
--   own, and two stories melt into one. Keep iOS only.
SELECT CASE WHEN grouping(s.channel) = 1 THEN 'all' ELSE s.channel END AS channel,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at < '2025-03-31')
           / count_if(s.started_at < '2025-03-31') AS before_percent,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at >= '2025-03-31')
           / count_if(s.started_at >= '2025-03-31') AS after_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
GROUP BY GROUPING SETS ((s.channel), ())

-- trap: paid-orders-only
-- tag: wrong_numerator
-- say: You used paid orders. The split you are explaining used any order placed; on another numerator
--   your rows will not add up to its iOS part. Count every session with an order.
SELECT CASE WHEN grouping(s.channel) = 1 THEN 'all' ELSE s.channel END AS channel,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at < '2025-03-31')
           / count_if(s.started_at < '2025-03-31') AS before_percent,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at >= '2025-03-31')
           / count_if(s.started_at >= '2025-03-31') AS after_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') b USING (session_id)
WHERE s.platform = 'ios'
GROUP BY GROUPING SETS ((s.channel), ())

-- trap: share-of-orders
-- tag: wrong_denominator
-- say: You divided by all iOS sessions of the period instead of the channel's own. That mixes how many
--   came with how many bought, and a channel that merely grew looks better. Give each channel its own
--   sessions as denominator.
SELECT CASE WHEN grouping(s.channel) = 1 THEN 'all' ELSE s.channel END AS channel,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at < '2025-03-31')
           / (SELECT count(*) FROM sessions WHERE platform = 'ios' AND started_at < '2025-03-31')
           AS before_percent,
       100.0 * count(b.session_id) FILTER (WHERE s.started_at >= '2025-03-31')
           / (SELECT count(*) FROM sessions WHERE platform = 'ios' AND started_at >= '2025-03-31')
           AS after_percent
FROM sessions s
LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
WHERE s.platform = 'ios'
GROUP BY GROUPING SETS ((s.channel), ())
