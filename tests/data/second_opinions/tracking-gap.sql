WITH facts AS (
    SELECT ordered_at::DATE AS d, session_id, 'order' AS source FROM orders
    UNION
    SELECT event_at::DATE, session_id, 'event' FROM checkout_events WHERE event_name = 'purchase'
)
SELECT d, platform, count_if(source = 'order') AS order_sessions,
       count_if(source = 'event') AS event_sessions,
       round(100 * event_sessions / order_sessions, 1) AS coverage_percent
FROM facts JOIN sessions USING (session_id) GROUP BY d, platform
HAVING event_sessions < 0.8 * order_sessions
