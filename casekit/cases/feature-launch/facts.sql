-- What must be true of Cadenzo's data on every seed. An active workspace has run a rule; an adopting one has
-- run one within 28 days of its flag; a habitual one did so in two different weeks of them.

-- view: bands
SELECT *, CASE WHEN seats < 20 THEN 'small' WHEN seats <= 200 THEN 'middle' ELSE 'large' END AS size_band FROM workspaces

-- view: early_runs
SELECT x.workspace_id, count(DISTINCT date_trunc('week', event_at)) AS n_weeks
FROM flag_exposures x JOIN feature_events e ON e.workspace_id = x.workspace_id
  AND event_at BETWEEN enabled_at AND enabled_at + INTERVAL 28 DAY
WHERE event_name = 'rule_run' GROUP BY ALL

-- view: exposed
SELECT b.*, wave, enabled_at, (coalesce(n_weeks, 0) >= 1)::INT AS adopts, (coalesce(n_weeks, 0) >= 2)::INT AS is_habitual
FROM flag_exposures JOIN bands b USING (workspace_id) LEFT JOIN early_runs USING (workspace_id)

-- view: first_wave
SELECT e.*, CASE WHEN event_at::DATE BETWEEN '2025-06-09' AND '2025-06-15' THEN 'before'
                 WHEN event_at::DATE BETWEEN '2025-06-23' AND '2025-06-29' THEN 'after' END AS part
FROM feature_events e JOIN flag_exposures USING (workspace_id) WHERE wave = 1

-- view: cells
SELECT plan, size_band, count(*) AS n_workspaces FROM bands GROUP BY ALL

-- view: forecast
SELECT sum(n_workspaces * rate) / sum(n_workspaces) AS share
FROM cells JOIN (SELECT plan, size_band, avg(adopts) AS rate FROM exposed GROUP BY ALL) USING (plan, size_band)

-- view: ranked
SELECT n, percent_rank() OVER (ORDER BY n) AS place
FROM (SELECT workspace_id, count(*) AS n FROM feature_events WHERE event_name = 'rule_run' GROUP BY ALL)

-- view: active
SELECT workspace_id, seats > 200 AS is_large, min(event_at) AS active_at
FROM feature_events JOIN workspaces USING (workspace_id) WHERE event_name = 'rule_run' GROUP BY ALL

-- view: support
SELECT is_large, count(ticket_id) / count(DISTINCT a.workspace_id) AS per_active,
       count(ticket_id) FILTER (WHERE topic IN ('rules', 'rule errors')) / count(DISTINCT a.workspace_id) AS about_rules
FROM active a LEFT JOIN tickets t ON t.workspace_id = a.workspace_id AND t.opened_at >= active_at GROUP BY ALL

-- view: failures
SELECT region = 'APAC' AS is_apac, count_if(event_name = 'rule_failed') / count_if(event_name = 'rule_run') AS share
FROM feature_events JOIN workspaces USING (workspace_id) GROUP BY ALL

-- T1: the tooltip opens panels, and changes nothing else

-- fact: opens_rise_ratio
-- range: 2.3 to 2.9 at default, small
-- says: In the first wave opens rise by about 160 % from the week before the tooltip to the week after.
SELECT count_if(part = 'after') / count_if(part = 'before') FROM first_wave WHERE event_name = 'rule_opened'

-- fact: all_opens_rise_ratio
-- range: 3 to 6 at default, small
-- says: Over all waves two weeks of opens after the tooltip are several times the two weeks before, as a wave joins.
SELECT count_if(event_at::DATE BETWEEN '2025-06-16' AND '2025-06-29') / count_if(event_at::DATE < '2025-06-16')
FROM feature_events WHERE event_name = 'rule_opened'

-- fact: habit_rise_ratio
-- range: 0.95 to 1.05
-- says: As many workspaces of the first wave run a rule in the week after the tooltip as in the week before.
SELECT count(DISTINCT workspace_id) FILTER (WHERE part = 'after') / count(DISTINCT workspace_id) FILTER (WHERE part = 'before')
FROM first_wave WHERE event_name = 'rule_run'

