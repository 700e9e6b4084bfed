-- The ten items of each division with the most cases filed in the last 30 days.
SELECT ranked.path, NULL::uuid, '', NULL::uuid, ranked.item_code, NULL::date, ranked.number
FROM (
    SELECT above.path, counted.item_code, sum(counted.number) AS number,
           row_number() OVER (PARTITION BY above.path ORDER BY sum(counted.number) DESC, counted.item_code) AS place
    FROM (
        SELECT c.division_path, c.item_code, count(*) AS number
        FROM casework_case c
        WHERE c.filed_at >= (%(today)s::date - 30)::timestamp AT TIME ZONE 'Asia/Shanghai'
        GROUP BY 1, 2
    ) counted
    CROSS JOIN LATERAL insight_above(counted.division_path) AS above (path)
    GROUP BY 1, 2
) ranked
WHERE ranked.place <= 10
