-- Say which area a login is for; one that came with a backup takes the new area.
INSERT INTO gis_login (login, scope_slot, scope_code, note, created_by)
VALUES (:login, :slot, :code, :note, :author)
ON CONFLICT (login) DO UPDATE
SET (scope_slot, scope_code, note, created_by, created_at)
    = (excluded.scope_slot, excluded.scope_code, excluded.note, excluded.created_by, now())
