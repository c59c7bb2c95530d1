-- numbers: paid-conversion
WITH visits AS (
    SELECT s.started_at >= '2025-03-31' AS late, p.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
), rates AS (
    SELECT 100.0 * count_if(NOT late AND buys) / count_if(NOT late) AS before,
           100.0 * count_if(late AND buys) / count_if(late) AS after
    FROM visits
)
SELECT before AS paid_conv_before_percent, after AS paid_conv_after_percent, after - before AS paid_change_pp,
       100 * (after / before - 1) AS paid_relative_change_percent
FROM rates

-- numbers: paid-conversion-by-week
WITH weeks AS (
    SELECT date_trunc('week', s.started_at)::DATE AS week, count(*) AS visits,
           100.0 * count(p.session_id) / count(*) AS rate
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
    GROUP BY 1
)
SELECT min(rate) FILTER (WHERE week >= '2025-03-31') AS paid_worst_week_percent,
       max(rate) FILTER (WHERE week < '2025-03-31') AS paid_best_week_percent,
       max(rate) FILTER (WHERE week = '2025-03-24') AS paid_last_march_week_percent,
       max(rate) FILTER (WHERE week = '2025-04-07') AS paid_second_april_week_percent,
       max(rate) FILTER (WHERE week = '2025-04-21') AS paid_last_week_percent
FROM weeks

-- numbers: mix-and-rate
WITH visits AS (
    SELECT s.platform, s.channel, s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), cells AS (
    SELECT platform, channel,
           count_if(NOT late) / sum(count_if(NOT late)) OVER () AS s0,
           count_if(late) / sum(count_if(late)) OVER () AS s1,
           count_if(NOT late AND buys) / count_if(NOT late) AS r0,
           count_if(late AND buys) / count_if(late) AS r1
    FROM visits
    GROUP BY platform, channel
), split AS (
    SELECT 100 * sum(s0 * r0) AS before, 100 * sum(s1 * r1) AS after,
           100 * sum((s1 - s0) * r0) AS mix, 100 * sum(s1 * (r1 - r0)) AS rate,
           100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'android') AS android,
           100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'ios') AS ios,
           100 * sum(s1 * (r1 - r0)) FILTER (WHERE platform = 'web') AS web
    FROM cells
)
SELECT before AS conv_before_percent, after AS conv_after_percent, after - before AS change_pp,
       before - after AS fall_pp, 100 * (after / before - 1) AS relative_change_percent,
       mix AS mix_pp, rate AS rate_pp,
       100 * mix / (mix + rate) AS mix_share_percent, 100 * rate / (mix + rate) AS rate_share_percent,
       android AS android_rate_pp, ios AS ios_rate_pp, web AS web_rate_pp,
       100 * android / (mix + rate) AS android_share_percent
FROM split

-- numbers: ios
WITH visits AS (
    SELECT s.started_at >= '2025-03-31' AS late, b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
    WHERE s.platform = 'ios'
), rates AS (
    SELECT 100.0 * count_if(NOT late AND buys) / count_if(NOT late) AS before,
           100.0 * count_if(late AND buys) / count_if(late) AS after
    FROM visits
)
SELECT before AS ios_before_percent, after AS ios_after_percent, after - before AS ios_change_pp
FROM rates

-- numbers: ios-channels
WITH channels AS (
    SELECT s.channel,
           count(b.session_id) FILTER (WHERE s.started_at >= '2025-03-31') / count_if(s.started_at >= '2025-03-31')
           / (count(b.session_id) FILTER (WHERE s.started_at < '2025-03-31')
              / count_if(s.started_at < '2025-03-31')) - 1 AS lift
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
    WHERE s.platform = 'ios'
    GROUP BY s.channel
)
SELECT 100 * median(lift) AS ios_typical_lift_percent, count_if(lift > 0) AS ios_rising_channels FROM channels

