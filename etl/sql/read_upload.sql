-- An upload of the scope that a job belongs to, or any of them for the whole database.
SELECT file_name FROM upload
WHERE upload_id = :upload_id
  AND :scope_code IN (scope_code, (SELECT root_code FROM hierarchy));
