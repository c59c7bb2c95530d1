-- The queries of Wayfennel's reference answers, which tell its story; each may read the views of those before.
-- E01
CREATE OR REPLACE TEMP VIEW clean_events AS
WITH one AS (SELECT * FROM raw_events QUALIFY row_number() OVER (PARTITION BY insert_id ORDER BY server_ts) = 1),
     fixed AS (SELECT * REPLACE (CASE WHEN client_ts < TIMESTAMP '2020-01-01' OR client_ts > server_ts + INTERVAL 1 HOUR THEN server_ts ELSE client_ts END AS client_ts) FROM one)
SELECT * FROM fixed QUALIFY row_number() OVER (PARTITION BY anonymous_id, event_name, client_ts ORDER BY (source = 'backfill')::INT, server_ts, insert_id) = 1;
SELECT (SELECT count(*) FROM raw_events) AS raw_rows, (SELECT count(DISTINCT insert_id) FROM raw_events) AS distinct_insert_ids, (SELECT count(*) FROM clean_events) AS clean_rows;
-- E02
SELECT round(100.0 * count_if(server_ts < client_ts::DATE + INTERVAL 1 DAY) / count(*), 1) AS complete_d0_pct, round(100.0 * count_if(server_ts < client_ts::DATE + INTERVAL 2 DAY) / count(*), 1) AS complete_d1_pct,
       round(100.0 * count_if(server_ts < client_ts::DATE + INTERVAL 4 DAY) / count(*), 1) AS complete_d3_pct FROM clean_events WHERE platform <> 'web' AND client_ts::DATE BETWEEN '2025-05-06' AND '2025-05-17';
-- E03
SELECT run_date::DATE AS run_date, rows_loaded, round(med) AS expected_rows, round(100.0 * rows_loaded / med) AS pct_of_expected
FROM (SELECT *, median(rows_loaded) OVER (ORDER BY run_date ROWS BETWEEN 7 PRECEDING AND 1 PRECEDING) AS med FROM pipeline_runs) WHERE rows_loaded < 0.7 * med ORDER BY 1;
-- E04
SELECT date_trunc('week', client_ts)::DATE AS week, count_if(event_name = 'trip_saved') AS dashboard_saves, count_if(event_name IN ('trip_saved', 'itinerary_saved')) AS true_saves FROM clean_events GROUP BY 1 ORDER BY 1;
-- E05
CREATE OR REPLACE TEMP VIEW stitched AS
WITH first_link AS (SELECT anonymous_id, arg_min(user_id, linked_at) AS first_user FROM identity_map GROUP BY 1)
SELECT e.*, coalesce(e.user_id, m.user_id, f.first_user, e.anonymous_id) AS person_id
FROM clean_events e ASOF LEFT JOIN identity_map m ON e.anonymous_id = m.anonymous_id AND e.client_ts >= m.linked_at LEFT JOIN first_link f ON e.anonymous_id = f.anonymous_id;
SELECT count(DISTINCT anonymous_id) AS devices, count(DISTINCT coalesce(user_id, anonymous_id)) AS unstitched_people, count(DISTINCT person_id) AS people, count(*) AS n_rows FROM stitched;
-- E06
CREATE OR REPLACE TEMP VIEW sessions AS
WITH x AS (SELECT person_id, client_ts, insert_id, CASE WHEN client_ts - lag(client_ts) OVER w <= INTERVAL 30 MINUTE THEN 0 ELSE 1 END AS is_new FROM stitched WINDOW w AS (PARTITION BY person_id ORDER BY client_ts, insert_id)),
     y AS (SELECT *, sum(is_new) OVER (PARTITION BY person_id ORDER BY client_ts, insert_id ROWS UNBOUNDED PRECEDING) AS session_no FROM x)
SELECT person_id, session_no, min(client_ts) AS started_at, max(client_ts) AS ended_at, count(*) AS events FROM y GROUP BY 1, 2;
SELECT count(*) AS sessions, round(count(*) / count(DISTINCT person_id), 2) AS sessions_per_person, median(events) AS median_events FROM sessions;
-- E07
WITH s AS (SELECT person_id, min(client_ts) AS t0, min(client_ts) FILTER (WHERE event_name = 'signup_completed') AS t1 FROM stitched GROUP BY 1),
     a AS (SELECT s.person_id, t0, t1, min(e.client_ts) FILTER (WHERE e.event_name IN ('trip_saved', 'itinerary_saved') AND e.client_ts >= t1) AS t2 FROM s JOIN stitched e USING (person_id) GROUP BY ALL),
     b AS (SELECT a.person_id, t0, t1, t2, min(e.client_ts) FILTER (WHERE e.event_name = 'booking_completed' AND e.client_ts >= t2) AS t3 FROM a JOIN stitched e USING (person_id) GROUP BY ALL)
SELECT count(*) AS visitors, count_if(t1 <= t0 + INTERVAL 7 DAY) AS signed_up, count_if(t1 <= t0 + INTERVAL 7 DAY AND t2 <= t0 + INTERVAL 7 DAY) AS saved, count_if(t1 <= t0 + INTERVAL 7 DAY AND t2 <= t0 + INTERVAL 7 DAY AND t3 <= t0 + INTERVAL 7 DAY) AS booked
FROM b LEFT JOIN users u ON u.user_id = b.person_id WHERE t0 < '2025-05-25' AND NOT coalesce(u.is_internal, false);
-- E08
WITH b AS (SELECT count(*) AS bookings_backend FROM bookings WHERE booked_at < '2025-06-01'), e AS (SELECT count(*) AS bookings_events FROM clean_events WHERE event_name = 'booking_completed')
SELECT bookings_backend, bookings_events, round(100.0 * bookings_events / bookings_backend, 1) AS capture_pct FROM b, e;
-- E09
SELECT 'dup_insert_id' AS check_name, count(*) - count(DISTINCT insert_id) AS failing_rows FROM raw_events
UNION ALL SELECT 'client_ts_out_of_range', count_if(client_ts < '2020-01-01' OR client_ts > server_ts + INTERVAL 1 HOUR) FROM raw_events
UNION ALL SELECT 'event_not_in_plan', count(*) FROM raw_events e ANTI JOIN tracking_plan p ON e.event_name = p.event_name
UNION ALL SELECT 'signup_without_user_id', count_if(event_name = 'signup_completed' AND user_id IS NULL) FROM raw_events
UNION ALL SELECT 'days_below_70pct_rows', count(*) FROM (SELECT rows_loaded, median(rows_loaded) OVER (ORDER BY run_date ROWS BETWEEN 7 PRECEDING AND 1 PRECEDING) AS m FROM pipeline_runs) WHERE rows_loaded < 0.7 * m;
-- E11
SELECT u.timezone, count(*) AS bookings, count_if(b.booked_at::DATE <> ((b.booked_at AT TIME ZONE 'UTC') AT TIME ZONE u.timezone)::DATE) AS different_local_day, round(100.0 * different_local_day / count(*), 1) AS pct
FROM bookings b JOIN users u USING (user_id) GROUP BY 1 ORDER BY 1;
