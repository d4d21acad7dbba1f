-- Each source of incidents with its latest load from the data page, the latest first.
SELECT batch_id, source
FROM (
    SELECT DISTINCT ON (batch.source) batch.batch_id, batch.source
    FROM job
    JOIN batch USING (batch_id)
    WHERE job.kind = 'load' AND job.request ->> 'what' = 'incidents' AND job.state = 'done'
    ORDER BY batch.source, batch.batch_id DESC
) AS latest
ORDER BY batch_id DESC
LIMIT 20
