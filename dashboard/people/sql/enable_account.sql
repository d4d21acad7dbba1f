-- Let an account in again.
UPDATE account SET disabled_at = NULL WHERE account_id = :account_id RETURNING account_id;
