-- Open tasks by unit, post, holder and card.
SELECT t.division_path, t.unit_id, t.post, t.assignee_id,
       insight_card(t.red_at, t.due_at, t.amber_at, %(now)s), NULL::date, count(*)
FROM casework_task t
WHERE t.state = 'open'
GROUP BY 1, 2, 3, 4, 5
