-- reference
-- say: An attempt is a session that reached add_payment, so the method comes from that event and both
--   outcomes stay in. Two cuts are enough: one version and one method fail together, and neither alone.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.app_version, e.payment_method
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment'
      AND s.platform = 'android' AND s.started_at >= '2025-04-01'
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT app_version, payment_method,
       count(*) AS payment_attempts,
       100.0 * count(b.session_id) / count(*) AS success_percent
FROM attempts LEFT JOIN bought b USING (session_id)
GROUP BY ALL
ORDER BY app_version, payment_method

-- trap: all-sessions-below
-- tag: wrong_denominator
-- say: You divided by all sessions of the version. Most of them never came near a payment, so this is
--   reach times success, and every cell looks hopeless. Divide by the sessions that tried to pay.
WITH visits AS (
    SELECT app_version, count(*) AS sessions
    FROM sessions
    WHERE platform = 'android' AND started_at >= '2025-04-01'
    GROUP BY 1
), attempts AS (
    SELECT DISTINCT e.session_id, s.app_version, e.payment_method
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment'
      AND s.platform = 'android' AND s.started_at >= '2025-04-01'
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT app_version, payment_method,
       any_value(sessions) AS payment_attempts,
       100.0 * count(b.session_id) / any_value(sessions) AS success_percent
FROM attempts JOIN visits USING (app_version) LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: failures-only
-- tag: survivorship
-- say: Nothing succeeds anywhere, because you took the method from payment_error. That event exists
--   only where the payment failed. Start from add_payment, which successes and failures share.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.app_version, e.payment_method
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'payment_error'
      AND s.platform = 'android' AND s.started_at >= '2025-04-01'
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT app_version, payment_method,
       count(*) AS payment_attempts,
       100.0 * count(b.session_id) / count(*) AS success_percent
FROM attempts LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: version-only
-- tag: stops_early
-- say: You stopped at the version. Then why do some payments on that version still pass as they always
--   did? Cut by payment method as well, or engineering will search the whole release for one fault.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.app_version
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment'
      AND s.platform = 'android' AND s.started_at >= '2025-04-01'
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT app_version,
       count(*) AS payment_attempts,
       100.0 * count(b.session_id) / count(*) AS success_percent
FROM attempts LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: method-only
-- tag: stops_early
-- say: You cut by payment method alone. The method looks weak on every phone, and a healthy version is
--   blamed with the sick one. Cut by app version as well.
WITH attempts AS (
    SELECT DISTINCT e.session_id, e.payment_method
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment'
      AND s.platform = 'android' AND s.started_at >= '2025-04-01'
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT payment_method,
       count(*) AS payment_attempts,
       100.0 * count(b.session_id) / count(*) AS success_percent
FROM attempts LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: march-included
-- tag: wrong_window
-- say: Your older versions carry all of March, the newest one only April. Compare versions in the same
--   days, or a change in the calendar passes for a change in the code. Start at 1 April.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.app_version, e.payment_method
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT app_version, payment_method,
       count(*) AS payment_attempts,
       100.0 * count(b.session_id) / count(*) AS success_percent
FROM attempts LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: every-platform
-- tag: wrong_population
-- say: The iOS app and the web shop are in your table. Version numbers of two apps have nothing to do
--   with each other, and the question is about Android only. Keep one platform.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.app_version, e.payment_method
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.started_at >= '2025-04-01'
), bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT app_version, payment_method,
       count(*) AS payment_attempts,
       100.0 * count(b.session_id) / count(*) AS success_percent
FROM attempts LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: paid-orders-only
-- tag: wrong_numerator
-- say: You counted paid orders only. An order that was placed and cancelled the next day did pass its
--   payment, so it is a success of the checkout. Count every order placed.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.app_version, e.payment_method
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment'
      AND s.platform = 'android' AND s.started_at >= '2025-04-01'
), bought AS (
    SELECT DISTINCT session_id FROM orders WHERE status = 'paid'
)
SELECT app_version, payment_method,
       count(*) AS payment_attempts,
       100.0 * count(b.session_id) / count(*) AS success_percent
FROM attempts LEFT JOIN bought b USING (session_id)
GROUP BY ALL

-- trap: orders-joined
-- tag: fanout
-- say: A session with two orders stands twice in your join, so some attempts count twice, and only successful
--   ones. Reduce orders to one row per session before you join.
SELECT s.app_version,
       e.payment_method,
       count(*) AS payment_attempts,
       100.0 * count(o.session_id) / count(*) AS success_percent
FROM checkout_events e
JOIN sessions s USING (session_id)
LEFT JOIN orders o USING (session_id)
WHERE e.event_name = 'add_payment' AND s.platform = 'android' AND s.started_at >= '2025-04-01'
GROUP BY ALL
