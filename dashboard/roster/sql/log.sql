-- A page of the audit log in scope, newest first.
SELECT audit_id, at, actor, role, scope_code, action, address, request_id, detail
FROM audit
WHERE audit_id < coalesce(CAST(:before AS bigint), 9223372036854775807)
  AND at >= coalesce(CAST(:since AS timestamptz), '-infinity')
  AND at < coalesce(CAST(:until AS timestamptz), 'infinity')
  AND action = ANY (:actions)
  AND (:actor = '' OR actor = :actor)
ORDER BY audit_id DESC
LIMIT :most
