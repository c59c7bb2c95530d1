-- What must be true of Wayfennel's data on every seed. Facts that hang on a few hundred bookings need the
-- default size; the others hold at the small one too.

-- view: one_per_id
SELECT * FROM raw_events QUALIFY row_number() OVER (PARTITION BY insert_id ORDER BY server_ts) = 1

-- view: clean_events
SELECT * FROM (
  SELECT * REPLACE (CASE WHEN client_ts < TIMESTAMP '2020-01-01' OR client_ts > server_ts + INTERVAL 1 HOUR
                         THEN server_ts ELSE client_ts END AS client_ts)
  FROM one_per_id
) QUALIFY row_number() OVER (PARTITION BY anonymous_id, event_name, client_ts
                             ORDER BY (source = 'backfill')::INT, server_ts, insert_id) = 1

-- view: first_link
SELECT anonymous_id, arg_min(user_id, linked_at) AS first_user FROM identity_map GROUP BY 1

-- view: stitched
SELECT e.*, coalesce(e.user_id, m.user_id, f.first_user, e.anonymous_id) AS person_id
FROM clean_events e ASOF LEFT JOIN identity_map m ON e.anonymous_id = m.anonymous_id AND e.client_ts >= m.linked_at
LEFT JOIN first_link f ON e.anonymous_id = f.anonymous_id

-- view: mobile_days
SELECT server_ts, client_ts::DATE AS event_day FROM clean_events
WHERE platform <> 'web' AND client_ts::DATE BETWEEN '2025-05-06' AND '2025-05-17'

-- view: saves
SELECT date_trunc('week', client_ts)::DATE AS week, count_if(event_name = 'trip_saved') AS dashboard, count(*) AS both_names
FROM clean_events WHERE event_name IN ('trip_saved', 'itinerary_saved') GROUP BY ALL

-- view: runs
SELECT *, median(rows_loaded) OVER (ORDER BY run_date ROWS BETWEEN 7 PRECEDING AND 1 PRECEDING) AS usual
FROM pipeline_runs

-- view: gaps
SELECT person_id, date_diff('second', lag(client_ts) OVER (PARTITION BY person_id ORDER BY client_ts, insert_id), client_ts) AS gap_s
FROM stitched

-- view: steps
SELECT person_id, min(client_ts) AS t0, min(client_ts) FILTER (WHERE event_name = 'signup_completed') AS t1
FROM stitched GROUP BY ALL

-- view: saved
SELECT s.*, min(client_ts) FILTER (WHERE event_name IN ('trip_saved', 'itinerary_saved') AND client_ts >= t1) AS t2
FROM steps s JOIN stitched USING (person_id) GROUP BY ALL

-- view: booked
SELECT s.*, min(client_ts) FILTER (WHERE event_name = 'booking_completed' AND client_ts >= t2) AS t3
FROM saved s JOIN stitched USING (person_id) GROUP BY ALL

-- view: funnel
SELECT count(*) AS visitors, count_if(t1 <= t0 + INTERVAL 7 DAY) AS signed_up,
       count_if(t1 <= t0 + INTERVAL 7 DAY AND t2 <= t0 + INTERVAL 7 DAY) AS saved,
       count_if(t1 <= t0 + INTERVAL 7 DAY AND t2 <= t0 + INTERVAL 7 DAY AND t3 <= t0 + INTERVAL 7 DAY) AS booked
FROM booked LEFT JOIN users ON user_id = person_id WHERE t0 < '2025-05-25' AND NOT coalesce(is_internal, false)

-- view: unstitched
SELECT coalesce(user_id, anonymous_id) AS id, min(client_ts) AS t0,
       min(client_ts) FILTER (WHERE event_name = 'signup_completed') AS t1
FROM clean_events GROUP BY ALL

-- view: local_days
SELECT u.timezone, (b.booked_at::DATE <> ((b.booked_at AT TIME ZONE 'UTC') AT TIME ZONE u.timezone)::DATE)::INT AS is_other
FROM bookings b JOIN users u USING (user_id)

-- T1: retries have the same insert_id

