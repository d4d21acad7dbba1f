-- Nobody changes areas or assigns incidents to them until this transaction ends.
SELECT pg_advisory_xact_lock(hashtext('gridboard.areas'));
