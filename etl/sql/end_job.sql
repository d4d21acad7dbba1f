-- The job is over, unless another worker has taken it meanwhile.
UPDATE job
SET state = :state, finished_at = clock_timestamp(),
    result = coalesce(CAST(:result AS jsonb), result)
WHERE job_id = :job_id AND state = 'running' AND started_at = :started_at;
