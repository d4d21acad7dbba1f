-- Where the account worked last.
SELECT scope_slot, scope_code FROM session
WHERE account_id = :account_id
ORDER BY session_id DESC
LIMIT 1;
