-- Nobody else loads incidents of this source until this transaction ends.
SELECT pg_advisory_xact_lock(hashtext('gridboard.source'), hashtext(:source));
