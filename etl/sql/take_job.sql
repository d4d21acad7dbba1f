-- Take the oldest job that waits, or whose worker has not been heard of for a minute. Whoever
-- takes another one at the same moment takes another one.
UPDATE job
SET state = 'running', started_at = clock_timestamp(), seen_at = clock_timestamp()
WHERE job_id = (
    SELECT job_id FROM job
    WHERE kind <> 'cancel'
      AND (state = 'waiting'
           OR state = 'running' AND seen_at < clock_timestamp() - make_interval(secs => :lost_s))
    ORDER BY job_id
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING job_id, scope_code, author, kind, state, request, progress, result, batch_id, asked_at,
    started_at, seen_at, finished_at;
