-- Cases by division and the day, in legal time, on which they were closed.
SELECT above.path, NULL::uuid, '', NULL::uuid, '', counted.day, sum(counted.number)
FROM (
    SELECT c.division_path, (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*) AS number
    FROM casework_case c
    WHERE c.closed_at >= %(since)s::timestamp AT TIME ZONE 'Asia/Shanghai'
    GROUP BY 1, 2
) counted
CROSS JOIN LATERAL insight_above(counted.division_path) AS above (path)
GROUP BY 1, 6
