-- End the sessions of an account, but for the one that asks for it, if it is among them.
UPDATE session SET ended_at = now(), ended_by = :ended_by
WHERE account_id = :account_id AND ended_at IS NULL
  AND session_id IS DISTINCT FROM CAST(:but AS bigint)
RETURNING session_id;
