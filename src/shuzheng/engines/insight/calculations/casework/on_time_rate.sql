-- Share of the cases closed in the last 30 days of which no clock of the case itself was stopped too late.
SELECT above.path, NULL::uuid, '', NULL::uuid, '', NULL::date,
       round(100.0 * coalesce(sum(counted.number) FILTER (WHERE NOT counted.late), 0) / sum(counted.number), 2)
FROM (
    SELECT c.division_path, EXISTS (
        SELECT FROM casework_clock k
        WHERE k.case_id = c.id AND k.task_id IS NULL AND k.stopped_at > k.due_at
    ) AS late, count(*) AS number
    FROM casework_case c
    WHERE c.closed_at >= (%(today)s::date - 30)::timestamp AT TIME ZONE 'Asia/Shanghai' AND c.state = 'closed'
    GROUP BY 1, 2
) counted
CROSS JOIN LATERAL insight_above(counted.division_path) AS above (path)
GROUP BY 1
