-- Nobody else changes dictionaries until this transaction ends.
SELECT pg_advisory_xact_lock(hashtext('gridboard.terms'));
