-- An account the OpenID provider vouches for; nothing happens if its login or subject is taken.
INSERT INTO account (login, name, role, scope_slots, scope_codes, subject, created_by)
VALUES (:login, :name, :role, :slots, :codes, :subject, :created_by)
ON CONFLICT DO NOTHING
RETURNING account_id;
