-- How many earlier versions of incidents in scope a batch put aside.
SELECT count(*) FROM former_incident WHERE replaced_by = :batch_id
