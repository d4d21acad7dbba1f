-- What an account's password is known by from now on.
INSERT INTO credential (account_id, password_hash) VALUES (:account_id, :hash)
ON CONFLICT (account_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = now();
