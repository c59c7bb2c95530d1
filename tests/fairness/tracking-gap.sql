-- right: calendar of days and platforms with zeros
WITH grid AS (
    SELECT days.d::DATE AS d, platforms.platform
    FROM generate_series(TIMESTAMP '2025-03-03', TIMESTAMP '2025-04-27', INTERVAL 1 DAY) AS days(d)
    CROSS JOIN (VALUES ('android'), ('ios'), ('web')) AS platforms(platform)
), ordered AS (
    SELECT o.ordered_at::DATE AS d, s.platform, count(DISTINCT o.session_id) AS n
    FROM orders o JOIN sessions s ON s.session_id = o.session_id GROUP BY ALL
), tracked AS (
    SELECT e.event_at::DATE AS d, s.platform, count(DISTINCT e.session_id) AS n
    FROM checkout_events e JOIN sessions s ON s.session_id = e.session_id
    WHERE e.event_name = 'purchase' GROUP BY ALL
)
SELECT g.d, g.platform, coalesce(o.n, 0) AS order_sessions, coalesce(t.n, 0) AS event_sessions,
       round(100.0 * coalesce(t.n, 0) / nullif(o.n, 0), 1) AS coverage_percent
FROM grid g
LEFT JOIN ordered o ON o.d = g.d AND o.platform = g.platform
LEFT JOIN tracked t ON t.d = g.d AND t.platform = g.platform
WHERE coalesce(t.n, 0) < 0.8 * coalesce(o.n, 0)
ORDER BY g.d, g.platform

-- right: full join of the two sources
WITH ordered AS (
    SELECT date_trunc('day', o.ordered_at)::DATE AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id) GROUP BY 1, 2
), tracked AS (
    SELECT date_trunc('day', e.event_at)::DATE AS d, s.platform, count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id) WHERE event_name = 'purchase' GROUP BY 1, 2
)
SELECT coalesce(o.d, t.d) AS d, coalesce(o.platform, t.platform) AS platform,
       coalesce(order_sessions, 0) AS order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered o FULL JOIN tracked t ON o.d = t.d AND o.platform = t.platform
WHERE coalesce(event_sessions, 0) < 0.8 * coalesce(order_sessions, 0)

-- right: one long list of both sources
WITH both_sources AS (
    SELECT ordered_at::DATE AS d, session_id, 'order' AS source FROM orders
    UNION ALL
    SELECT event_at::DATE, session_id, 'event' FROM checkout_events WHERE event_name = 'purchase'
)
SELECT d, platform,
       count(DISTINCT session_id) FILTER (WHERE source = 'order') AS order_sessions,
       count(DISTINCT session_id) FILTER (WHERE source = 'event') AS event_sessions,
       100.0 * count(DISTINCT session_id) FILTER (WHERE source = 'event')
           / count(DISTINCT session_id) FILTER (WHERE source = 'order') AS coverage_percent
FROM both_sources JOIN sessions USING (session_id)
GROUP BY d, platform
HAVING count(DISTINCT session_id) FILTER (WHERE source = 'event')
       < 0.8 * count(DISTINCT session_id) FILTER (WHERE source = 'order')
ORDER BY platform, d DESC

-- right: events counted by a correlated subquery
WITH ordered AS (
    SELECT CAST(o.ordered_at AS DATE) AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id) GROUP BY ALL
), counted AS (
    SELECT *, (
        SELECT count(DISTINCT e.session_id) FROM checkout_events e JOIN sessions x USING (session_id)
        WHERE e.event_name = 'purchase' AND CAST(e.event_at AS DATE) = ordered.d AND x.platform = ordered.platform
    ) AS event_sessions
    FROM ordered
)
SELECT *, 100.0 * event_sessions / order_sessions AS coverage_percent
FROM counted
WHERE event_sessions * 10 < order_sessions * 8

-- right: distinct rows first, whole numbers compared
WITH ordered AS (
    SELECT DISTINCT o.session_id, s.platform, strftime(o.ordered_at, '%Y-%m-%d') AS d
    FROM orders o, sessions s WHERE s.session_id = o.session_id
), tracked AS (
    SELECT DISTINCT e.session_id, s.platform, strftime(e.event_at, '%Y-%m-%d') AS d
    FROM checkout_events e, sessions s WHERE s.session_id = e.session_id AND e.event_name = 'purchase'
), a AS (SELECT d, platform, count(*) AS n FROM ordered GROUP BY d, platform),
   b AS (SELECT d, platform, count(*) AS n FROM tracked GROUP BY d, platform)
