-- The latest jobs that the reader may see.
SELECT job_id, scope_code, author, kind, state, request, progress, result, batch_id, asked_at,
    started_at, seen_at, finished_at
FROM job
WHERE kind <> 'cancel'
ORDER BY job_id DESC
LIMIT :limit;
