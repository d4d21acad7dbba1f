-- End one session, unless it has ended.
UPDATE session SET ended_at = now(), ended_by = :ended_by
WHERE session_id = :session_id AND ended_at IS NULL
RETURNING account_id;
