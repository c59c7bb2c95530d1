-- The queries of Ledgerfern's reference answers, which tell its story.
-- E01
WITH t AS (SELECT issue_id, min(changed_at) FILTER (WHERE to_status = 'In Progress') AS started_at, max(changed_at) FILTER (WHERE to_status = 'Done') AS done_at, arg_max(to_status, changed_at) AS last_status FROM issue_transitions GROUP BY 1)
SELECT i.team, CASE WHEN done_at < '2025-05-01' THEN 'Jan-Apr' ELSE 'May-Aug' END AS period, count(*) AS done_issues, round(median(date_diff('minute', started_at, done_at)) / 1440, 1) AS median_days,
       round(quantile_cont(date_diff('minute', started_at, done_at), 0.85) / 1440, 1) AS p85_days FROM t JOIN issues i USING (issue_id) WHERE last_status = 'Done' GROUP BY ALL ORDER BY i.team, period;
-- E02
WITH x AS (SELECT issue_id, to_status AS status, changed_at AS entered_at, lead(changed_at) OVER (PARTITION BY issue_id ORDER BY changed_at, transition_id) AS left_at FROM issue_transitions)
SELECT i.team, status, round(avg(date_diff('minute', entered_at, left_at)) FILTER (WHERE left_at < '2025-05-01') / 1440, 2) AS days_jan_apr,
       round(avg(date_diff('minute', entered_at, left_at)) FILTER (WHERE left_at >= '2025-05-01') / 1440, 2) AS days_may_aug, round(days_may_aug - days_jan_apr, 2) AS delta_days
FROM x JOIN issues i USING (issue_id) WHERE left_at IS NOT NULL AND status IN ('In Progress', 'In Review', 'QA', 'Ready for Release') GROUP BY ALL ORDER BY delta_days DESC, i.team, status;
-- E03
SELECT i.team, count(DISTINCT t.issue_id) FILTER (WHERE t.to_status = 'QA') AS reached_qa, count(DISTINCT t.issue_id) FILTER (WHERE t.from_status IN ('QA', 'Done') AND t.to_status = 'In Progress') AS reopened,
       round(100.0 * reopened / reached_qa, 1) AS reopen_pct FROM issue_transitions t JOIN issues i USING (issue_id) GROUP BY 1 ORDER BY reopen_pct DESC, i.team;
-- E04
WITH t AS (SELECT issue_id, min(changed_at) FILTER (WHERE to_status = 'In Progress') AS started_at, min(changed_at) FILTER (WHERE to_status = 'Done') AS first_done_at FROM issue_transitions GROUP BY 1)
SELECT date_trunc('month', started_at)::DATE AS start_month, count(*) AS started, count_if(started_at <= TIMESTAMP '2025-09-01' - INTERVAL 14 DAY) AS observable,
       round(100.0 * count_if(first_done_at <= started_at + INTERVAL 14 DAY AND started_at <= TIMESTAMP '2025-09-01' - INTERVAL 14 DAY) / nullif(observable, 0), 1) AS done_within_14d_pct
FROM t WHERE started_at IS NOT NULL GROUP BY 1 ORDER BY 1;
-- E05
SELECT count(*) AS scheduled, round(100.0 * count_if(released_at::DATE <= planned_date) / count(*), 1) AS on_time_pct_current_plan,
       round(100.0 * count_if(released_at::DATE <= original_planned_date) / count(*), 1) AS on_time_pct_original_plan, count_if(planned_date > original_planned_date) AS rebaselined FROM releases WHERE release_type = 'scheduled';
-- E06
WITH clean AS (SELECT *, CASE WHEN confidence > 1 THEN confidence / 100 ELSE confidence END AS conf FROM backlog_items WHERE effort_pw > 0)
SELECT rank() OVER (ORDER BY round(reach_per_quarter * impact * conf / effort_pw, 1) DESC) AS rice_rank, item_id, title, round(reach_per_quarter * impact * conf / effort_pw, 1) AS rice FROM clean QUALIFY rice_rank <= 8 ORDER BY rice_rank, item_id;
-- E08
WITH m AS (SELECT r.release_id, r.release_type, r.released_at >= '2025-06-01' AS post, sum(t.minutes) FILTER (WHERE t.mode = 'manual') AS manual_min FROM releases r JOIN release_tasks t USING (release_id) GROUP BY ALL),
     g AS (SELECT release_type, count_if(NOT post) / sum(count_if(NOT post)) OVER () AS base_share, avg(manual_min) FILTER (WHERE NOT post) AS m0, avg(manual_min) FILTER (WHERE post) AS m1 FROM m GROUP BY 1),
     n AS (SELECT avg(manual_min) FILTER (WHERE NOT post) AS b, avg(manual_min) FILTER (WHERE post) AS a FROM m), k AS (SELECT sum(base_share * m0) AS s0, sum(base_share * m1) AS s1 FROM g)
SELECT round(b, 1) AS before_avg, round(a, 1) AS after_avg, round(100 * (1 - a / b), 1) AS naive_saving_pct, round(100 * (1 - s1 / s0), 1) AS mix_adjusted_saving_pct FROM n, k;
-- E09
WITH p AS (SELECT sum(t.minutes) / 60.0 / 5 * 12 AS h0, sum(CASE WHEN t.mode = 'manual' AND r.release_type = 'scheduled' AND t.task IN ('release_notes', 'regression_check', 'ticket_tidy') THEN 4 ELSE t.minutes END) / 60.0 / 5 * 12 AS h1
           FROM releases r JOIN release_tasks t USING (release_id) WHERE r.released_at < '2025-06-01')
SELECT round(h0) AS hours_now, round(h1) AS hours_automated, round(100 * (1 - h1 / h0), 1) AS saving_pct, round((h0 - h1) * 62) AS eur_per_year, round(18000 / ((h0 - h1) * 62 / 12 - 250), 1) AS payback_months FROM p;
-- E11
SELECT b.item_id, b.title, b.reach_per_quarter, a.ai_reach, round(a.ai_reach / b.reach_per_quarter, 1) AS ratio FROM backlog_items b JOIN ai_suggestions a USING (item_id) WHERE a.ai_reach > 3 * b.reach_per_quarter OR 3 * a.ai_reach < b.reach_per_quarter ORDER BY ratio DESC;