-- numbers: android-payments
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.started_at, s.app_version = '5.2.0' AS is_new, e.payment_method AS method
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
), outcomes AS (
    SELECT a.*, b.session_id IS NOT NULL AS buys
    FROM attempts a LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
)
SELECT 100.0 * count_if(is_new AND method = 'card' AND buys) / count_if(is_new AND method = 'card')
           AS card_new_percent,
       100.0 * count_if(NOT is_new AND method = 'card' AND buys) / count_if(NOT is_new AND method = 'card')
           AS card_old_percent,
       100.0 * count_if(NOT is_new AND method = 'card' AND buys) / count_if(NOT is_new AND method = 'card')
           - 100.0 * count_if(is_new AND method = 'card' AND buys) / count_if(is_new AND method = 'card')
           AS card_gap_pp,
       100.0 * count_if(NOT is_new AND method = 'card' AND buys AND started_at >= '2025-04-01')
           / count_if(NOT is_new AND method = 'card' AND started_at >= '2025-04-01') AS card_old_april_percent,
       100.0 * count_if(is_new AND method = 'paypal' AND buys) / count_if(is_new AND method = 'paypal')
           AS paypal_new_percent,
       100.0 * count_if(is_new AND method = 'invoice' AND buys) / count_if(is_new AND method = 'invoice')
           AS invoice_new_percent,
       100.0 * count_if(started_at < '2025-03-31' AND buys) / count_if(started_at < '2025-03-31')
           AS android_pay_before_percent,
       100.0 * count_if(started_at >= '2025-04-07' AND buys) / count_if(started_at >= '2025-04-07')
           AS android_pay_after_percent,
       100.0 * count_if(is_new AND started_at >= '2025-04-07') / count_if(started_at >= '2025-04-07')
           AS android_on_new_percent,
       count_if(is_new AND method = 'card') AS card_new_attempts,
       count_if(is_new AND method = 'card' AND buys) AS card_new_successes,
       count_if(is_new AND method = 'card' AND NOT buys) AS card_new_failures
FROM outcomes

-- numbers: error-codes
SELECT 100.0 * count_if(e.error_code = 'THREEDS_TIMEOUT') / count(*) AS timeout_new_percent,
       count_if(e.error_code = 'THREEDS_TIMEOUT') AS timeout_new_errors
FROM checkout_events e JOIN sessions s USING (session_id)
WHERE e.event_name = 'payment_error' AND e.payment_method = 'card' AND s.app_version = '5.2.0'

-- numbers: bug-cost
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.started_at, s.app_version = '5.2.0' AS is_new
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND e.payment_method = 'card' AND s.platform = 'android'
), bought AS (
    SELECT DISTINCT session_id FROM orders
), counted AS (
    SELECT count_if(is_new) AS tried, count(b.session_id) FILTER (WHERE is_new) AS bought,
           count_if(is_new AND started_at >= '2025-04-07') AS tried_full,
           count(b.session_id) FILTER (WHERE is_new AND started_at >= '2025-04-07') AS bought_full,
           count_if(NOT is_new) AS others,
           count(b.session_id) FILTER (WHERE NOT is_new) / count_if(NOT is_new) AS usual
    FROM attempts LEFT JOIN bought b USING (session_id)
), value AS (
    SELECT avg(amount_eur) AS eur FROM orders WHERE status = 'paid'
), spread AS (
    SELECT 1.96 * tried * sqrt(usual * (1 - usual) / others + bought / tried * (1 - bought / tried) / tried) AS half
    FROM counted
)
SELECT tried * usual - bought AS lost_orders, (tried * usual - bought) * eur AS lost_eur,
       tried * usual - bought - half AS lost_low_orders, tried * usual - bought + half AS lost_high_orders,
       round((tried * usual - bought) * eur, -2) AS lost_about_eur,
       round((tried * usual - bought - half) * eur, -2) AS lost_low_eur,
       round((tried * usual - bought + half) * eur, -2) AS lost_high_eur,
       (tried_full * usual - bought_full) / 21 AS lost_per_day_orders,
       round((tried_full * usual - bought_full) / 21 * eur, -1) AS lost_per_day_eur,
       (tried_full * usual - bought_full) / 3 AS lost_per_week_orders,
       round((tried_full * usual - bought_full) / 3 * eur, -2) AS lost_per_week_eur,
       round((tried_full * usual - bought_full) * 365 / 21 * eur, -3) AS lost_per_year_eur,
       eur AS mean_order_eur, 100 * usual AS usual_card_percent
