-- Jobs that ended long ago.
DELETE FROM job
WHERE finished_at < clock_timestamp() - make_interval(days => :days)
RETURNING job_id;