-- fact: retried_mobile_percent
-- range: 4 to 8 at default, small
-- says: About 6 % of the mobile rows are a second delivery of the same insert_id.
SELECT 100 * (count(*) - count(DISTINCT insert_id)) / count(*) FROM raw_events WHERE platform <> 'web'

-- fact: retried_web_rows
-- range: 0 to 0 at default, small
-- says: Browsers send once.
SELECT count(*) - count(DISTINCT insert_id) FROM raw_events WHERE platform = 'web'

-- fact: identical_rows
-- range: 0 to 0 at default, small
-- says: No two rows are alike in every column, so SELECT DISTINCT removes nothing.
SELECT (SELECT count(*) FROM raw_events) - (SELECT count(*) FROM (SELECT DISTINCT * FROM raw_events))

-- fact: clean_less_true_rows
-- range: -2 to 0 at default, small
-- says: After cleaning there is one row for each true event that arrived: the insert_ids of the SDKs count them.
--   Two events of one phone may by chance be repaired to the same second and then count as one.
SELECT (SELECT count(*) FROM clean_events) - count(DISTINCT insert_id) FROM raw_events WHERE source = 'sdk'

-- fact: collapsed_events
-- range: 5 to 400 at default, small
-- says: The natural key alone, on raw rows, throws true events away: those with a clock of 1970 look alike.
SELECT (SELECT count(*) FROM clean_events)
     - (SELECT count(*) FROM (SELECT DISTINCT anonymous_id, event_name, client_ts FROM raw_events))

-- T2: the backfill has new ids

-- fact: backfill_share_of_web_days
-- range: 1 to 1 at default, small
-- says: Each web event of 18 and 19 May is there twice, once from the SDK and once from the backfill.
SELECT count_if(source = 'backfill') / count_if(source = 'sdk') FROM raw_events
WHERE platform = 'web' AND client_ts >= '2025-05-18' AND client_ts < '2025-05-20'

-- fact: backfill_shared_ids
-- range: 0 to 0 at default, small
-- says: No backfilled row has an insert_id that the SDKs gave, so the insert_id does not find the copies.
SELECT count(*) FROM (SELECT insert_id FROM raw_events GROUP BY ALL HAVING count(DISTINCT source) > 1)

-- fact: backfill_left_by_id_share
-- range: 0.02 to 0.035 at default, small
-- says: Without the natural key 2 to 3 % of the rows would stay too many.
SELECT count(DISTINCT insert_id) / (SELECT count(*) FROM clean_events) - 1 FROM raw_events

-- T3: mobile events arrive late

-- fact: complete_d0_percent
-- range: 93.5 to 96.2 at default, small
-- says: About 95 % of a day's mobile events are there at its end.
SELECT 100 * count_if(server_ts < event_day + INTERVAL 1 DAY) / count(*) FROM mobile_days

-- fact: complete_d1_percent
-- range: 94.8 to 97.2 at default, small
-- says: About 96 % are there a day later.
SELECT 100 * count_if(server_ts < event_day + INTERVAL 2 DAY) / count(*) FROM mobile_days

-- fact: complete_d3_percent
-- range: 97.5 to 99.0 at default, small
-- says: About 98 % are there three days later.
SELECT 100 * count_if(server_ts < event_day + INTERVAL 4 DAY) / count(*) FROM mobile_days

-- fact: web_complete_d0_percent
-- range: 99.5 to 100 at default, small
-- says: Web events arrive at once, so counting them in hides the delay.
SELECT 100 * count_if(server_ts < client_ts::DATE + INTERVAL 1 DAY) / count(*) FROM clean_events WHERE platform = 'web'

-- T4: clocks that show 1970

-- fact: clock_1970_percent
-- range: 0.15 to 0.65 at default, small
-- says: About 0.4 % of mobile events have a client time of 1970.
SELECT 100 * avg((client_ts < '2020-01-01')::INT) FROM one_per_id WHERE platform <> 'web'

-- T5: trip_saved is called itinerary_saved in app 7.1

-- fact: dashboard_saves_change_percent
-- range: -60 to -45 at default, small
-- says: In the week of 12 May the dashboard shows about half as many saves as the week before.
SELECT 100 * (max(dashboard) FILTER (WHERE week = '2025-05-12') / max(dashboard) FILTER (WHERE week = '2025-05-05') - 1)
FROM saves

