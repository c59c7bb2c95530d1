-- What is always true of Ledgerfern's rows, whatever the seed and size: each query gives the rows that break the rule.

-- rule: issue_id is unique
SELECT issue_id FROM issues GROUP BY ALL HAVING count(*) > 1

-- rule: transition_id is unique
SELECT transition_id FROM issue_transitions GROUP BY ALL HAVING count(*) > 1

-- rule: release_id is unique
SELECT release_id FROM releases GROUP BY ALL HAVING count(*) > 1

-- rule: a release does a task once
SELECT release_id, task FROM release_tasks GROUP BY ALL HAVING count(*) > 1

-- rule: item_id is unique
SELECT item_id FROM backlog_items GROUP BY ALL HAVING count(*) > 1

-- rule: kr_id is unique
SELECT kr_id FROM okrs GROUP BY ALL HAVING count(*) > 1

-- rule: vote_id is unique
SELECT vote_id FROM stakeholder_votes GROUP BY ALL HAVING count(*) > 1

-- rule: an item has one suggestion
SELECT item_id FROM ai_suggestions GROUP BY ALL HAVING count(*) > 1

-- rule: transitions belong to issues
FROM issue_transitions ANTI JOIN issues USING (issue_id)

-- rule: tasks belong to releases
FROM release_tasks ANTI JOIN releases USING (release_id)

-- rule: votes belong to items
FROM stakeholder_votes ANTI JOIN backlog_items USING (item_id)

-- rule: suggestions belong to items
FROM ai_suggestions ANTI JOIN backlog_items USING (item_id)

-- rule: items serve key results that are there
FROM backlog_items b ANTI JOIN okrs o ON b.kr_id::VARCHAR = o.kr_id::VARCHAR WHERE b.kr_id IS NOT NULL

-- rule: issues are written down in the window
FROM issues WHERE created_at < '2025-01-01' OR created_at >= '2025-09-01'

-- rule: moves lie in the window
FROM issue_transitions WHERE changed_at < '2025-01-01' OR changed_at >= '2025-09-01'

-- rule: releases lie in the window
FROM releases WHERE released_at < '2025-01-01' OR released_at >= '2025-09-01'

-- rule: issues are numbered by creation
SELECT issue_id FROM issues QUALIFY created_at < lag(created_at) OVER (ORDER BY issue_id)

-- rule: moves are numbered by time
SELECT transition_id FROM issue_transitions QUALIFY changed_at < lag(changed_at) OVER (ORDER BY transition_id)

-- rule: releases are numbered by time
SELECT release_id FROM releases QUALIFY released_at < lag(released_at) OVER (ORDER BY release_id)

-- rule: an issue moves after it is written down
FROM issue_transitions JOIN issues USING (issue_id) WHERE changed_at <= created_at

-- rule: an issue makes one move at a time
SELECT issue_id, changed_at FROM issue_transitions GROUP BY ALL HAVING count(*) > 1

-- rule: a move leaves the status the move before it entered
SELECT issue_id FROM issue_transitions
QUALIFY from_status::VARCHAR <> lag(to_status::VARCHAR, 1, 'Backlog') OVER (PARTITION BY issue_id ORDER BY transition_id)

-- rule: moves follow the workflow
FROM issue_transitions WHERE (from_status::VARCHAR, to_status::VARCHAR) NOT IN (
    ('Backlog', 'Ready'), ('Ready', 'Cancelled'), ('Ready', 'In Progress'), ('In Progress', 'In Review'),
    ('In Review', 'QA'), ('QA', 'In Progress'), ('QA', 'Ready for Release'), ('Ready for Release', 'Done'),
    ('Done', 'In Progress'))

-- rule: an issue comes back at most twice
SELECT issue_id FROM issue_transitions WHERE from_status IN ('QA', 'Done') AND to_status = 'In Progress'
GROUP BY ALL HAVING count(*) > 2

-- rule: hotfixes have no plan, scheduled releases have one
FROM releases WHERE (release_type = 'hotfix') <> (planned_date IS NULL) OR (planned_date IS NULL) <> (original_planned_date IS NULL)

-- rule: no plan lies before the first one
FROM releases WHERE planned_date < original_planned_date

-- rule: a moved plan is the day of the release
FROM releases WHERE planned_date <> original_planned_date AND planned_date <> released_at::DATE

-- rule: nothing scheduled is released before its day
FROM releases WHERE released_at::DATE < original_planned_date

-- rule: a squad schedules every 14 days
SELECT team FROM releases WHERE release_type = 'scheduled'
QUALIFY (original_planned_date - lag(original_planned_date) OVER (PARTITION BY team ORDER BY original_planned_date)) % 14 <> 0

-- rule: a release goes through its whole checklist
SELECT release_id FROM releases LEFT JOIN release_tasks USING (release_id)
GROUP BY release_id, release_type HAVING count(task) <> CASE release_type WHEN 'scheduled' THEN 9 ELSE 4 END

-- rule: a task takes time
FROM release_tasks WHERE minutes <= 0

-- rule: what is automated takes four minutes
FROM release_tasks WHERE mode = 'automated' AND minutes <> 4

-- rule: only three tasks of core's scheduled releases are automated, from June on, and always
FROM release_tasks JOIN releases USING (release_id)
WHERE (mode = 'automated') <> (team = 'core' AND release_type = 'scheduled' AND released_at >= '2025-06-01'
                               AND task IN ('release_notes', 'regression_check', 'ticket_tidy'))

-- rule: impact has five levels
FROM backlog_items WHERE impact NOT IN (0.25, 0.5, 1, 2, 3)

-- rule: a vote names revenue
FROM stakeholder_votes WHERE arr_at_risk_eur <= 0

-- rule: a reach is above nought
FROM backlog_items JOIN ai_suggestions USING (item_id) WHERE reach_per_quarter <= 0 OR ai_reach <= 0
