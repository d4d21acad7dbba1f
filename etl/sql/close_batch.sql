-- The account of a batch that has ended.
UPDATE batch
SET finished_at = clock_timestamp(),
    rows_read = :rows_read,
    rows_loaded = :rows_loaded,
    rows_updated = :rows_updated,
    rows_unchanged = :rows_unchanged,
    rows_rejected = :rows_rejected,
    file_sha256 = coalesce(:file_sha256, file_sha256),
    first_day = :first_day,
    last_day = :last_day,
    report = CAST(:report AS jsonb)
WHERE batch_id = :batch_id
RETURNING scope_code, kind, source, file_name, author;
