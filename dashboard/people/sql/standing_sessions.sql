-- Those of these sessions that may go on, as prepare_find_session has it, and what each may see now.
SELECT session_id, login, role, session.scope_slot, session.scope_code
FROM session JOIN account USING (account_id)
WHERE session_id = ANY(:session_ids)
  AND ended_at IS NULL
  AND expires_at > now()
  AND (CASE WHEN idle_s IS NULL THEN role = 'wall'
            ELSE seen_at > now() - make_interval(secs => idle_s) END)
  AND disabled_at IS NULL
  AND EXISTS (SELECT FROM unnest(scope_slots, scope_codes) AS own (slot, code)
              WHERE own.slot = session.scope_slot AND own.code = session.scope_code);
