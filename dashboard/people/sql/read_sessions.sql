-- Sessions that can still be used, the latest first; of one account, or of all in sight.
SELECT session_id, account_id, login, session.scope_slot, session.scope_code, via, address, browser,
       session.created_at, seen_at, expires_at
FROM session JOIN account USING (account_id)
WHERE (CAST(:account_id AS bigint) IS NULL OR account_id = :account_id)
  AND ended_at IS NULL
  AND expires_at > now()
  AND (idle_s IS NULL OR seen_at > now() - make_interval(secs => idle_s))
  AND disabled_at IS NULL
ORDER BY session_id DESC
LIMIT 1000;
