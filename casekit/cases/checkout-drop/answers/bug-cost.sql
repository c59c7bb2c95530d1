-- reference
-- say: The honest counterfactual is the same payment on the same phones without the release: card
--   attempts on 5.2.0 at the card success of the other Android versions. What is missing is the cost.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.app_version = '5.2.0' AS is_new
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND e.payment_method = 'card' AND s.platform = 'android'
), bought AS (
    SELECT DISTINCT session_id FROM orders
), counted AS (
    SELECT count_if(is_new) AS new_attempts,
           count(b.session_id) FILTER (WHERE is_new) AS new_successes,
           count(b.session_id) FILTER (WHERE NOT is_new) / count_if(NOT is_new) AS usual_rate
    FROM attempts LEFT JOIN bought b USING (session_id)
), value AS (
    SELECT avg(amount_eur) AS order_eur FROM orders WHERE status = 'paid'
)
SELECT new_attempts * usual_rate - new_successes AS lost_orders,
       (new_attempts * usual_rate - new_successes) * order_eur AS lost_eur
FROM counted CROSS JOIN value

-- trap: sick-in-the-norm
-- tag: self_baseline
-- say: Your normal rate comes from all card payments, the failing ones among them. The fault lowers its
--   own yardstick, so the bill comes out too small. Take the norm from the other Android versions.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.platform = 'android' AND s.app_version = '5.2.0' AS is_new
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND e.payment_method = 'card'
), bought AS (
    SELECT DISTINCT session_id FROM orders
), counted AS (
    SELECT count_if(is_new) AS new_attempts,
           count(b.session_id) FILTER (WHERE is_new) AS new_successes,
           count(b.session_id) / count(*) AS usual_rate
    FROM attempts LEFT JOIN bought b USING (session_id)
), value AS (
    SELECT avg(amount_eur) AS order_eur FROM orders WHERE status = 'paid'
)
SELECT new_attempts * usual_rate - new_successes AS lost_orders,
       (new_attempts * usual_rate - new_successes) * order_eur AS lost_eur
FROM counted CROSS JOIN value

-- trap: whole-fall-billed
-- tag: mix_shift
-- say: You billed the bug for the whole fall. Most of that fall is other visitors arriving, and no patch
--   brings those orders back. Price only the card payments that met 5.2.0.
WITH visits AS (
    SELECT s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), counted AS (
    SELECT count_if(late) AS late_sessions,
           count_if(NOT late AND buys) / count_if(NOT late) - count_if(late AND buys) / count_if(late) AS fall
    FROM visits
), value AS (
    SELECT avg(amount_eur) AS order_eur FROM orders WHERE status = 'paid'
)
SELECT late_sessions * fall AS lost_orders, late_sessions * fall * order_eur AS lost_eur
FROM counted CROSS JOIN value

-- trap: every-failure
-- tag: no_counterfactual
-- say: You counted every failed card payment on 5.2.0. Some payments always fail, on any version, and a
--   patch will not save those. Count only the failures beyond the usual rate.
WITH attempts AS (
    SELECT DISTINCT e.session_id
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND e.payment_method = 'card'
      AND s.platform = 'android' AND s.app_version = '5.2.0'
), bought AS (
    SELECT DISTINCT session_id FROM orders
), counted AS (
    SELECT count(*) - count(b.session_id) AS failed
    FROM attempts LEFT JOIN bought b USING (session_id)
), value AS (
    SELECT avg(amount_eur) AS order_eur FROM orders WHERE status = 'paid'
)
SELECT failed AS lost_orders, failed * order_eur AS lost_eur
FROM counted CROSS JOIN value

-- trap: median-order
-- tag: mean_or_median
-- say: Your orders are right, but they are priced at the median order. Baskets are skewed: a few large
--   ones carry much of the money, and the median cannot see them. A total needs the mean.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.app_version = '5.2.0' AS is_new
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND e.payment_method = 'card' AND s.platform = 'android'
), bought AS (
    SELECT DISTINCT session_id FROM orders
), counted AS (
    SELECT count_if(is_new) AS new_attempts,
           count(b.session_id) FILTER (WHERE is_new) AS new_successes,
           count(b.session_id) FILTER (WHERE NOT is_new) / count_if(NOT is_new) AS usual_rate
    FROM attempts LEFT JOIN bought b USING (session_id)
), value AS (
    SELECT median(amount_eur) AS order_eur FROM orders WHERE status = 'paid'
)
SELECT new_attempts * usual_rate - new_successes AS lost_orders,
       (new_attempts * usual_rate - new_successes) * order_eur AS lost_eur
FROM counted CROSS JOIN value

-- trap: all-sessions-as-attempts
-- tag: wrong_denominator
-- say: You applied the conversion of whole visits to the visits on 5.2.0. Visitors who only looked
--   around cannot lose a payment, and their mix changed in the same days. Start from card attempts.
WITH visits AS (
    SELECT s.app_version = '5.2.0' AS is_new, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
    WHERE s.platform = 'android'
), counted AS (
    SELECT count_if(is_new) * (count_if(NOT is_new AND buys) / count_if(NOT is_new))
           - count_if(is_new AND buys) AS lost
    FROM visits
), value AS (
    SELECT avg(amount_eur) AS order_eur FROM orders WHERE status = 'paid'
)
SELECT lost AS lost_orders, lost * order_eur AS lost_eur
FROM counted CROSS JOIN value
