-- What an account in scope did, or what was done to it, in the last ninety days, newest first.
SELECT audit_id, at, actor, role, scope_code, action, address, request_id, detail
FROM audit
WHERE at > now() - interval '90 days' AND (actor = :login OR detail ->> 'login' = :login)
ORDER BY audit_id DESC
LIMIT :most
