-- What is always true of Wayfennel's rows, whatever the seed and size: each query gives the rows that break the rule.

-- rule: a user has one row
SELECT user_id FROM users GROUP BY ALL HAVING count(*) > 1

-- rule: a device and user are linked once
SELECT anonymous_id, user_id FROM identity_map GROUP BY ALL HAVING count(*) > 1

-- rule: a device has at most two users
SELECT anonymous_id FROM identity_map GROUP BY ALL HAVING count(*) > 2

-- rule: a run is told once
SELECT run_id FROM pipeline_runs GROUP BY ALL HAVING count(*) > 1

-- rule: an event of the plan is told once
SELECT event_name FROM tracking_plan GROUP BY ALL HAVING count(*) > 1

-- rule: events belong to users
FROM raw_events e ANTI JOIN users u USING (user_id) WHERE e.user_id IS NOT NULL

-- rule: bookings belong to users
FROM bookings ANTI JOIN users USING (user_id)

-- rule: links belong to users
FROM identity_map ANTI JOIN users USING (user_id)

-- rule: who is logged in is linked
FROM raw_events e ANTI JOIN identity_map m USING (anonymous_id, user_id)
WHERE e.user_id IS NOT NULL

-- rule: nobody is logged in before the link
FROM raw_events e JOIN identity_map m USING (anonymous_id, user_id)
WHERE client_ts > '2020-01-01' AND client_ts < linked_at

-- rule: users are numbered by signup
SELECT user_id FROM users
QUALIFY user_id[2:]::INT <= lag(user_id[2:]::INT) OVER (ORDER BY created_at, user_id[2:]::INT)

-- rule: a user signs up before all else
FROM users JOIN identity_map USING (user_id) WHERE linked_at < created_at
UNION ALL SELECT * FROM (FROM users JOIN bookings USING (user_id) WHERE booked_at < created_at)

-- rule: a device has one platform
SELECT anonymous_id FROM raw_events GROUP BY ALL HAVING count(DISTINCT platform) > 1

-- rule: versions fit platforms
FROM raw_events WHERE (platform = 'web') <> (app_version = 'web')

-- rule: no app 7.1 before its release
FROM raw_events
WHERE app_version = '7.1' AND client_ts > '2020-01-01' AND client_ts < '2025-05-12'

-- rule: events happen in May or in 1970
FROM raw_events WHERE client_ts <> '1970-01-01 00:00:07'
AND (client_ts < '2025-05-01' OR client_ts >= '2025-06-01')

-- rule: nothing arrives before it happens
FROM raw_events WHERE server_ts < client_ts

-- rule: all else happens in May
FROM (SELECT created_at AS moment FROM users UNION ALL SELECT linked_at FROM identity_map
      UNION ALL SELECT booked_at FROM bookings)
WHERE moment < '2025-05-01' OR moment >= '2025-06-01'

-- rule: rows stand in order of arrival
SELECT server_ts FROM raw_events QUALIFY server_ts < lag(server_ts) OVER (ORDER BY rowid)

-- rule: deliveries of one id say the same
SELECT insert_id FROM raw_events GROUP BY ALL
HAVING count(DISTINCT (event_name, anonymous_id, coalesce(user_id, ''), client_ts)) > 1

-- rule: only apps send twice
SELECT insert_id FROM raw_events GROUP BY ALL HAVING count(*) > 1 AND min(platform) = 'web'

-- rule: the backfill came at once
FROM raw_events WHERE source = 'backfill' AND server_ts <> '2025-05-22 03:00'

-- rule: each backfilled row has its original
FROM (FROM raw_events WHERE source = 'backfill') b ANTI JOIN (FROM raw_events WHERE source = 'sdk') e
USING (anonymous_id, event_name, client_ts)

-- rule: a booking event has its booking
FROM raw_events e ANTI JOIN bookings b ON e.user_id = b.user_id AND e.client_ts = b.booked_at
WHERE event_name = 'booking_completed' AND client_ts > '2020-01-01'

-- rule: a booking costs something
FROM bookings WHERE amount_eur <= 0

-- rule: a task takes time
FROM exhibit_hours WHERE hours_per_week <= 0

-- rule: runs count what arrived
FROM pipeline_runs r WHERE rows_loaded <>
(SELECT count(*) FROM raw_events WHERE source = 'sdk' AND server_ts::DATE = r.run_date)
