-- Jobs that ended long ago, but for the latest load of each source: its profile is wanted again
-- when the next file of the source comes.
DELETE FROM job
WHERE finished_at < clock_timestamp() - make_interval(days => :days)
  AND job_id NOT IN (
      SELECT DISTINCT ON (batch.source) latest.job_id
      FROM job AS latest JOIN batch USING (batch_id)
      WHERE latest.kind = 'load' AND latest.state = 'done'
      ORDER BY batch.source, latest.job_id DESC)
RETURNING job_id;