FROM counted CROSS JOIN value CROSS JOIN spread

-- numbers: first-alarm
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.started_at::DATE AS d
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
), bought AS (
    SELECT DISTINCT session_id FROM orders
), daily AS (
    SELECT d, count(b.session_id) / count(*) AS rate
    FROM attempts LEFT JOIN bought b USING (session_id)
    GROUP BY d
), base AS (
    SELECT avg(rate) AS usual, avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor_rate
    FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS rolling3
    FROM daily
)
SELECT date_diff('day', DATE '2025-04-01', min(d)) AS alarm_after_days,
       date_diff('day', min(d), DATE '2025-04-27') AS silent_after_alarm_days,
       any_value(100 * floor_rate) AS alarm_floor_percent, any_value(100 * usual) AS alarm_usual_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND rolling3 < floor_rate

-- numbers: rollout
SELECT max(rollout_pct) FILTER (WHERE effective_at::DATE = '2025-04-01') AS rollout_first_percent,
       max(rollout_pct) FILTER (WHERE effective_at::DATE = '2025-04-03') AS rollout_second_percent,
       max(rollout_pct) FILTER (WHERE effective_at::DATE = '2025-04-07') AS rollout_last_percent
FROM app_releases
WHERE app_version = '5.2.0'

-- numbers: tracking
WITH ordered AS (
    SELECT o.ordered_at::DATE AS d, s.platform, count(DISTINCT o.session_id) AS order_sessions
    FROM orders o JOIN sessions s USING (session_id)
    GROUP BY ALL
), tracked AS (
    SELECT e.event_at::DATE AS d, s.platform, count(DISTINCT e.session_id) AS event_sessions
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'purchase'
    GROUP BY ALL
), both_sources AS (
    SELECT d, platform, order_sessions, coalesce(event_sessions, 0) AS event_sessions
    FROM ordered LEFT JOIN tracked USING (d, platform)
)
SELECT 100.0 * sum(event_sessions) FILTER (WHERE platform = 'web' AND d = '2025-04-15')
           / sum(order_sessions) FILTER (WHERE platform = 'web' AND d = '2025-04-15') AS web_15_april_percent,
       100.0 * sum(event_sessions) FILTER (WHERE platform = 'web' AND d = '2025-04-16')
           / sum(order_sessions) FILTER (WHERE platform = 'web' AND d = '2025-04-16') AS web_16_april_percent,
       100.0 * sum(event_sessions) FILTER (WHERE platform = 'web' AND d NOT BETWEEN '2025-04-15' AND '2025-04-17')
           / sum(order_sessions) FILTER (WHERE platform = 'web' AND d NOT BETWEEN '2025-04-15' AND '2025-04-17')
           AS web_other_days_percent,
       sum(order_sessions - event_sessions) FILTER (WHERE platform = 'web' AND d BETWEEN '2025-04-15' AND '2025-04-17')
           AS web_untracked_sessions,
       sum(order_sessions) FILTER (WHERE platform = 'web' AND d = '2025-04-16') AS web_16_april_sessions,
       count_if(event_sessions < 0.8 * order_sessions) AS untracked_days
FROM both_sources

