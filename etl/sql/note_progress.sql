-- The worker is alive, and this is how far it is; no row if the job is no longer its own.
UPDATE job
SET seen_at = clock_timestamp(), progress = CAST(:progress AS jsonb)
WHERE job_id = :job_id AND state = 'running' AND started_at = :started_at
RETURNING job_id;
