SELECT s.app_version, e.payment_method, count(DISTINCT e.session_id) AS payment_attempts,
       round(100 * count(DISTINCT o.session_id) / count(DISTINCT e.session_id), 1) AS success_percent
FROM sessions s
JOIN checkout_events e ON e.session_id = s.session_id AND e.event_name = 'add_payment'
LEFT JOIN orders o ON o.session_id = s.session_id
WHERE s.platform = 'android' AND s.started_at >= '2025-04-01'
GROUP BY s.app_version, e.payment_method
