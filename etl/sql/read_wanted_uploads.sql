-- Uploads that jobs are still to read.
SELECT DISTINCT request #>> '{file,upload}'
FROM job
WHERE state IN ('waiting', 'running') AND request #>> '{file,upload}' IS NOT NULL;
