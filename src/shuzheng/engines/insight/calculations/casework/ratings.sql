-- Ratings of the last 90 days by division and level.
SELECT above.path, NULL::uuid, '', NULL::uuid, counted.level::text, NULL::date, sum(counted.number)
FROM (
    SELECT r.division_path, r.level, count(*) AS number
    FROM casework_rating r
    WHERE r.rated_at >= (%(today)s::date - 90)::timestamp AT TIME ZONE 'Asia/Shanghai'
    GROUP BY 1, 2
) counted
CROSS JOIN LATERAL insight_above(counted.division_path) AS above (path)
GROUP BY 1, 5
