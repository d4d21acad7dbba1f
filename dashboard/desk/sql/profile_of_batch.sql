-- The profile that a batch of incidents was loaded with from the data page.
SELECT request ->> 'profile' AS profile
FROM job
WHERE kind = 'load' AND batch_id = :batch_id AND request ->> 'what' = 'incidents'
LIMIT 1
