-- One line of the audit log.
INSERT INTO audit (actor, scope_code, action, role, address, request_id, detail)
VALUES (:actor, :scope_code, :action, :role, :address, :request_id, CAST(:detail AS jsonb));
