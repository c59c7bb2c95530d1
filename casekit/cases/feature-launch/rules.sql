-- What is always true of Cadenzo's rows, whatever the seed and size: each query gives the rows that break the rule.

-- rule: workspace_id is unique
SELECT workspace_id FROM workspaces GROUP BY ALL HAVING count(*) > 1

-- rule: user_id is unique
SELECT user_id FROM users GROUP BY ALL HAVING count(*) > 1

-- rule: event_id is unique
SELECT event_id FROM feature_events GROUP BY ALL HAVING count(*) > 1

-- rule: ticket_id is unique
SELECT ticket_id FROM tickets GROUP BY ALL HAVING count(*) > 1

-- rule: okr_id is unique
SELECT okr_id FROM okrs GROUP BY ALL HAVING count(*) > 1

-- rule: a workspace is exposed once
SELECT workspace_id FROM flag_exposures GROUP BY ALL HAVING count(*) > 1

-- rule: users belong to workspaces
FROM users ANTI JOIN workspaces USING (workspace_id)

-- rule: exposures belong to workspaces
FROM flag_exposures ANTI JOIN workspaces USING (workspace_id)

-- rule: events belong to users
FROM feature_events ANTI JOIN users USING (user_id, workspace_id)

-- rule: only the exposed have events
FROM feature_events ANTI JOIN flag_exposures USING (workspace_id)

-- rule: tickets belong to workspaces
FROM tickets ANTI JOIN workspaces USING (workspace_id)

-- rule: every workspace has users
FROM workspaces ANTI JOIN users USING (workspace_id)

-- rule: no more users than seats
SELECT workspace_id FROM workspaces JOIN users USING (workspace_id)
GROUP BY workspace_id, seats HAVING count(*) > seats

-- rule: every workspace has one admin
SELECT workspace_id FROM users GROUP BY ALL HAVING count_if(role = 'admin') <> 1

-- rule: seats are paid for
FROM workspaces WHERE seats < 1

-- rule: users joined before the window
FROM users WHERE joined_on >= '2025-05-01'

-- rule: waves come on their days
FROM flag_exposures WHERE enabled_at::DATE <> DATE '2025-06-02' + 14 * (wave - 1)::INT

-- rule: wave 1 is on Scale
FROM flag_exposures JOIN workspaces USING (workspace_id) WHERE wave = 1 AND plan <> 'scale'

-- rule: nothing happens before the flag
FROM feature_events JOIN flag_exposures USING (workspace_id) WHERE event_at < enabled_at

-- rule: events lie in the window
FROM feature_events WHERE event_at < '2025-05-01' OR event_at >= '2025-08-11'

-- rule: tickets lie in the window
FROM tickets WHERE opened_at < '2025-05-01' OR opened_at >= '2025-08-11'

-- rule: events are numbered by time
SELECT event_id FROM feature_events
QUALIFY event_id <= lag(event_id) OVER (ORDER BY event_at, event_id)

-- rule: tickets are numbered by time
SELECT ticket_id FROM tickets
QUALIFY ticket_id <= lag(ticket_id) OVER (ORDER BY opened_at, ticket_id)

-- rule: no run before a rule
SELECT workspace_id FROM feature_events GROUP BY ALL
HAVING min(event_at) FILTER (WHERE event_name = 'rule_run')
    < coalesce(min(event_at) FILTER (WHERE event_name = 'rule_created'), 'infinity')

-- rule: no more failures than runs
SELECT user_id FROM feature_events GROUP BY ALL
HAVING count_if(event_name = 'rule_failed') > count_if(event_name = 'rule_run')

-- rule: members run no rules
FROM feature_events JOIN users USING (user_id)
WHERE role = 'member' AND event_name <> 'rule_opened'

-- rule: questions about rules come after a run
FROM tickets t WHERE topic IN ('rules', 'rule errors') AND NOT EXISTS (
    FROM feature_events e WHERE e.workspace_id = t.workspace_id AND event_name = 'rule_run'
    AND event_at <= opened_at)
