-- What must be true of Ledgerfern's data on every seed. Releases, the backlog and the votes are the same at every
-- size; facts about one month's issues of one squad need the default size.

-- view: clocks
SELECT issue_id, min(changed_at) FILTER (WHERE to_status = 'In Progress') AS started_at,
       min(changed_at) FILTER (WHERE to_status = 'Done') AS first_done_at,
       max(changed_at) FILTER (WHERE to_status = 'Done') AS done_at, arg_max(to_status, transition_id) AS last_status,
       date_diff('minute', started_at, done_at) / 1440 AS cycle_days
FROM issue_transitions GROUP BY ALL

-- view: entries
SELECT issue_id, to_status AS status, changed_at AS entered_at,
       lead(changed_at) OVER (PARTITION BY issue_id ORDER BY changed_at, transition_id) AS left_at
FROM issue_transitions

-- view: stations
SELECT team, status, avg(date_diff('minute', entered_at, left_at)) FILTER (WHERE left_at < '2025-05-01') / 1440 AS days_before,
       avg(date_diff('minute', entered_at, left_at)) FILTER (WHERE left_at >= '2025-05-01') / 1440 AS days_after
FROM entries JOIN issues USING (issue_id)
WHERE left_at IS NOT NULL AND status IN ('In Progress', 'In Review', 'QA', 'Ready for Release') GROUP BY ALL

-- view: reopens
SELECT team, count(DISTINCT issue_id) FILTER (WHERE to_status = 'QA') AS tested,
       count(DISTINCT issue_id) FILTER (WHERE from_status IN ('QA', 'Done') AND to_status = 'In Progress') AS reopened
FROM issue_transitions JOIN issues USING (issue_id) GROUP BY ALL

-- view: starts
SELECT month(started_at) AS start_month, count(*) AS started, avg(date_diff('minute', started_at, first_done_at)) / 1440 AS naive_days,
       count_if(first_done_at <= started_at + INTERVAL 14 DAY AND is_observable) / count_if(is_observable) AS done_14d_share
FROM (SELECT *, started_at <= TIMESTAMP '2025-09-01' - INTERVAL 14 DAY AS is_observable FROM clocks WHERE started_at IS NOT NULL)
GROUP BY ALL

-- view: effort
SELECT release_id, release_type, team, released_at, released_at >= '2025-06-01' AS is_after,
       sum(minutes) FILTER (WHERE mode = 'manual') AS manual_min, sum(minutes) AS all_min,
       sum(CASE WHEN release_type = 'scheduled' AND task IN ('release_notes', 'regression_check', 'ticket_tidy') THEN 4
                ELSE minutes END) AS extended_min
FROM releases JOIN release_tasks USING (release_id) GROUP BY ALL

-- view: kinds
SELECT release_type, count_if(NOT is_after) / sum(count_if(NOT is_after)) OVER () AS share_before,
       avg(manual_min) FILTER (WHERE NOT is_after) AS min_before, avg(manual_min) FILTER (WHERE is_after) AS min_after
FROM effort GROUP BY ALL

-- view: clean
SELECT *, CASE WHEN confidence > 1 THEN confidence / 100 ELSE confidence END AS conf,
       reach_per_quarter * impact * conf AS value, round(value / effort_pw, 1) AS rice
FROM backlog_items WHERE effort_pw > 0

-- view: ranked
SELECT *, rank() OVER (ORDER BY rice DESC) AS rice_rank FROM clean

-- view: voted
SELECT item_id, count(*) AS n_votes, sum(arr_at_risk_eur) AS arr_eur FROM stakeholder_votes GROUP BY ALL

-- T1: mobile's QA is the bottleneck since 1 May

-- fact: mobile_qa_before_days
-- range: 1.35 to 1.95 at default, small
-- says: Until April an issue of mobile waits about 1.6 days in QA.
SELECT days_before FROM stations WHERE team = 'mobile' AND status = 'QA'

-- fact: mobile_qa_after_days
-- range: 3.7 to 4.7 at default, small
-- says: From May on it waits about 4.2 days.
SELECT days_after FROM stations WHERE team = 'mobile' AND status = 'QA'

-- fact: mobile_qa_rise_days
-- range: 2.0 to 3.2 at default, small
-- says: Mobile's QA takes more than 2 days longer from May on.
SELECT days_after - days_before FROM stations WHERE team = 'mobile' AND status = 'QA'

-- fact: next_rise_days
-- range: -0.6 to 0.6 at default
-- says: No other station of any squad gets slower by more than 0.6 days.
SELECT max(days_after - days_before) FROM stations WHERE NOT (team = 'mobile' AND status = 'QA')

-- fact: slower_rising_stations_count
-- range: 15 to 15 at default, small
-- says: Of all sixteen stations mobile's QA gets slower by most.
SELECT count_if(days_after - days_before < (SELECT days_after - days_before FROM stations WHERE team = 'mobile' AND status = 'QA'))
FROM stations

