-- reference
-- say: Two systems record the same fact. Orders stand on the left, because they are complete, and a day
--   without any event must count as zero. Only then can the worst day show itself.
WITH ordered AS (
    SELECT o.ordered_at::DATE AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id)
    GROUP BY ALL
), tracked AS (
    SELECT e.event_at::DATE AS d, s.platform, count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'purchase'
    GROUP BY ALL
)
SELECT d, platform, order_sessions,
       coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions
ORDER BY d, platform

-- trap: inner-join
-- tag: outer_to_inner
-- say: A day on which every event was lost has no row to join. An inner join drops it, and so does a
--   LEFT JOIN whose filter compares NULL with a number. The worst day is the one you lost: keep orders
--   on the left and read a missing count as zero.
WITH ordered AS (
    SELECT o.ordered_at::DATE AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id)
    GROUP BY ALL
), tracked AS (
    SELECT e.event_at::DATE AS d, s.platform, count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'purchase'
    GROUP BY ALL
)
SELECT d, platform, order_sessions, event_sessions,
       100.0 * event_sessions / order_sessions AS coverage_percent
FROM ordered JOIN tracked USING (d, platform)
WHERE event_sessions < 0.8 * order_sessions

-- trap: no-platform
-- tag: mix_shift
-- say: Taken over all platforms, the gap looks mild and everybody's problem. It belongs to one platform
--   alone; the other two, which lost nothing, hide it in the average. Keep platform in the grain.
WITH ordered AS (
    SELECT ordered_at::DATE AS d, count(DISTINCT session_id) AS order_sessions
    FROM orders
    GROUP BY 1
), tracked AS (
    SELECT event_at::DATE AS d, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events
    WHERE event_name = 'purchase'
    GROUP BY 1
)
SELECT d, 'all' AS platform, order_sessions,
       coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions

-- trap: own-normal
-- tag: wrong_source
-- say: You compared each day's events with the platform's usual number of events. That finds quiet days
--   too, such as a holiday, and it cannot tell lost customers from lost tracking. Compare the events
--   with the orders of the same day: orders did not move.
WITH ordered AS (
    SELECT o.ordered_at::DATE AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id)
    GROUP BY ALL
), tracked AS (
    SELECT e.event_at::DATE AS d, s.platform, count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'purchase'
    GROUP BY ALL
), both_sources AS (
    SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
           avg(coalesce(event_sessions, 0)) OVER (PARTITION BY platform) AS usual_sessions
    FROM ordered LEFT JOIN tracked USING (d, platform)
)
SELECT d, platform, order_sessions, event_sessions,
       100.0 * event_sessions / usual_sessions AS coverage_percent
FROM both_sources
WHERE event_sessions < 0.8 * usual_sessions

-- trap: share-not-percent
-- tag: unit_scale
-- say: The right days, but coverage is a share between 0 and 1 and percent was asked for. Multiply it
--   by a hundred, or the first reader takes a bad day for a dead one.
WITH ordered AS (
    SELECT o.ordered_at::DATE AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id)
    GROUP BY ALL
), tracked AS (
    SELECT e.event_at::DATE AS d, s.platform, count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'purchase'
    GROUP BY ALL
)
SELECT d, platform, order_sessions,
       coalesce(event_sessions, 0) AS event_sessions,
       coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions

-- trap: null-coverage
-- tag: outer_to_inner
-- say: You kept the day without events, but its count and its coverage are NULL. NULL says nobody
--   knows; here we do know: no session was tracked. Turn the missing count into zero with coalesce.
WITH ordered AS (
    SELECT o.ordered_at::DATE AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id)
    GROUP BY ALL
), tracked AS (
    SELECT e.event_at::DATE AS d, s.platform, count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'purchase'
    GROUP BY ALL
)
SELECT d, platform, order_sessions, event_sessions,
       100.0 * event_sessions / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE event_sessions IS NULL OR event_sessions < 0.8 * order_sessions

-- trap: paid-orders-only
-- tag: wrong_population
-- say: You compared purchase events with paid orders. The app reports a purchase at once and cannot know that
--   the order will be cancelled, so the two never describe the same sessions. Compare with every order placed.
WITH ordered AS (
    SELECT o.ordered_at::DATE AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id)
    WHERE o.status = 'paid'
    GROUP BY ALL
), tracked AS (
    SELECT e.event_at::DATE AS d, s.platform, count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'purchase'
    GROUP BY ALL
)
SELECT d, platform, order_sessions,
       coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions
ORDER BY d, platform
