-- A batch that has begun; its counts follow in close_batch.
INSERT INTO batch (scope_code, kind, source, file_name, file_sha256, profile, author, started_at)
VALUES (:scope_code, :kind, :source, :file_name, :file_sha256, :profile, :author,
    clock_timestamp())
RETURNING batch_id;