-- fact: mobile_cycle_rise_days
-- range: 1.0 to 4.0 at default
-- says: Mobile's median cycle time rises by more than a day.
SELECT median(cycle_days) FILTER (WHERE done_at >= '2025-05-01') - median(cycle_days) FILTER (WHERE done_at < '2025-05-01')
FROM clocks JOIN issues USING (issue_id) WHERE last_status = 'Done' AND team = 'mobile'

-- T2: payroll's work comes back

-- fact: payroll_reopened_share
-- range: 0.18 to 0.23 at default, small
-- says: About a fifth of payroll's tested issues are reopened.
SELECT reopened / tested FROM reopens WHERE team = 'payroll'

-- fact: others_reopened_share
-- range: 0.09 to 0.13 at default, small
-- says: In the other squads it is about one in nine.
SELECT sum(reopened) / sum(tested) FROM reopens WHERE team <> 'payroll'

-- fact: worst_other_reopened_share
-- range: 0.09 to 0.15 at default
-- says: No other squad comes close to payroll.
SELECT max(reopened / tested) FROM reopens WHERE team <> 'payroll'

-- T3: August looks fastest because its slow issues are not done yet

-- fact: august_naive_ratio
-- range: 0.70 to 0.92 at default
-- says: Finished issues that were started in August took at least 8 % less time than those of June.
SELECT max(naive_days) FILTER (WHERE start_month = 8) / max(naive_days) FILTER (WHERE start_month = 6) FROM starts

-- fact: months_faster_count
-- range: 0 to 0 at default
-- says: No month looks faster than August.
SELECT count(*) FROM starts WHERE naive_days < (SELECT naive_days FROM starts WHERE start_month = 8)

-- fact: august_14d_change_pp
-- range: -4 to 4 at default
-- says: With 14 days for all, August is as fast as June.
SELECT 100 * (max(done_14d_share) FILTER (WHERE start_month = 8) - max(done_14d_share) FILTER (WHERE start_month = 6)) FROM starts

-- fact: done_14d_share
-- range: 0.76 to 0.86 at default, small
-- says: About four in five issues are done within 14 days.
SELECT sum(done_14d_share * started) / sum(started) FROM starts

-- fact: open_issues_share
-- range: 0.03 to 0.09 at default, small
-- says: Issues are still in work when the export is made.
SELECT avg((last_status IN ('In Progress', 'In Review', 'QA', 'Ready for Release'))::INT) FROM clocks

-- T4: on time by a plan that followed the release

-- fact: on_time_current_share
-- range: 0.87 to 0.94 at default, small, tiny
-- says: By the plan as it stands about 91 % of scheduled releases were on time.
SELECT avg((released_at::DATE <= planned_date)::INT) FROM releases WHERE release_type = 'scheduled'

-- fact: on_time_original_share
-- range: 0.52 to 0.60 at default, small, tiny
-- says: By the date first promised it was little more than half.
SELECT avg((released_at::DATE <= original_planned_date)::INT) FROM releases WHERE release_type = 'scheduled'

-- fact: on_time_gap_pp
-- range: 25 to 42 at default, small, tiny
-- says: Re-planning makes more than 25 percentage points of it.
SELECT 100 * avg((released_at::DATE <= planned_date)::INT - (released_at::DATE <= original_planned_date)::INT)
FROM releases WHERE release_type = 'scheduled'

-- T5: a third saved, but by the mix of releases

-- fact: naive_saving_pct
-- range: 30 to 37 at default, small, tiny
-- says: Manual minutes a release fall by about a third from June on.
SELECT 100 * (1 - avg(manual_min) FILTER (WHERE is_after) / avg(manual_min) FILTER (WHERE NOT is_after)) FROM effort

-- fact: mix_adjusted_saving_pct
-- range: 8 to 15 at default, small, tiny
-- says: At the release mix of January to May they fall by about a tenth.
SELECT 100 * (1 - sum(share_before * min_after) / sum(share_before * min_before)) FROM kinds

-- fact: core_saving_pct
-- range: 40 to 50 at default, small, tiny
-- says: Core's scheduled releases take almost half less work.
SELECT 100 * (1 - avg(manual_min) FILTER (WHERE is_after) / avg(manual_min) FILTER (WHERE NOT is_after))
FROM effort WHERE team = 'core' AND release_type = 'scheduled'

-- fact: other_squads_saving_pct
-- range: -4 to 4 at default, small, tiny
-- says: The other squads' scheduled releases take as much work as before.
SELECT 100 * (1 - avg(manual_min) FILTER (WHERE is_after) / avg(manual_min) FILTER (WHERE NOT is_after))
FROM effort WHERE team <> 'core' AND release_type = 'scheduled'

-- fact: extended_saving_pct
-- range: 36 to 42 at default, small, tiny
-- says: In all squads the three tasks would save almost 40 %: the board's 30 % can be reached.
SELECT 100 * (1 - sum(extended_min) / sum(all_min)) FROM effort WHERE NOT is_after

-- fact: payback_months
-- range: 13 to 21 at default, small, tiny
-- says: Building it for 18,000 EUR pays back in about a year and a half.
SELECT 18000 / (sum(all_min - extended_min) / 60 / 5 * 62 - 250) FROM effort WHERE NOT is_after

