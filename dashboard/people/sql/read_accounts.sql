-- Accounts in sight, by login; one of them where its login or number is given.
SELECT account_id, login, name, role, scope_slots, scope_codes, disabled_at, subject, is_demo,
       created_at, created_by,
       (SELECT max(seen_at) FROM session WHERE session.account_id = account.account_id) AS seen_at,
       EXISTS (SELECT FROM credential WHERE credential.account_id = account.account_id)
           AS has_password,
       (SELECT max(expires_at) FROM invitation
        WHERE invitation.account_id = account.account_id AND used_at IS NULL AND expires_at > now())
           AS invited_until
FROM account
WHERE (CAST(:login AS text) IS NULL OR login = :login)
  AND (CAST(:account_id AS bigint) IS NULL OR account_id = :account_id)
ORDER BY login;
