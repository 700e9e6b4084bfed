-- Cases whose clocks run, by division and card.
SELECT above.path, NULL::uuid, '', NULL::uuid, counted.card, NULL::date, sum(counted.number)
FROM (
    SELECT c.division_path, insight_card(c.red_at, c.due_at, c.amber_at, %(now)s) AS card, count(*) AS number
    FROM casework_case c
    WHERE c.due_at < '9999-01-01 00:00:00+00'
    GROUP BY 1, 2
) counted
CROSS JOIN LATERAL insight_above(counted.division_path) AS above (path)
GROUP BY 1, 5
