-- One job, if the reader may see it.
SELECT job_id, scope_code, author, kind, state, request, progress, result, batch_id, asked_at,
    started_at, seen_at, finished_at
FROM job
WHERE job_id = :job_id;
