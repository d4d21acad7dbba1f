-- Nobody changes areas until this transaction ends.
SELECT pg_advisory_xact_lock_shared(hashtext('gridboard.areas'));
