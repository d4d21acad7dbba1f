-- A file in scope that has arrived.
SELECT upload_id, file_name, bytes, file_sha256, uploaded_at FROM upload WHERE upload_id = :upload_id
