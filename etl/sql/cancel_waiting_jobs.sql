-- Jobs that somebody of the same scope, or of the whole database, wants cancelled before any
-- worker has taken them.
UPDATE job AS target
SET state = 'cancelled', finished_at = clock_timestamp()
FROM job AS asked
WHERE asked.kind = 'cancel' AND asked.state = 'waiting'
  AND CAST(target.job_id AS text) = asked.request ->> 'job_id'
  AND target.state = 'waiting' AND target.kind <> 'cancel'
  AND asked.scope_code IN (target.scope_code, (SELECT root_code FROM hierarchy));
-- A request that has nothing left to cancel is done.
UPDATE job AS asked
SET state = 'done', finished_at = clock_timestamp()
WHERE asked.kind = 'cancel' AND asked.state = 'waiting'
  AND NOT EXISTS (
      SELECT FROM job AS target
      WHERE CAST(target.job_id AS text) = asked.request ->> 'job_id'
        AND target.state = 'running'
        AND asked.scope_code IN (target.scope_code, (SELECT root_code FROM hierarchy)));
