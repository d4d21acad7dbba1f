-- Forget all places known by name.
DELETE FROM gazetteer;
