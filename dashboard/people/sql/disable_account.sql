-- Shut an account out from its next request on.
UPDATE account SET disabled_at = now() WHERE account_id = :account_id RETURNING account_id;
