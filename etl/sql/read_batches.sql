-- The latest loads.
SELECT batch_id, scope_code, kind, source, file_name, profile, author, finished_at, rows_read,
    rows_loaded, rows_updated, rows_unchanged, rows_rejected, undone_at, undone_by, report
FROM batch
WHERE finished_at IS NOT NULL
ORDER BY batch_id DESC
LIMIT :limit;
