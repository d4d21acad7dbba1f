-- Whether somebody who may wants a running job to be ended.
SELECT EXISTS (
    SELECT FROM job AS asked
    JOIN job AS target ON CAST(target.job_id AS text) = asked.request ->> 'job_id'
    WHERE asked.kind = 'cancel' AND asked.state = 'waiting' AND target.job_id = :job_id
      AND asked.scope_code IN (target.scope_code, (SELECT root_code FROM hierarchy)));