-- fact: hotfix_share_rise_pp
-- range: 25 to 50 at default, small, tiny
-- says: The share of hotfixes among releases rises by more than 25 percentage points in June.
SELECT 100 * (avg((release_type = 'hotfix')::INT) FILTER (WHERE is_after) - avg((release_type = 'hotfix')::INT) FILTER (WHERE NOT is_after))
FROM effort

-- T6: what is wrong with the estimates

-- fact: percent_confidence_count
-- range: 10 to 10 at default, small, tiny
-- says: The ten imported items hold confidence in percent.
SELECT count_if(confidence > 1 AND source = 'productboard') FROM backlog_items

-- fact: percent_elsewhere_count
-- range: 0 to 0 at default, small, tiny
-- says: No other item does.
SELECT count_if((confidence > 1) <> (source = 'productboard')) FROM backlog_items

-- fact: zero_effort_count
-- range: 1 to 1 at default, small, tiny
-- says: One item has an effort of 0.
SELECT count_if(effort_pw = 0) FROM backlog_items

-- fact: missing_effort_count
-- range: 1 to 1 at default, small, tiny
-- says: One item has no effort.
SELECT count_if(effort_pw IS NULL) FROM backlog_items

-- fact: top_rice_count
-- range: 9 to 9 at default, small, tiny
-- says: Nine items have a RICE rank of 8 or better: two share rank 8.
SELECT count(*) FROM ranked WHERE rice_rank <= 8

-- T7: the loudest item is worth little

-- fact: dashboard_votes_rank
-- range: 1 to 1 at default, small, tiny
-- says: The CEO dashboard has the most votes.
SELECT place FROM (SELECT item_id, rank() OVER (ORDER BY n_votes DESC) AS place FROM voted) WHERE item_id = 2

-- fact: dashboard_rivals_count
-- range: 0 to 0 at default, small, tiny
-- says: No other item has as many votes.
SELECT count(*) FROM voted WHERE item_id <> 2 AND n_votes >= (SELECT n_votes FROM voted WHERE item_id = 2)

-- fact: dashboard_rice_from_last_count
-- range: 0 to 2 at default, small, tiny
-- says: By RICE it is one of the last three.
SELECT count(*) FROM ranked WHERE rice < (SELECT rice FROM ranked WHERE item_id = 2)

-- fact: dashboard_arr_eur
-- range: 100000 to 320000 at default, small, tiny
-- says: More than 100,000 EUR a year are said to hang on the CEO dashboard, so a no needs a note.
SELECT arr_eur FROM voted WHERE item_id = 2

-- fact: best_plan_value
-- range: 9900 to 10000 at default, small, tiny
-- says: The best plan for 26 person-weeks that serves every key result is worth 9,950 users.
SELECT max(worth) FROM (
  WITH RECURSIVE items AS (SELECT *, row_number() OVER (ORDER BY item_id) AS nth FROM clean),
       plans AS (
    SELECT 0::BIGINT AS nth, 0::BIGINT AS weeks, 0::DOUBLE AS worth, 0 AS served
    UNION ALL
    SELECT i.nth, p.weeks + taken * i.effort_pw, p.worth + taken * i.value,
           p.served | (taken * CASE i.kr_id WHEN 'KR1' THEN 1 WHEN 'KR2' THEN 2 WHEN 'KR3' THEN 4 WHEN 'KR4' THEN 8 ELSE 0 END)
    FROM plans p JOIN items i ON i.nth = p.nth + 1, (VALUES (0), (1)) AS choices(taken)
    WHERE p.weeks + taken * i.effort_pw <= 26
  )
  SELECT worth FROM plans WHERE nth = (SELECT count(*) FROM items) AND served = 15
)

-- fact: honest_plan_value
-- range: 9000 to 9200 at default, small, tiny
-- says: The plan with the pre-check, the device farm and the release automation reaches 92 % of it.
SELECT sum(value) FROM clean WHERE item_id IN (1, 3, 5, 6, 9, 10, 15) HAVING sum(effort_pw) <= 26

-- T8: three machine-made reaches are far off

-- fact: ai_too_high_count
-- range: 2 to 2 at default, small, tiny
-- says: Two of the model's reaches are more than three times too high.
SELECT count_if(ai_reach > 3 * reach_per_quarter) FROM ai_suggestions JOIN backlog_items USING (item_id)

-- fact: ai_too_low_count
-- range: 1 to 1 at default, small, tiny
-- says: One is less than a third.
SELECT count_if(3 * ai_reach < reach_per_quarter) FROM ai_suggestions JOIN backlog_items USING (item_id)

-- fact: ai_lowest_ratio
-- range: 0.19 to 0.21 at default, small, tiny
-- says: That one is five times too low.
SELECT min(ai_reach / reach_per_quarter) FROM ai_suggestions JOIN backlog_items USING (item_id)

-- fact: ai_next_ratio
-- range: 1 to 1.35 at default, small, tiny
-- says: All others are off by less than a third.
SELECT max(greatest(ai_reach / reach_per_quarter, reach_per_quarter / ai_reach))
FROM ai_suggestions JOIN backlog_items USING (item_id) WHERE item_id NOT IN (2, 7, 8)
