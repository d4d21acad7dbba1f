-- One job in scope, whole, with the name of its file.
SELECT job_id, job.scope_code, job.author, kind, state, request, progress, result, batch_id,
       asked_at, started_at, seen_at, finished_at, now() AS read_at, upload.file_name
FROM job
LEFT JOIN upload ON upload.upload_id = (request #>> '{file,upload}')::bigint
WHERE job_id = :job_id
