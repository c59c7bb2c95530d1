WITH card AS (
    SELECT app_version = '5.2.0' AS new, session_id IN (SELECT session_id FROM orders) AS ok
    FROM sessions
    WHERE platform = 'android' AND session_id IN (
        SELECT session_id FROM checkout_events WHERE event_name = 'add_payment' AND payment_method = 'card')
), lost AS (
    SELECT count_if(new) * (avg(ok::INT) FILTER (WHERE NOT new) - avg(ok::INT) FILTER (WHERE new)) AS n FROM card
)
SELECT round(n) AS lost_orders, round(n * (SELECT avg(amount_eur) FROM orders WHERE status = 'paid')) AS lost_eur
FROM lost
