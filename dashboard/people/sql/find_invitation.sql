-- Whom a link is for, if it can be used.
SELECT account_id FROM invitation JOIN account USING (account_id)
WHERE token_sha256 = :digest AND used_at IS NULL AND expires_at > now() AND disabled_at IS NULL;
