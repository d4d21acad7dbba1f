-- A worker that is told to end leaves its job to the next one.
UPDATE job SET state = 'waiting', started_at = NULL, seen_at = NULL, progress = '{}'
WHERE job_id = :job_id AND state = 'running' AND started_at = :started_at;