-- fact: runs_rise_ratio
-- range: 0.9 to 1.1
-- says: And they run rules about as often.
SELECT count_if(part = 'after') / count_if(part = 'before') FROM first_wave WHERE event_name = 'rule_run'

-- T2: the first wave is not like the others

-- fact: exposed_share
-- range: 0.39 to 0.41 at default, small
-- says: Smart Rules went to 40 % of all workspaces.
SELECT count(*) / (SELECT count(*) FROM workspaces) FROM flag_exposures

-- fact: wave_1_on_scale_share
-- range: 1 to 1 at default, small
-- says: The first wave is on the Scale plan.
SELECT avg((plan = 'scale')::INT) FROM exposed WHERE wave = 1

-- fact: wave_1_adoption_percent
-- range: 42 to 46 at default, small
-- says: About 44 % of the first wave run a rule within 28 days.
SELECT 100 * avg(adopts) FROM exposed WHERE wave = 1

-- fact: wave_2_adoption_percent
-- range: 20 to 24 at default, small
-- says: About 22 % of the second wave do.
SELECT 100 * avg(adopts) FROM exposed WHERE wave = 2

-- fact: wave_3_adoption_percent
-- range: 17.5 to 20.5 at default, small
-- says: About 19 % of the third wave do.
SELECT 100 * avg(adopts) FROM exposed WHERE wave = 3

-- fact: wave_1_to_3_pp
-- range: 22 to 28 at default, small
-- says: Between the first and the third wave lie about 25 points.
SELECT 100 * (avg(adopts) FILTER (WHERE wave = 1) - avg(adopts) FILTER (WHERE wave = 3)) FROM exposed

-- fact: habitual_of_adopting_share
-- range: 0.74 to 0.84 at default, small
-- says: Four in five workspaces that run a rule make a habit of it.
SELECT sum(is_habitual) / sum(adopts) FROM exposed

-- fact: forecast_percent
-- range: 19 to 25 at default, small
-- says: Weighted by plan and size, about 22 % of all workspaces would adopt.
SELECT 100 * share FROM forecast

-- fact: naive_forecast_excess_pp
-- range: 18 to 26 at default, small
-- says: Who takes the first wave for everybody promises about 20 points too much.
SELECT 100 * (avg(adopts) - (SELECT share FROM forecast)) FROM exposed WHERE wave = 1

-- fact: whole_base_adoption_percent
-- range: 9 to 12 at default, small
-- says: Who divides by all workspaces sees about 10 %, since most never had the feature.
SELECT 100 * sum(adopts) / (SELECT count(*) FROM workspaces) FROM exposed

-- T3: few run most

-- fact: top_5_percent_share
-- range: 0.55 to 0.67 at default, small
-- says: The top 5 % of the workspaces that run rules make about 61 % of the runs.
SELECT sum(n) FILTER (WHERE place >= 0.95) / sum(n) FROM ranked

-- T4: support

-- fact: tickets_large_to_small_ratio
-- range: 2.3 to 3.8
-- says: An active workspace above 200 seats writes about three times the tickets of a smaller one.
SELECT max(per_active) FILTER (WHERE is_large) / max(per_active) FILTER (WHERE NOT is_large) FROM support

-- fact: rule_tickets_large_to_small_ratio
-- range: 2.2 to 3.9
-- says: So it does about rules alone.
SELECT max(about_rules) FILTER (WHERE is_large) / max(about_rules) FILTER (WHERE NOT is_large) FROM support

-- fact: large_active_count
-- range: 18 to 50
-- says: Some tens of large workspaces are active.
SELECT count_if(is_large) FROM active

-- T5: one region's runs fail

-- fact: apac_failures_ratio
-- range: 1.6 to 2.4
-- says: Runs hosted in APAC fail twice as often.
SELECT max(share) FILTER (WHERE is_apac) / max(share) FILTER (WHERE NOT is_apac) FROM failures

-- fact: other_failures_share
-- range: 0.043 to 0.057 at default, small
-- says: Elsewhere about 5 % of runs fail.
SELECT share FROM failures WHERE NOT is_apac
