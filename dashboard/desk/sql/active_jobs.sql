-- The jobs in scope that wait or run, and one more by its number, oldest first.
SELECT job_id, kind, state, progress, asked_at, started_at, seen_at, finished_at, now() AS read_at
FROM job
WHERE kind <> 'cancel' AND (state IN ('waiting', 'running') OR job_id = CAST(:job_id AS bigint))
ORDER BY job_id
LIMIT 50
