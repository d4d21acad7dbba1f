-- The latest batches in scope, newest first; one of them where a number is given.
SELECT batch_id, scope_code, kind, source, file_name, profile, author, started_at, finished_at,
       rows_read, rows_loaded, rows_updated, rows_unchanged, rows_rejected, first_day, last_day,
       undone_at, undone_by, report
FROM batch
WHERE finished_at IS NOT NULL AND batch_id = coalesce(CAST(:batch_id AS bigint), batch_id)
ORDER BY batch_id DESC
LIMIT :most
