-- Use a link up: of two who use it at the same time, one finds it used.
UPDATE invitation SET used_at = now()
WHERE token_sha256 = :digest AND used_at IS NULL AND expires_at > now()
  AND account_id IN (SELECT account_id FROM account WHERE disabled_at IS NULL)
RETURNING account_id;
