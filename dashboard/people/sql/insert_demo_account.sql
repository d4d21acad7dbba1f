-- A ready account of the demo, unless it is there.
INSERT INTO account (login, name, role, scope_slots, scope_codes, is_demo, created_by)
VALUES (:login, :name, :role, :slots, :codes, true, 'demo')
ON CONFLICT (login) DO NOTHING;
