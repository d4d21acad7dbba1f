-- One attempt after the other, for an address and for a login: those sent at the same moment count too.
SELECT pg_advisory_xact_lock(20261, hashtext(:address)),
       pg_advisory_xact_lock(20262, hashtext(encode(CAST(:login AS bytea), 'hex')));
