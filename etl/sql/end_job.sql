-- The job is over, unless another worker has taken it meanwhile. A result that is there was stored
-- by the very transaction that did the job: then it is done, whatever was heard of it since.
UPDATE job
SET state = CASE WHEN result IS NOT NULL THEN 'done' ELSE :state END,
    finished_at = clock_timestamp(),
    result = coalesce(result, CAST(:result AS jsonb))
WHERE job_id = :job_id AND state = 'running' AND started_at = :started_at;
