-- Jobs by state, how long the oldest has waited, when data changed, and their last day.
SELECT 'job' AS name, state AS label, count(*) AS value FROM job GROUP BY state
UNION ALL
SELECT 'waiting', '', coalesce(extract(epoch FROM now() - min(asked_at)), 0)
FROM job WHERE state = 'waiting'
UNION ALL
SELECT 'changed', kind, extract(epoch FROM changed_at) FROM revision
UNION ALL
SELECT 'last_day', '', extract(epoch FROM last_day::timestamp AT TIME ZONE 'UTC')
FROM revision WHERE last_day IS NOT NULL;
