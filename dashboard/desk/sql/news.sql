-- What changes whenever something on the data page does: numbers of jobs by state, of batches.
SELECT (SELECT coalesce(max(job_id), 0) FROM job) AS last_job,
       (SELECT coalesce(string_agg(job_id || state, ' ' ORDER BY job_id DESC), '')
        FROM (SELECT job_id, state FROM job ORDER BY job_id DESC LIMIT 30) AS latest) AS states,
       (SELECT coalesce(max(batch_id), 0) FROM batch) AS last_batch,
       (SELECT count(*) FROM batch WHERE undone_at IS NOT NULL) AS undone
