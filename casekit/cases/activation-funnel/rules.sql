-- What is always true of Noteloom's rows, whatever the seed and size: each query gives the rows that break the rule.

-- rule: account_id is unique
SELECT account_id FROM accounts GROUP BY ALL HAVING count(*) > 1

-- rule: event_id is unique
SELECT event_id FROM product_events GROUP BY ALL HAVING count(*) > 1

-- rule: a plan is taken once
SELECT account_id, plan FROM subscriptions GROUP BY ALL HAVING count(*) > 1

-- rule: spend has one row a week and source
SELECT week, source FROM spend GROUP BY ALL HAVING count(*) > 1

-- rule: events belong to accounts
FROM product_events ANTI JOIN accounts USING (account_id)

-- rule: subscriptions belong to accounts
FROM subscriptions ANTI JOIN accounts USING (account_id)

-- rule: signups lie in the window
FROM accounts WHERE signup_at < '2025-09-01' OR signup_at >= '2025-11-10'

-- rule: events lie in the window
FROM product_events WHERE event_at < '2025-09-01' OR event_at >= '2025-11-10'

-- rule: subscriptions lie in the window
FROM subscriptions WHERE started_at < '2025-09-01' OR started_at >= '2025-11-10'

-- rule: weeks start on Mondays
FROM spend WHERE isodow(week) <> 1

-- rule: every week has four sources
SELECT week FROM spend GROUP BY ALL HAVING count(DISTINCT source) <> 4

-- rule: accounts are numbered by signup
SELECT account_id FROM accounts
QUALIFY account_id <= lag(account_id) OVER (ORDER BY signup_at, account_id)

-- rule: events are numbered by time
SELECT event_id FROM product_events
QUALIFY event_id <= lag(event_id) OVER (ORDER BY event_at, event_id)

-- rule: only the demo comes before signup
SELECT account_id FROM accounts JOIN product_events USING (account_id) WHERE event_at < signup_at
GROUP BY ALL HAVING count(*) > 2 OR bool_or(event_name NOT IN ('doc_created', 'doc_viewed'))

-- rule: nobody invites before a document
SELECT account_id FROM accounts JOIN product_events USING (account_id) WHERE event_at >= signup_at
GROUP BY ALL HAVING min(event_at) FILTER (WHERE event_name = 'invite_sent')
    < coalesce(min(event_at) FILTER (WHERE event_name = 'doc_created'), 'infinity')

-- rule: no more invites accepted than sent
SELECT account_id FROM product_events GROUP BY ALL
HAVING count_if(event_name = 'invite_accepted') > count_if(event_name = 'invite_sent')

-- rule: nobody accepts before an invite
SELECT account_id FROM product_events GROUP BY ALL
HAVING min(event_at) FILTER (WHERE event_name = 'invite_accepted')
    < coalesce(min(event_at) FILTER (WHERE event_name = 'invite_sent'), 'infinity')

-- rule: nobody pays before inviting
FROM subscriptions s WHERE NOT EXISTS (
    FROM product_events e WHERE e.account_id = s.account_id AND event_name = 'invite_sent'
    AND event_at <= started_at)

-- rule: an upgrade is a higher plan, later
SELECT account_id FROM subscriptions
QUALIFY mrr_eur <= lag(mrr_eur) OVER (PARTITION BY account_id ORDER BY started_at)

-- rule: a plan has one price
SELECT plan FROM subscriptions GROUP BY ALL HAVING count(DISTINCT mrr_eur) > 1

-- rule: spend is above nothing
FROM spend WHERE eur <= 0
