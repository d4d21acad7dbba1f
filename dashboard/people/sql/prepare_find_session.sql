-- The session of a cookie, if it may go on: asked at every request, so that whatever ends it (log-out,
-- idle or absolute limit, a disabled account, a scope taken away) does so at the next one.
PREPARE find_session (bytea) AS
SELECT session_id, account_id, login, name, role, session.scope_slot, session.scope_code,
       scope_slots, scope_codes, via, session.created_at, expires_at,
       seen_at < now() - interval '1 minute' AS unseen, is_demo
FROM session JOIN account USING (account_id)
WHERE token_sha256 = $1
  AND ended_at IS NULL
  AND expires_at > now()
  AND (CASE WHEN idle_s IS NULL THEN role = 'wall'
            ELSE seen_at > now() - make_interval(secs => idle_s) END)
  AND disabled_at IS NULL
  AND EXISTS (SELECT FROM unnest(scope_slots, scope_codes) AS own (slot, code)
              WHERE own.slot = session.scope_slot AND own.code = session.scope_code)
