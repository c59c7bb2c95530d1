-- right: largest list of numbers
SELECT platform, arg_max(app_version, list_transform(string_split(app_version, '.'), lambda x: x::INTEGER)) AS app_version
FROM sessions WHERE platform IN ('android', 'ios') GROUP BY platform

-- right: three parts in the order
SELECT platform, app_version
FROM (
    SELECT platform, app_version,
           row_number() OVER (PARTITION BY platform ORDER BY split_part(app_version, '.', 1)::INT DESC,
               split_part(app_version, '.', 2)::INT DESC, split_part(app_version, '.', 3)::INT DESC) AS place
    FROM sessions WHERE platform IN ('android', 'ios')
)
WHERE place = 1

-- right: parts by regular expression, weighed
WITH versions AS (
    SELECT DISTINCT platform, app_version::VARCHAR AS v FROM sessions WHERE app_version <> 'web'
), weighed AS (
    SELECT *, regexp_extract(v, '^(\d+)', 1)::BIGINT * 1000000 + regexp_extract(v, '\.(\d+)\.', 1)::BIGINT * 1000
              + regexp_extract(v, '(\d+)$', 1)::BIGINT AS weight
    FROM versions
)
SELECT platform, v AS app_version FROM weighed w
WHERE weight = (SELECT max(weight) FROM weighed x WHERE x.platform = w.platform)
ORDER BY platform DESC

-- right: parts padded with zeros
SELECT platform, max_by(app_version, lpad(split_part(app_version, '.', 1), 6, '0')
    || lpad(split_part(app_version, '.', 2), 6, '0') || lpad(split_part(app_version, '.', 3), 6, '0')) AS app_version
FROM sessions WHERE NOT platform = 'web' GROUP BY 1

-- right: written back from the largest list
SELECT platform AS Platform,
       array_to_string(max(list_transform(string_split(app_version, '.'), lambda p: p::INTEGER)), '.') AS App_Version
FROM sessions WHERE platform <> 'web' GROUP BY platform

-- right: no greater one exists
WITH v AS (
    SELECT DISTINCT platform, app_version, split_part(app_version, '.', 1)::INT AS a,
           split_part(app_version, '.', 2)::INT AS b, split_part(app_version, '.', 3)::INT AS c
    FROM sessions WHERE platform IN ('android', 'ios')
)
SELECT platform, app_version FROM v
WHERE NOT EXISTS (
    SELECT 1 FROM v w WHERE w.platform = v.platform
    AND (w.a > v.a OR w.a = v.a AND w.b > v.b OR w.a = v.a AND w.b = v.b AND w.c > v.c)
)

-- right: each platform by itself
(SELECT 'android' AS platform, app_version FROM sessions WHERE platform = 'android'
 ORDER BY string_split(app_version, '.')::INTEGER[] DESC LIMIT 1)
UNION ALL
(SELECT 'ios', app_version FROM sessions WHERE platform = 'ios'
 ORDER BY string_split(app_version, '.')::INTEGER[] DESC LIMIT 1)

-- right: distinct on
SELECT DISTINCT ON (platform) app_version, platform, user_id IS NOT NULL AS seen
FROM sessions WHERE platform != 'web'
ORDER BY platform, string_split(app_version, '.')::INT[] DESC

-- right: rank and qualify over a grouped list
SELECT platform, app_version, count(*) AS sessions
FROM sessions
WHERE lower(platform::VARCHAR) IN ('ios', 'android')
GROUP BY platform, app_version
QUALIFY rank() OVER (PARTITION BY platform ORDER BY list_transform(string_split(app_version, '.'), lambda x: CAST(x AS INT)) DESC) = 1

-- right: lateral top one
SELECT p.platform, top.app_version
FROM (SELECT DISTINCT platform FROM sessions WHERE platform <> 'web') p,
LATERAL (
    SELECT s.app_version FROM sessions s WHERE s.platform = p.platform
    ORDER BY TRY_CAST(split_part(s.app_version, '.', 1) AS INT) DESC, TRY_CAST(split_part(s.app_version, '.', 2) AS INT) DESC,
             TRY_CAST(split_part(s.app_version, '.', 3) AS INT) DESC
    LIMIT 1
) top

-- right: struct of parts, first value
SELECT DISTINCT platform, first_value(app_version) OVER (PARTITION BY platform ORDER BY parts DESC) AS app_version
FROM (
    SELECT platform, app_version, row(split_part(app_version, '.', 1)::INT, split_part(app_version, '.', 2)::INT,
                                      split_part(app_version, '.', 3)::INT) AS parts
    FROM sessions WHERE platform <> 'web'
)

-- right: on the versions there are, the longest text then the last of it
SELECT platform, arg_max(app_version, (length(app_version), app_version::VARCHAR)) AS app_version
FROM sessions WHERE platform <> 'web' GROUP BY platform

-- lucky: read off the result
SELECT 'android' AS platform, '5.2.0' AS app_version UNION ALL SELECT 'ios', '5.10.0'

-- lucky: of the last session
SELECT platform, arg_max(app_version, started_at) AS app_version
FROM sessions WHERE platform <> 'web' GROUP BY platform

-- lucky: of the last session by number
SELECT platform, last(app_version ORDER BY session_id) AS app_version
FROM sessions WHERE platform <> 'web' GROUP BY platform

-- lucky: seen first the latest
SELECT platform, app_version FROM sessions WHERE platform <> 'web'
GROUP BY platform, app_version QUALIFY row_number() OVER (PARTITION BY platform ORDER BY min(started_at) DESC) = 1

-- lucky: most used
SELECT platform, mode(app_version) AS app_version FROM sessions WHERE platform <> 'web' GROUP BY platform

-- lucky: from the table of releases
SELECT platform, arg_max(app_version, string_split(app_version, '.')::INT[]) AS app_version
FROM app_releases GROUP BY platform

-- open: seen at least a hundred times
SELECT platform, arg_max(app_version, string_split(app_version, '.')::INT[]) AS app_version
FROM (SELECT platform, app_version FROM sessions WHERE platform <> 'web' GROUP BY ALL HAVING count(*) > 100)
GROUP BY platform

-- lucky: the literal per platform that occurs
SELECT DISTINCT platform, CASE platform WHEN 'android' THEN '5.2.0' ELSE '5.10.0' END AS app_version
FROM sessions WHERE platform <> 'web'

-- open: since April only
SELECT platform, arg_max(app_version, string_split(app_version, '.')::INT[]) AS app_version
FROM sessions WHERE platform <> 'web' AND started_at >= '2025-04-01' GROUP BY platform

-- wrong: the oldest
SELECT platform, arg_min(app_version, string_split(app_version, '.')::INT[]) AS app_version
FROM sessions WHERE platform <> 'web' GROUP BY platform

-- wrong: the web with it
SELECT platform, arg_max(app_version, started_at) AS app_version FROM sessions GROUP BY platform

-- wrong: patch before minor
SELECT platform, arg_max(app_version, (split_part(app_version, '.', 3)::INT, split_part(app_version, '.', 2)::INT)) AS app_version
FROM sessions WHERE platform <> 'web' GROUP BY platform

-- wrong: by country as well
SELECT platform, country, arg_max(app_version, string_split(app_version, '.')::INT[]) AS app_version
FROM sessions WHERE platform <> 'web' GROUP BY platform, country

-- wrong: every version
SELECT DISTINCT platform, app_version FROM sessions WHERE platform <> 'web'