-- fact: true_saves_change_percent
-- range: -15 to 15 at default, small
-- says: Under both names there are about as many saves as the week before.
SELECT 100 * (max(both_names) FILTER (WHERE week = '2025-05-12') / max(both_names) FILTER (WHERE week = '2025-05-05') - 1) FROM saves

-- fact: new_name_before_release_rows
-- range: 0 to 0 at default, small
-- says: Nobody sends itinerary_saved before 12 May or from another version than 7.1.
SELECT count(*) FROM clean_events
WHERE event_name = 'itinerary_saved' AND (client_ts < '2025-05-12' OR app_version <> '7.1')

-- fact: old_name_on_71_rows
-- range: 0 to 0 at default, small
-- says: App 7.1 never sends trip_saved.
SELECT count(*) FROM raw_events WHERE event_name = 'trip_saved' AND app_version = '7.1'

-- T6: the load of 24 May broke off

-- fact: bad_load_days
-- range: 1 to 1 at default, small
-- says: One run loaded less than 70 % of the median of the seven before.
SELECT count(*) FROM runs WHERE rows_loaded < 0.7 * usual

-- fact: load_24_may_share
-- range: 0.25 to 0.5 at default, small
-- says: It is the run of 24 May, with less than half of the usual rows.
SELECT rows_loaded / usual FROM runs WHERE run_date = '2025-05-24'

-- fact: warned_runs
-- range: 1 to 1 at default, small
-- says: Only that run ended with warnings.
SELECT count_if(status <> 'success') + 10 * count_if(status <> 'success' AND run_date <> '2025-05-24') FROM pipeline_runs

-- fact: rows_in_the_gap
-- range: 0 to 0 at default, small
-- says: No SDK row arrived from 11:00 to midnight.
SELECT count(*) FROM raw_events
WHERE source = 'sdk' AND server_ts >= '2025-05-24 11:00' AND server_ts < '2025-05-25'

-- fact: bookings_captured_percent
-- range: 95.5 to 99.8 at default, small
-- says: The events hold about 98 % of the backend's bookings; the gap took the others.
SELECT 100 * (SELECT count(*) FROM clean_events WHERE event_name = 'booking_completed') / count(*) FROM bookings

-- T7: one person is several ids

-- fact: unstitched_excess_percent
-- range: 18 to 26 at default, small
-- says: Ids that are not stitched count about 22 % more visitors than there are people.
SELECT 100 * (count(DISTINCT coalesce(user_id, anonymous_id)) / count(DISTINCT person_id) - 1) FROM stitched

-- fact: devices_excess_percent
-- range: 3 to 7 at default, small
-- says: There are about 5 % more devices than people.
SELECT 100 * (count(DISTINCT anonymous_id) / count(DISTINCT person_id) - 1) FROM stitched

-- fact: stitched_less_clean_rows
-- range: 0 to 0 at default, small
-- says: Stitching as of the moment keeps every row and doubles none.
SELECT (SELECT count(*) FROM stitched) - (SELECT count(*) FROM clean_events)

-- fact: plain_join_extra_rows
-- range: 50 to 5000 at default, small
-- says: A plain join doubles the events of shared tablets.
SELECT (SELECT count(*) FROM clean_events e LEFT JOIN identity_map m ON e.anonymous_id = m.anonymous_id) - count(*)
FROM clean_events

-- fact: shared_devices
-- range: 10 to 150 at default, small
-- says: Some devices have two users, the second about nine days after the first.
SELECT count(*) FROM (
  SELECT anonymous_id FROM identity_map GROUP BY 1
  HAVING count(*) = 2 AND max(linked_at) - min(linked_at) BETWEEN INTERVAL 8 DAY AND INTERVAL 10 DAY)

-- fact: true_signup_percent
-- range: 20.5 to 22.5 at default, small
-- says: About 21 to 22 % of people sign up within seven days.
SELECT 100 * signed_up / visitors FROM funnel

-- fact: unstitched_signup_percent
-- range: 16.8 to 18.6 at default, small
-- says: Without stitching it looks like 18 %.
SELECT 100 * count_if(t1 <= t0 + INTERVAL 7 DAY) / count(*) FROM unstitched WHERE t0 < '2025-05-25'

