-- Change what an account is called, may do, and where.
UPDATE account SET name = :name, role = :role, scope_slots = :slots, scope_codes = :codes
WHERE account_id = :account_id
RETURNING account_id;
