-- What must be true of Noteloom's data on every seed. Clean means: without the throw-away signups that did nothing.

-- view: silent
SELECT account_id, signup_at, email_type FROM accounts ANTI JOIN product_events USING (account_id)

-- view: activity
SELECT a.account_id, bool_or(event_name = 'doc_created') AND bool_or(event_name = 'invite_sent') AS is_activated
FROM accounts a JOIN product_events e ON e.account_id = a.account_id
  AND event_at BETWEEN signup_at AND signup_at + INTERVAL 7 DAY
GROUP BY ALL

-- view: funnel
SELECT a.*, date_trunc('week', signup_at)::DATE AS signup_week, signup_at >= '2025-10-06' AS is_after,
       coalesce(is_activated, false)::INT AS activated,
       signup_at < (SELECT max(event_at) FROM product_events) - INTERVAL 7 DAY AS is_mature,
       email_type = 'disposable' AND country = 'NL' AND account_id IN (SELECT account_id FROM silent) AS is_bot
FROM accounts a LEFT JOIN activity USING (account_id)

-- view: clean
SELECT * FROM funnel WHERE NOT is_bot

-- view: by_source
SELECT source, avg(activated) AS rate, avg(activated) FILTER (WHERE is_after) - avg(activated) FILTER (WHERE NOT is_after) AS change,
       count_if(NOT is_after) / sum(count_if(NOT is_after)) OVER () AS share_before,
       count_if(is_after) / sum(count_if(is_after)) OVER () AS share_after
FROM clean WHERE is_mature GROUP BY ALL

-- view: new_paid
SELECT date_trunc('week', min(started_at))::DATE AS paid_week FROM subscriptions GROUP BY account_id

-- view: silent_days
SELECT signup_at::DATE AS d, count(*) AS n FROM silent WHERE email_type = 'disposable' GROUP BY ALL

-- view: costs
SELECT source, sum(eur) / any_value(n_signups) AS per_signup_eur, sum(eur) / any_value(n_activated) AS per_activated_eur
FROM spend JOIN (SELECT source, count(*) AS n_signups, sum(activated) AS n_activated FROM clean GROUP BY ALL) USING (source)
GROUP BY source

-- view: first_docs
SELECT source, date_diff('minute', signup_at, min(event_at)) AS first_doc_min
FROM accounts a JOIN product_events e ON e.account_id = a.account_id AND event_at >= signup_at
WHERE event_name = 'doc_created' GROUP BY a.account_id, source, signup_at

-- T1: more signups, as many activated and paying accounts

-- fact: signups_growth_ratio
-- range: 1.30 to 1.46 at default, small
-- says: The last three weeks have about 38 % more signups than the first three.
SELECT count_if(signup_at >= '2025-10-20') / count_if(signup_at < '2025-09-22') FROM accounts

-- fact: activated_growth_ratio
-- range: 0.95 to 1.05 at default, small
-- says: The last three full weeks have as many activated accounts as the first three.
SELECT sum(activated) FILTER (WHERE signup_week BETWEEN '2025-10-13' AND '2025-10-27')
     / sum(activated) FILTER (WHERE signup_week < '2025-09-22')
FROM clean

-- fact: activation_before_percent
-- range: 30 to 32 at default, small
-- says: Before 6 October about 31 % of accounts activate within seven days.
SELECT 100 * avg(activated) FROM clean WHERE NOT is_after

-- fact: activation_after_percent
-- range: 21.5 to 23.5 at default, small
-- says: From 6 October about 22 % of accounts activate within seven days, bots and the last week left out.
SELECT 100 * avg(activated) FROM clean WHERE is_after AND is_mature

-- fact: largest_source_change_pp
-- range: 0 to 2 at default, small
-- says: No source's own activation moves by more than 2 points.
SELECT 100 * max(abs(change)) FROM by_source

-- fact: mix_of_fall_share
-- range: 0.9 to 1.1 at default, small
-- says: The mix of sources takes all of the fall.
SELECT sum((share_after - share_before) * rate)
     / (SELECT avg(activated) FILTER (WHERE is_after) - avg(activated) FILTER (WHERE NOT is_after) FROM clean WHERE is_mature)
FROM by_source

-- fact: gallery_to_referral_ratio
-- range: 0.1 to 0.3 at default, small
-- says: Without bots a gallery signup activates at most half as often as a referred one.
SELECT max(rate) FILTER (WHERE source = 'gallery') / max(rate) FILTER (WHERE source = 'referral') FROM by_source

-- fact: last_week_seen_share
-- range: 0.45 to 0.85 at default, small
-- says: The last week has had no seven days: its activation looks lower than it will be.
SELECT avg(activated) FILTER (WHERE signup_week = '2025-11-03') / avg(activated) FILTER (WHERE signup_week = '2025-10-27')
FROM clean

-- fact: ever_activated_extra_pp
-- range: 1 to 6 at default, small
-- says: Who counts every invite, however late, flatters the old weeks by some points.
SELECT 100 * (avg((account_id IN (
  SELECT account_id FROM product_events GROUP BY ALL
  HAVING bool_or(event_name = 'doc_created') AND bool_or(event_name = 'invite_sent')))::INT) - avg(activated))
