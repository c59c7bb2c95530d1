-- What is always true of Marrowby's rows, whatever the seed and size: each query gives the rows that break the rule.

-- rule: session_id is unique
SELECT session_id FROM sessions GROUP BY ALL HAVING count(*) > 1

-- rule: event_id is unique
SELECT event_id FROM checkout_events GROUP BY ALL HAVING count(*) > 1

-- rule: order_id is unique
SELECT order_id FROM orders GROUP BY ALL HAVING count(*) > 1

-- rule: spend has one row a day and channel
SELECT spend_date, channel FROM marketing_spend GROUP BY ALL HAVING count(*) > 1

-- rule: events belong to sessions
FROM checkout_events ANTI JOIN sessions USING (session_id)

-- rule: orders belong to sessions
FROM orders ANTI JOIN sessions USING (session_id, user_id)

-- rule: versions were released
FROM sessions s ANTI JOIN app_releases r ON s.platform = r.platform AND s.app_version = r.app_version
WHERE s.platform <> 'web' AND s.app_version NOT IN ('5.0.3', '5.9.1')

-- rule: no version before its release
SELECT session_id FROM sessions JOIN app_releases r USING (platform, app_version)
GROUP BY session_id, started_at HAVING started_at < min(r.effective_at)

-- rule: versions fit platforms
FROM sessions WHERE (platform = 'web') <> (app_version = 'web')

-- rule: a user has one platform and country
SELECT user_id FROM sessions GROUP BY ALL HAVING count(DISTINCT (platform, country)) > 1

-- rule: sessions lie in the window
FROM sessions WHERE started_at < '2025-03-03' OR started_at >= '2025-04-28'

-- rule: events lie in the window
FROM checkout_events WHERE event_at < '2025-03-03' OR event_at >= '2025-04-28'

-- rule: orders lie in the window
FROM orders WHERE ordered_at < '2025-03-03' OR ordered_at >= '2025-04-28'

-- rule: nothing happens before its session
FROM sessions JOIN checkout_events USING (session_id) WHERE event_at < started_at

-- rule: nothing is ordered before its session
FROM sessions JOIN orders USING (session_id) WHERE ordered_at < started_at

-- rule: sessions are numbered by start
SELECT session_id FROM sessions
QUALIFY session_id <= lag(session_id) OVER (ORDER BY started_at, session_id)

-- rule: users are numbered by first session
SELECT user_id FROM sessions GROUP BY user_id
QUALIFY user_id <= lag(user_id) OVER (ORDER BY min(session_id))

-- rule: events are numbered by time
SELECT event_id FROM checkout_events
QUALIFY event_id <= lag(event_id) OVER (ORDER BY event_at, event_id)

-- rule: orders are numbered by time
SELECT order_id FROM orders QUALIFY order_id <= lag(order_id) OVER (ORDER BY ordered_at, order_id)

-- rule: each step once a session
SELECT session_id, event_name FROM checkout_events WHERE event_name <> 'purchase'
GROUP BY ALL HAVING count(*) > 1

-- rule: steps come in order
SELECT session_id FROM checkout_events GROUP BY ALL
HAVING list(event_name ORDER BY event_id)[:4] <> ['view_cart', 'begin_checkout', 'add_shipping',
       'add_payment'][:count(*)]

-- rule: a failed payment has no order
FROM checkout_events JOIN orders USING (session_id) WHERE event_name = 'payment_error'

-- rule: an attempt succeeds or fails
FROM checkout_events a WHERE event_name = 'add_payment'
AND session_id NOT IN (SELECT session_id FROM orders)
AND session_id NOT IN (SELECT session_id FROM checkout_events WHERE event_name = 'payment_error')

-- rule: an order had a payment attempt
FROM orders WHERE session_id NOT IN
(SELECT session_id FROM checkout_events WHERE event_name = 'add_payment')

-- rule: a purchase follows its order within seconds
FROM checkout_events e WHERE event_name = 'purchase' AND NOT EXISTS (
    FROM orders o WHERE o.session_id = e.session_id
    AND e.event_at BETWEEN o.ordered_at AND o.ordered_at + INTERVAL 4 SECOND)

-- rule: an order has its own purchase event
SELECT session_id FROM orders JOIN sessions USING (session_id)
WHERE platform <> 'web' OR ordered_at NOT BETWEEN '2025-04-15 11:00' AND '2025-04-17 06:00'
GROUP BY session_id
HAVING count(*) <> (SELECT count(*) FROM checkout_events e
                    WHERE e.session_id = orders.session_id AND event_name = 'purchase')

-- rule: an order follows its payment attempt
FROM orders JOIN checkout_events USING (session_id) WHERE event_name = 'add_payment' AND ordered_at < event_at

-- rule: at most two orders a session
SELECT session_id FROM orders GROUP BY ALL HAVING count(*) > 2

-- rule: method from payment on
FROM checkout_events
WHERE (payment_method IS NULL) <> (event_name IN ('view_cart', 'begin_checkout', 'add_shipping'))

-- rule: a session uses one payment method
SELECT session_id FROM checkout_events GROUP BY ALL HAVING count(DISTINCT payment_method) > 1

-- rule: error code on errors only
FROM checkout_events WHERE (error_code IS NULL) <> (event_name <> 'payment_error')

-- rule: error code fits method
FROM checkout_events
WHERE error_code IN ('CARD_DECLINED', 'THREEDS_TIMEOUT') AND payment_method <> 'card'
OR error_code = 'PAYPAL_CANCELLED' AND payment_method <> 'paypal'
OR error_code = 'INVOICE_REFUSED' AND payment_method <> 'invoice'

-- rule: orders cost something
FROM orders WHERE amount_eur <= 0
