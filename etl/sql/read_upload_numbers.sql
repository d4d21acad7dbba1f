-- Which uploads there are.
SELECT upload_id FROM upload;
