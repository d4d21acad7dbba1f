-- The latest sessions of an account in scope, open ones first.
SELECT session_id, account_id, scope_code, via, address, browser, created_at, seen_at, expires_at,
       ended_at, ended_by,
       ended_at IS NULL AND expires_at > now()
       AND (idle_s IS NULL OR seen_at + make_interval(secs => idle_s) > now()) AS open
FROM session
WHERE account_id = :account_id
ORDER BY open DESC, session_id DESC
LIMIT :most
