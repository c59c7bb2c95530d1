-- reference
-- say: A version is a list of numbers, so compare it as one: split at the dots, cast the parts to
--   integers and order by the list. One window per platform keeps the two apps apart.
SELECT platform, app_version
FROM (SELECT DISTINCT platform, app_version FROM sessions WHERE platform <> 'web')
QUALIFY row_number() OVER (
    PARTITION BY platform
    ORDER BY list_transform(string_split(app_version, '.'), lambda part: part::INTEGER) DESC
) = 1
ORDER BY platform

-- trap: text-order
-- tag: text_order
-- say: Text is compared letter by letter, and read as a decimal 5.10 is 5.1. Either way a release with
--   two digits in the middle sorts below an older one. Compare the parts as whole numbers.
SELECT platform, max(app_version) AS app_version
FROM sessions
WHERE platform <> 'web'
GROUP BY platform

-- trap: one-row-for-all
-- tag: missing_partition
-- say: You have one row for both apps. Android and iOS number their releases independently, so the
--   highest number of all says nothing about the other app. Rank inside each platform.
SELECT platform, app_version
FROM (SELECT DISTINCT platform, app_version FROM sessions WHERE platform <> 'web')
ORDER BY list_transform(string_split(app_version, '.'), lambda part: part::INTEGER) DESC
LIMIT 1

-- trap: version-as-number
-- tag: text_order
-- fails: ConversionException
-- say: A version has two dots, and a number may have one: the cast has to fail. Versions are three
--   numbers, not one. Split at the dots first, then cast each part.
SELECT platform, max(app_version::DOUBLE)::VARCHAR AS app_version
FROM sessions
WHERE platform <> 'web'
GROUP BY platform

-- remark: dots-removed
-- when: (?i)replace\s*\(\s*(\w+\.)?app_version\s*,\s*'(\.|\\\.)'
-- say: Right on these versions, and only by luck. Without its dots 5.2.10 becomes 5210 and beats
--   5.10.0, which becomes 5100. Compare part by part and it holds for every release to come.
SELECT platform, arg_max(app_version, replace(app_version, '.', '')::INTEGER) AS app_version
FROM (SELECT DISTINCT platform, app_version FROM sessions WHERE platform <> 'web')
GROUP BY platform
