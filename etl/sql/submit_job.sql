-- Something for a worker to do.
INSERT INTO job (scope_code, author, kind, request)
VALUES (:scope_code, :author, :kind, CAST(:request AS jsonb))
RETURNING job_id;
