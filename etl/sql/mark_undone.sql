-- The batch is undone: nothing is put aside for it any more.
DELETE FROM former_incident WHERE replaced_by = :batch_id;
UPDATE batch SET undone_at = clock_timestamp(), undone_by = :undone_by WHERE batch_id = :batch_id;
