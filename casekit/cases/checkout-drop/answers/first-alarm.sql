-- reference
-- say: The threshold must fit what is compared with it. A mean of three days wobbles less than one day,
--   by the square root of three, and its normal level comes from days the fault cannot have touched.
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
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor_rate
    FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate,
           avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS rolling3
    FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * rolling3 AS rolling3_percent, 100 * floor_rate AS floor_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND rolling3 < floor_rate
ORDER BY d
LIMIT 1

-- trap: single-day-noise
-- tag: noise_level
-- say: You held a mean of three days against the noise of single days. A mean wobbles less, so your
--   floor lies too low and the alarm comes late, or with nothing to spare. Divide the deviation by √3.
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
    SELECT avg(rate) - 3 * stddev_samp(rate) AS floor_rate
    FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate,
           avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS rolling3
    FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * rolling3 AS rolling3_percent, 100 * floor_rate AS floor_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND rolling3 < floor_rate
ORDER BY d
LIMIT 1

-- trap: april-in-the-base
-- tag: self_baseline
-- say: Your alarm stays silent or rings late, on a fault this size. Most often the base holds April: then
--   the fault sets its own threshold, and the worse it gets, the more normal it looks. Take the base only from
--   the days before 31 March; if you do, look for a condition that lets no day through.
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
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor_rate
    FROM daily
), rolling AS (
    SELECT d, rate,
           avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS rolling3
    FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * rolling3 AS rolling3_percent, 100 * floor_rate AS floor_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND rolling3 < floor_rate
ORDER BY d
LIMIT 1

-- trap: pooled-window
-- tag: ratio_of_means
-- say: You pooled the successes of three days. That is a fine rate, but the floor comes from the scatter
--   of daily rates, each day weighing the same. Compare like with like: average three daily rates.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.started_at::DATE AS d
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
), bought AS (
    SELECT DISTINCT session_id FROM orders
), daily AS (
    SELECT d, count(*) AS n, count(b.session_id) AS k, count(b.session_id) / count(*) AS rate
    FROM attempts LEFT JOIN bought b USING (session_id)
    GROUP BY d
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor_rate
    FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, sum(k) OVER three / sum(n) OVER three AS rolling3
    FROM daily
    WINDOW three AS (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)
)
SELECT d, 100 * rate AS rate_percent, 100 * rolling3 AS rolling3_percent, 100 * floor_rate AS floor_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND rolling3 < floor_rate
ORDER BY d
LIMIT 1

-- trap: every-platform
-- tag: wrong_population
-- say: You watched all platforms together. The healthy ones hide the sick one, so the floor is wrong for
--   Android and the alarm is left to luck. Watch Android alone.
WITH attempts AS (
    SELECT DISTINCT e.session_id, s.started_at::DATE AS d
    FROM checkout_events e JOIN sessions s USING (session_id)
    WHERE e.event_name = 'add_payment'
), bought AS (
    SELECT DISTINCT session_id FROM orders
), daily AS (
    SELECT d, count(b.session_id) / count(*) AS rate
    FROM attempts LEFT JOIN bought b USING (session_id)
    GROUP BY d
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor_rate
    FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate,
           avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS rolling3
    FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * rolling3 AS rolling3_percent, 100 * floor_rate AS floor_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND rolling3 < floor_rate
ORDER BY d
LIMIT 1

-- trap: window-looks-ahead
-- tag: wrong_window
-- say: Your window is centred, so it uses a day that has not happened yet. An alarm that needs
--   tomorrow's orders cannot ring today. Use the day itself and the two before it.
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
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor_rate
    FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate,
           avg(rate) OVER (ORDER BY d ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS rolling3
    FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * rolling3 AS rolling3_percent, 100 * floor_rate AS floor_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND rolling3 < floor_rate
ORDER BY d
LIMIT 1

-- remark: range-frame
-- when: (?i)\bRANGE\b
-- say: RANGE is right here because no day is missing. With a gap, RANGE keeps three calendar days and
--   ROWS reaches back to three rows. Know which of the two your alarm means, and say it.
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
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor_rate
    FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate,
           avg(rate) OVER (ORDER BY d RANGE BETWEEN INTERVAL 2 DAYS PRECEDING AND CURRENT ROW) AS rolling3
    FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * rolling3 AS rolling3_percent, 100 * floor_rate AS floor_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND rolling3 < floor_rate
ORDER BY d
LIMIT 1