FROM clean WHERE NOT is_after

-- fact: new_paid_a_week_count
-- range: 46 to 58
-- says: About 52 accounts a week start to pay, from the second week on.
SELECT count_if(paid_week > '2025-09-01') / 9 FROM new_paid

-- fact: new_paid_growth_ratio
-- range: 0.85 to 1.15
-- says: As many accounts a week start to pay after 6 October as before.
SELECT (count_if(paid_week >= '2025-10-06') / 5) / (count_if(paid_week BETWEEN '2025-09-08' AND '2025-09-29') / 4)
FROM new_paid

-- T2: the bots

-- fact: spike_days_found
-- range: 5 to 5 at default, small
-- says: Five days have more than five times the median of silent throw-away signups, and they are the planted ones.
SELECT count(*) FROM silent_days
WHERE n > 5 * (SELECT median(n) FROM silent_days)
  AND d IN ('2025-10-07', '2025-10-09', '2025-10-11', '2025-10-14', '2025-10-18')

-- fact: other_spike_days
-- range: 0 to 0 at default, small
-- says: No other day stands out.
SELECT count(*) FROM silent_days
WHERE n > 5 * (SELECT median(n) FROM silent_days)
  AND d NOT IN ('2025-10-07', '2025-10-09', '2025-10-11', '2025-10-14', '2025-10-18')

-- fact: spike_days_by_mean
-- range: 2 to 4 at default, small
-- says: Against the mean some of the five days stay hidden, since the spikes raise it.
SELECT count(*) FROM silent_days WHERE n > 5 * (SELECT avg(n) FROM silent_days)

-- fact: bots_count
-- range: 1090 to 1130
-- says: About 1,100 accounts are a script's.
SELECT count_if(is_bot AND is_after AND signup_at < '2025-10-20') FROM funnel

-- fact: bots_of_gallery_share
-- range: 0.95 to 1 at default, small
-- says: They seem to come from the gallery.
SELECT avg((source = 'gallery')::INT) FROM accounts
WHERE signup_at::DATE = '2025-10-09' AND country = 'NL' AND email_type = 'disposable'
  AND account_id IN (SELECT account_id FROM silent)

-- T3: cheap signups, dear activation

-- fact: gallery_signup_cost_rank
-- range: 1 to 1 at default, small
-- says: A gallery signup is the cheapest, even without bots.
SELECT rank FROM (SELECT source, rank() OVER (ORDER BY per_signup_eur) AS rank FROM costs) WHERE source = 'gallery'

-- fact: gallery_activated_cost_rank
-- range: 4 to 4 at default
-- says: An activated gallery account is the dearest.
SELECT rank FROM (SELECT source, rank() OVER (ORDER BY per_activated_eur) AS rank FROM costs) WHERE source = 'gallery'

-- fact: gallery_to_referral_cost_ratio
-- range: 2.4 to 3.6 at default, small
-- says: An activated gallery account costs about three times a referred one.
SELECT max(per_activated_eur) FILTER (WHERE source = 'gallery') / max(per_activated_eur) FILTER (WHERE source = 'referral')
FROM costs

-- Shape

-- fact: weekend_to_weekday_ratio
-- range: 0.20 to 0.32 at default, small
-- says: A weekend day has about a quarter of a weekday's signups.
SELECT (count_if(isodow(signup_at) > 5) / 2) / (count_if(isodow(signup_at) < 6) / 5) FROM clean

-- fact: first_doc_median_min
-- range: 17 to 23 at default, small
-- says: The median account makes its first document about 20 minutes after signing up.
SELECT median(first_doc_min) FROM first_docs

-- fact: first_doc_p90_min
-- range: 90 to 160 at default, small
-- says: One in ten takes more than about two hours.
SELECT quantile_cont(first_doc_min, 0.9) FROM first_docs

-- fact: demo_accounts_share
-- range: 0.05 to 0.09 at default, small
-- says: Some accounts have events of the demo before they signed up.
SELECT count(DISTINCT e.account_id) / (SELECT count(*) FROM clean)
FROM product_events e JOIN accounts a USING (account_id) WHERE event_at < signup_at

-- fact: without_invite_share
-- range: 0.60 to 0.80 at default, small
-- says: Most accounts never invite anybody.
SELECT avg((account_id NOT IN (SELECT account_id FROM product_events WHERE event_name = 'invite_sent'))::INT) FROM clean

-- fact: most_invites_count
-- range: 12 to 80 at default, small
-- says: A few invite many.
SELECT max(n) FROM (SELECT count(*) AS n FROM product_events WHERE event_name = 'invite_sent' GROUP BY account_id)

-- fact: upgrades_count
-- range: 70 to 140
-- says: About 100 subscriptions are upgrades of accounts that paid already.
SELECT count(*) - count(DISTINCT account_id) FROM subscriptions
