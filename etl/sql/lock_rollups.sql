-- Nobody else merges rollup blocks until this transaction ends.
SELECT pg_advisory_xact_lock(hashtext('gridboard.rollups'));
