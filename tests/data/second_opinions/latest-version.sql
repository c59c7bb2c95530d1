WITH parts AS (
    SELECT DISTINCT platform, app_version, split_part(app_version, '.', 1)::INT AS a,
           split_part(app_version, '.', 2)::INT AS b, split_part(app_version, '.', 3)::INT AS c
    FROM sessions WHERE platform IN ('android', 'ios')
)
SELECT DISTINCT ON (platform) platform, app_version FROM parts ORDER BY platform, a DESC, b DESC, c DESC
