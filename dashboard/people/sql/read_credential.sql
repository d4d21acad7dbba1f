-- What a log-in is checked against.
SELECT account_id, password_hash, disabled_at IS NOT NULL AS disabled
FROM account LEFT JOIN credential USING (account_id)
WHERE login = :login;
