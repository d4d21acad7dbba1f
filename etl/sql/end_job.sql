-- The job is over, unless another worker has taken it meanwhile. One that was called off a moment
-- after it had been done is done.
UPDATE job
SET state = CASE WHEN :state = 'cancelled' AND result IS NOT NULL THEN 'done' ELSE :state END,
    finished_at = clock_timestamp(),
    result = coalesce(CAST(:result AS jsonb), result)
WHERE job_id = :job_id AND state = 'running' AND started_at = :started_at;
