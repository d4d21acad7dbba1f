-- End one session, unless it has ended.
UPDATE session SET ended_at = now(), ended_by = :ended_by
FROM account
WHERE session_id = :session_id AND ended_at IS NULL AND account.account_id = session.account_id
RETURNING account.login;