-- numbers: easter
WITH visits AS (
    SELECT s.started_at::DATE AS d, s.started_at::DATE BETWEEN '2025-04-18' AND '2025-04-21' AS easter,
           s.started_at::DATE BETWEEN '2025-04-11' AND '2025-04-14' AS week_before,
           b.session_id IS NOT NULL AS buys
    FROM sessions s LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
)
SELECT 100.0 * (count_if(easter) / count_if(week_before) - 1) AS easter_sessions_change_percent,
       100.0 * count_if(easter AND buys) / count_if(easter) AS easter_conv_percent,
       100.0 * count_if(easter AND buys) / count_if(easter)
           - 100.0 * count_if(NOT easter AND buys AND d >= '2025-04-07') / count_if(NOT easter AND d >= '2025-04-07')
           AS easter_conv_change_pp
FROM visits

-- numbers: paid-social
WITH visits AS (
    SELECT s.started_at >= '2025-03-31' AS late, s.channel = 'paid_social' AS social, p.session_id IS NOT NULL AS pays,
           b.session_id IS NOT NULL AS buys
    FROM sessions s
    LEFT JOIN (SELECT DISTINCT session_id FROM orders WHERE status = 'paid') p USING (session_id)
    LEFT JOIN (SELECT DISTINCT session_id FROM orders) b USING (session_id)
), counted AS (
    SELECT count_if(NOT late) AS all0, count_if(late) AS all1,
           count_if(NOT late AND social) AS n0, count_if(late AND social) AS n1,
           count_if(NOT late AND social AND buys) AS k0, count_if(late AND social AND buys) AS k1
    FROM visits
), paid AS (
    SELECT count_if(s.started_at < '2025-03-31') AS p0, count_if(s.started_at >= '2025-03-31') AS p1
    FROM orders o JOIN sessions s USING (session_id)
    WHERE o.status = 'paid' AND s.channel = 'paid_social'
), spend AS (
    SELECT sum(spend_eur) FILTER (WHERE spend_date < '2025-03-31') AS e0,
           sum(spend_eur) FILTER (WHERE spend_date >= '2025-03-31') AS e1
    FROM marketing_spend
    WHERE channel = 'paid_social'
)
SELECT n0 AS social_before_sessions, n1 AS social_after_sessions,
       100.0 * (n1 / n0 - 1) AS social_sessions_change_percent, n1 / n0 AS social_growth_times,
       100.0 * n0 / all0 AS social_share_before_percent, 100.0 * n1 / all1 AS social_share_after_percent,
       100.0 * k0 / n0 AS social_conv_before_percent, 100.0 * k1 / n1 AS social_conv_after_percent,
       e0 / 28 AS social_spend_per_day_before_eur, e1 / 28 AS social_spend_per_day_after_eur,
       e1 / 4 AS social_spend_per_week_after_eur, e0 AS social_spend_before_eur, e1 AS social_spend_after_eur,
       e1 - e0 AS social_extra_spend_eur, 100.0 * (e1 / e0 - 1) AS social_spend_change_percent,
       p0 AS social_paid_before_orders, p1 AS social_paid_after_orders, p1 - p0 AS social_extra_paid_orders,
       e0 / p0 AS social_cost_per_paid_order_before_eur, e1 / p1 AS social_cost_per_paid_order_after_eur,
       (e1 - e0) / (p1 - p0) AS social_cost_per_extra_paid_order_eur
FROM counted CROSS JOIN paid CROSS JOIN spend

-- numbers: totals
WITH bought AS (
    SELECT DISTINCT session_id FROM orders
)
SELECT count(*) AS all_sessions, count_if(started_at < '2025-03-31') AS before_sessions,
       count_if(started_at >= '2025-03-31') AS after_sessions,
       100.0 * (count_if(started_at >= '2025-03-31') / count_if(started_at < '2025-03-31') - 1)
           AS sessions_change_percent
FROM sessions

-- numbers: orders
SELECT count(*) AS all_orders, count_if(status = 'paid') AS paid_orders,
       count_if(status = 'cancelled') AS cancelled_orders,
       sum(amount_eur) FILTER (WHERE status = 'paid') AS revenue_eur,
       100.0 * count_if(status = 'cancelled') / count(*) AS cancelled_percent
FROM orders
