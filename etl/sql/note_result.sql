-- What the job came to, within the transaction that did it.
UPDATE job SET result = CAST(:result AS jsonb), batch_id = :batch_id
WHERE job_id = :job_id AND state = 'running';
