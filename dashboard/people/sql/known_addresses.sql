-- Where a login has come in from before, lately.
SELECT DISTINCT session.address
FROM session JOIN account USING (account_id)
WHERE login = :login AND session.address IS NOT NULL
  AND session.created_at > now() - interval '400 days'
LIMIT 200;
