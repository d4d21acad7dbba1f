-- What changes whenever somebody in scope did something.
SELECT coalesce(max(audit_id), 0) AS mark FROM audit
