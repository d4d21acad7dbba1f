-- A new account; nothing happens if its login is taken.
INSERT INTO account (login, name, role, scope_slots, scope_codes, created_by)
VALUES (:login, :name, :role, :slots, :codes, :created_by)
ON CONFLICT (login) DO NOTHING
RETURNING account_id;
