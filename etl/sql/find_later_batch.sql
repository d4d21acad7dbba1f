-- The latest batch that has replaced incidents of this one, with how many.
SELECT batch.batch_id, batch.scope_code, batch.file_name, batch.source, count(*) AS incidents
FROM former_incident AS former
JOIN batch ON batch.batch_id = former.replaced_by
WHERE former.batch_id = :batch_id
GROUP BY batch.batch_id
ORDER BY batch.batch_id DESC
LIMIT 1;