SELECT a.d::DATE AS D, a.platform AS Platform, a.n AS Order_Sessions, ifnull(b.n, 0) AS Event_Sessions,
       round(ifnull(b.n, 0) / a.n * 100, 1) AS Coverage_Percent,
       a.n - ifnull(b.n, 0) AS missing
FROM a LEFT JOIN b ON a.d = b.d AND a.platform = b.platform
WHERE ifnull(b.n, 0) * 5 < a.n * 4

-- right: lateral for the events
SELECT o.d, o.platform, o.order_sessions, t.event_sessions,
       t.event_sessions * 100.0 / o.order_sessions AS coverage_percent
FROM (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
) o, LATERAL (
    SELECT count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'purchase' AND s.platform = o.platform
      AND e.event_at >= o.d AND e.event_at < o.d + INTERVAL 1 DAY
) t
WHERE t.event_sessions < 0.8 * o.order_sessions

-- right: each platform in turn
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT o.session_id) AS n
    FROM orders o JOIN sessions USING (session_id) WHERE platform IN ('android', 'ios', 'web') GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d,
           count(DISTINCT CASE WHEN platform = 'android' THEN session_id END) AS android,
           count(DISTINCT CASE WHEN platform = 'ios' THEN session_id END) AS ios,
           count(DISTINCT CASE WHEN platform = 'web' THEN session_id END) AS web
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
), joined AS (
    SELECT d, 'android' AS platform, n, coalesce(android, 0) AS k FROM ordered LEFT JOIN tracked USING (d)
    WHERE platform = 'android'
    UNION ALL
    SELECT d, 'ios', n, coalesce(ios, 0) FROM ordered LEFT JOIN tracked USING (d) WHERE platform = 'ios'
    UNION ALL
    SELECT d, 'web', n, coalesce(web, 0) FROM ordered LEFT JOIN tracked USING (d) WHERE platform = 'web'
)
SELECT d, platform, n AS order_sessions, k AS event_sessions, 100.0 * k / n AS coverage_percent
FROM joined WHERE k / n < 0.8

-- right: arrays of sessions
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, len(list_distinct(list(session_id))) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, len(list_distinct(list(session_id))) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE NOT coalesce(event_sessions, 0) >= 0.8 * order_sessions

-- lucky: rows read off the result
SELECT DATE '2025-04-15' AS d, 'web' AS platform, 45 AS order_sessions, 11 AS event_sessions, 24.4 AS coverage_percent
UNION ALL
SELECT DATE '2025-04-16', 'web', 36, 0, 0

-- open: only the web loses events here
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) WHERE platform = 'web' GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions

-- lucky: the two days by name
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE d IN ('2025-04-15', '2025-04-16') AND platform = 'web'

-- open: exactly eighty percent counts too
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) <= 0.8 * order_sessions

-- open: half instead of eighty percent
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.5 * order_sessions

-- open: only days with many orders
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL HAVING count(*) >= 10
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions

-- open: percent rounded before it is compared
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE round(100.0 * coalesce(event_sessions, 0) / order_sessions) < 80

-- lucky: events of the same session and day only
SELECT o.ordered_at::DATE AS d, s.platform,
       count(DISTINCT o.session_id) AS order_sessions,
       count(DISTINCT e.session_id) AS event_sessions,
       100.0 * count(DISTINCT e.session_id) / count(DISTINCT o.session_id) AS coverage_percent
FROM orders o
JOIN sessions s USING (session_id)
LEFT JOIN checkout_events e ON e.session_id = o.session_id AND e.event_name = 'purchase'
GROUP BY 1, 2
HAVING count(DISTINCT e.session_id) < 0.8 * count(DISTINCT o.session_id)

-- wrong: another event
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'payment_error' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions

-- wrong: days above instead of below
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) > 0.8 * order_sessions

-- wrong: no filter at all
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)

-- wrong: orders counted instead of sessions
WITH ordered AS (
    SELECT ordered_at::DATE AS d, platform, count(*) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT event_at::DATE AS d, platform, count(*) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions

-- wrong: by the week
WITH ordered AS (
    SELECT date_trunc('week', ordered_at)::DATE AS d, platform, count(DISTINCT session_id) AS order_sessions
    FROM orders JOIN sessions USING (session_id) GROUP BY ALL
), tracked AS (
    SELECT date_trunc('week', event_at)::DATE AS d, platform, count(DISTINCT session_id) AS event_sessions
    FROM checkout_events JOIN sessions USING (session_id) WHERE event_name = 'purchase' GROUP BY ALL
)
SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions,
       100.0 * coalesce(event_sessions, 0) / order_sessions AS coverage_percent
FROM ordered LEFT JOIN tracked USING (d, platform)
WHERE coalesce(event_sessions, 0) < 0.8 * order_sessions
