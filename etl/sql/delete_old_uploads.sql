-- Uploads of long ago that no job is still to read.
DELETE FROM upload
WHERE uploaded_at < clock_timestamp() - make_interval(days => :days)
  AND NOT EXISTS (
      SELECT FROM job
      WHERE job.state IN ('waiting', 'running')
        AND job.request #>> '{file,upload}' = CAST(upload.upload_id AS text))
RETURNING upload_id;
