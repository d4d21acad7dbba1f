-- How many rows a batch refused, and which columns any of them has.
SELECT count(*) AS rows,
    (SELECT array_agg(DISTINCT name)
     FROM reject, jsonb_object_keys(raw) AS name WHERE batch_id = :batch_id) AS names
FROM reject
WHERE batch_id = :batch_id;
