-- A one-time link to set a password.
INSERT INTO invitation (token_sha256, account_id, made_by, expires_at)
VALUES (:digest, :account_id, :made_by, now() + make_interval(hours => :hours));
