-- right: counts of distinct sessions, short chain
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- right: in percent throughout, rounded at the end
WITH attempts AS (
    SELECT s.session_id, date_trunc('day', s.started_at) AS d,
           CASE WHEN EXISTS (SELECT 1 FROM orders o WHERE o.session_id = s.session_id) THEN 100.0 ELSE 0 END AS ok
    FROM sessions s
    WHERE s.platform = 'android'
      AND s.session_id IN (SELECT session_id FROM checkout_events WHERE event_name = 'add_payment')
), daily AS (SELECT d, avg(ok) AS rate FROM attempts GROUP BY d),
base AS (
    SELECT avg(rate) - 3 * stddev(rate) / sqrt(3) AS floor FROM daily
    WHERE d BETWEEN '2025-03-03' AND '2025-03-30'
), rolling AS (
    SELECT *, avg(rate) OVER (ORDER BY d ROWS 2 PRECEDING) AS mean3 FROM daily
)
SELECT min(d)::DATE AS d, round(arg_min(rate, d), 2) AS rate_percent, round(arg_min(mean3, d), 2) AS rolling3_percent,
       round(any_value(floor), 2) AS floor_percent
FROM rolling CROSS JOIN base
WHERE d >= '2025-03-31' AND mean3 < floor
HAVING count(*) > 0

-- right: three days by lag
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, (rate + lag(rate, 1) OVER (ORDER BY d) + lag(rate, 2) OVER (ORDER BY d)) / 3 AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d BETWEEN '2025-03-31' AND '2025-04-27' AND mean3 < floor
QUALIFY row_number() OVER (ORDER BY d) = 1

-- right: three days by a self join
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT a.d, any_value(a.rate) AS rate, avg(b.rate) AS mean3
    FROM daily a JOIN daily b ON b.d BETWEEN a.d - 2 AND a.d
    GROUP BY a.d
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- right: calendar of days
WITH days AS (
    SELECT unnest(generate_series(DATE '2025-03-03', DATE '2025-04-27', INTERVAL 1 DAY))::DATE AS d
), attempts AS (
    SELECT s.started_at::DATE AS d, count(*) AS n, count(o.session_id) AS k
    FROM sessions s
    JOIN checkout_events e ON e.session_id = s.session_id AND e.event_name = 'add_payment'
    LEFT JOIN (SELECT DISTINCT session_id FROM orders) o ON o.session_id = s.session_id
    WHERE s.platform = 'android'
    GROUP BY 1
), daily AS (
    SELECT d, k / nullif(n, 0) AS rate FROM days LEFT JOIN attempts USING (d)
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- right: sample deviation by hand
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * sqrt((sum(rate * rate) - count(*) * avg(rate) * avg(rate)) / (count(*) - 1)) / sqrt(3) AS floor
    FROM daily WHERE d <= '2025-03-30'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d > '2025-03-30' AND mean3 < floor
ORDER BY d LIMIT 1

-- right: variance over three
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent,
       100 * (SELECT avg(rate) - 3 * sqrt(var_samp(rate) / 3) FROM daily WHERE d < DATE '2025-03-31') AS floor_percent
FROM rolling
WHERE d >= DATE '2025-03-31'
  AND mean3 < (SELECT avg(rate) - 3 * sqrt(var_samp(rate) / 3) FROM daily WHERE d < DATE '2025-03-31')
ORDER BY d ASC
FETCH FIRST 1 ROW ONLY

-- right: by rule the app loses no purchase event
WITH daily AS (
    SELECT started_at::DATE AS d, avg(bought) AS rate
    FROM (
        SELECT session_id, max((event_name = 'purchase')::INT) AS bought FROM checkout_events
        GROUP BY session_id HAVING bool_or(event_name = 'add_payment')
    ) JOIN sessions USING (session_id)
    WHERE platform = 'android' GROUP BY ALL
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- right: floor by conditional aggregates over all days
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
), judged AS (
    SELECT *, avg(rate) FILTER (WHERE d < '2025-03-31') OVER ()
              - 3 * stddev_samp(rate) FILTER (WHERE d < '2025-03-31') OVER () / sqrt(3) AS floor
    FROM rolling
)
SELECT 100 * floor AS floor_percent, 100 * mean3 AS rolling3_percent, 100 * rate AS rate_percent, d
FROM judged WHERE d >= '2025-03-31' AND mean3 < floor ORDER BY d LIMIT 1

-- right: the first day found by a subquery
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
), alarms AS (
    SELECT d, rate, mean3, floor FROM rolling CROSS JOIN base WHERE d >= '2025-03-31' AND mean3 < floor
)
SELECT d, rate * 100 AS rate_percent, mean3 * 100 AS rolling3_percent, floor * 100 AS floor_percent
FROM alarms WHERE d = (SELECT min(d) FROM alarms)

-- right: range of days
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d RANGE BETWEEN INTERVAL 2 DAY PRECEDING AND CURRENT ROW) AS mean3
    FROM daily WHERE d >= '2025-03-29'
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- right: cast of a text day
WITH daily AS (
    SELECT strftime(s.started_at, '%Y-%m-%d') AS d, sum(o.n) / sum(1) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id)
    JOIN LATERAL (SELECT least(count(*), 1) AS n FROM orders x WHERE x.session_id = s.session_id) o ON true
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d::DATE AS d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE rolling.d >= '2025-03-31' AND mean3 < floor
ORDER BY 1 LIMIT 1

-- lucky: read off the result
SELECT DATE '2025-04-03' AS d, 66.67 AS rate_percent, 77.28 AS rolling3_percent, 80.71 AS floor_percent

-- lucky: watched a day late
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d > '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- lucky: watched from April on
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-04-01' AND mean3 < floor
ORDER BY d LIMIT 1

-- lucky: the day by name
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d = '2025-04-03'

-- lucky: the window starts anew on 31 March
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3
    FROM daily WHERE d >= '2025-03-31'
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE mean3 < floor
ORDER BY d LIMIT 1

-- open: only the first week is watched
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d BETWEEN '2025-03-31' AND '2025-04-06' AND mean3 < floor
ORDER BY d LIMIT 1

-- open: days of at least twenty attempts
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1 HAVING count(DISTINCT s.session_id) >= 20
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- wrong: population deviation
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_pop(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- wrong: cards only
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND e.payment_method = 'card' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- wrong: two deviations
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 2 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1

-- wrong: the last alarm
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d DESC LIMIT 1

-- wrong: every alarm
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN orders o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d

-- wrong: paid orders only
WITH daily AS (
    SELECT s.started_at::DATE AS d, count(DISTINCT o.session_id) / count(DISTINCT s.session_id) AS rate
    FROM sessions s JOIN checkout_events e USING (session_id) LEFT JOIN (FROM orders WHERE status = 'paid') o USING (session_id)
    WHERE e.event_name = 'add_payment' AND s.platform = 'android'
    GROUP BY 1
), base AS (
    SELECT avg(rate) - 3 * stddev_samp(rate) / sqrt(3) AS floor FROM daily WHERE d < '2025-03-31'
), rolling AS (
    SELECT d, rate, avg(rate) OVER (ORDER BY d ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean3 FROM daily
)
SELECT d, 100 * rate AS rate_percent, 100 * mean3 AS rolling3_percent, 100 * floor AS floor_percent
FROM rolling, base
WHERE d >= '2025-03-31' AND mean3 < floor
ORDER BY d LIMIT 1
