-- Remember a file that has arrived whole; its content lies under the number.
INSERT INTO upload (scope_code, author, file_name, bytes, file_sha256)
VALUES (:scope_code, :author, :file_name, :bytes, :file_sha256)
RETURNING upload_id
