-- One load.
SELECT batch_id, scope_code, kind, source, file_name, profile, author, finished_at, rows_read,
    rows_loaded, rows_updated, rows_unchanged, rows_rejected, undone_at, undone_by, report
FROM batch
WHERE batch_id = :batch_id;