-- fact: saved_of_signed_percent
-- range: 78 to 90 at default, small
-- says: Most who sign up save a trip within the seven days.
SELECT 100 * saved / signed_up FROM funnel

-- fact: booked_of_saved_percent
-- range: 28 to 46 at default, small
-- says: About a third of those book within the seven days.
SELECT 100 * booked / saved FROM funnel

-- fact: loose_order_extra_percent
-- range: 30 to 85 at default, small
-- says: Without an order of steps, a window and a cut-off there seem to be many more bookers.
SELECT 100 * ((SELECT count(DISTINCT person_id) FROM stitched WHERE event_name = 'booking_completed') / booked - 1)
FROM funnel

-- fact: sessions_per_person
-- range: 1.8 to 2.05 at default, small
-- says: A person has about two sessions, cut where nothing happens for more than 30 minutes.
SELECT count_if(gap_s IS NULL OR gap_s > 1800) / count(DISTINCT person_id) FROM gaps

-- fact: days_less_sessions_percent
-- range: -18 to -8 at default, small
-- says: A person has fewer days than sessions: days hold several, although sessions cross midnight.
SELECT 100 * (count(DISTINCT (person_id, client_ts::DATE)) / (SELECT count_if(gap_s IS NULL OR gap_s > 1800) FROM gaps) - 1)
FROM stitched

-- fact: raw_sessions_missing
-- range: 3 to 300 at default, small
-- says: Sessions of devices on raw rows are too few: a phone that is stuck in 1970 has one endless session.
SELECT (SELECT count_if(gap_s IS NULL OR gap_s > 1800) FROM gaps) - count_if(gap_s IS NULL OR gap_s > 1800) FROM (
  SELECT date_diff('second', lag(client_ts) OVER (PARTITION BY anonymous_id ORDER BY client_ts), client_ts) AS gap_s
  FROM raw_events)

-- T8: other faults of the apps

-- fact: camel_case_percent
-- range: 26 to 34 at default, small
-- says: About 30 % of trip views on Android 7.1 are called tripViewed.
SELECT 100 * avg((event_name = 'tripViewed')::INT) FROM clean_events
WHERE event_name IN ('trip_viewed', 'tripViewed') AND platform = 'android' AND app_version = '7.1'

-- fact: camel_case_elsewhere_rows
-- range: 0 to 0 at default, small
-- says: No other platform or version sends tripViewed, and no other name is missing from the plan.
SELECT count(*) FROM raw_events
WHERE event_name NOT IN (SELECT event_name FROM tracking_plan)
  AND (event_name <> 'tripViewed' OR platform <> 'android' OR app_version <> '7.1')

-- fact: signup_without_user_percent
-- range: 4 to 8 at default, small
-- says: About 6 % of iOS signups have no user_id.
SELECT 100 * avg((user_id IS NULL)::INT) FROM clean_events WHERE event_name = 'signup_completed' AND platform = 'ios'

-- fact: other_signups_without_user
-- range: 0 to 0 at default, small
-- says: Every other signup has one.
SELECT count(*) FROM raw_events WHERE event_name = 'signup_completed' AND platform <> 'ios' AND user_id IS NULL

-- T9: whose day

-- fact: new_york_other_day_percent
-- range: 5 to 16
-- says: About 10 % of New York bookings fall on another local day than in UTC.
SELECT 100 * avg(is_other) FROM local_days WHERE timezone = 'America/New_York'

-- fact: europe_other_day_percent
-- range: 0.3 to 4 at default, small
-- says: In Europe it is 1 or 2 %.
SELECT 100 * avg(is_other) FROM local_days WHERE timezone <> 'America/New_York'

-- Hours

-- fact: automatable_hours_percent
-- range: 30 to 38 at default, small
-- says: About a third of the analyst's week goes into work that checks and a clean table would take over.
SELECT 100 * sum(hours_per_week) FILTER (WHERE task IN (
  'explain why yesterday''s numbers moved', 'compare the dashboard with the warehouse by hand',
  'delete duplicates after complaints', 'look whether last night''s load was complete',
  'search for renamed or misspelt events', 'merge the devices of one person by hand')) / sum(hours_per_week)
FROM exhibit_hours
