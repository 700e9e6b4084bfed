-- Open tasks by unit and step.
SELECT t.division_path, t.unit_id, '', NULL::uuid, t.title, NULL::date, count(*)
FROM casework_task t
WHERE t.state = 'open'
GROUP BY 1, 2, 5
