-- Work in another scope of the account from now on.
UPDATE session SET scope_slot = :slot, scope_code = :code
WHERE session_id = :session_id AND ended_at IS NULL;
