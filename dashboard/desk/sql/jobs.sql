-- The latest jobs in scope, newest first, without their results, with the name of their file.
SELECT job_id, job.scope_code, job.author, kind, state, request, progress, NULL::jsonb AS result, batch_id,
       asked_at, started_at, seen_at, finished_at, now() AS read_at, upload.file_name
FROM job
LEFT JOIN upload ON upload.upload_id = (request #>> '{file,upload}')::bigint
WHERE kind <> 'cancel'
ORDER BY job_id DESC
LIMIT :most
