-- What is granted to whom, a line each. The owner's own rights are left out: versions of
-- PostgreSQL differ in how many there are.
SELECT format('schema %s to %s', privilege_type,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END) AS line
FROM pg_namespace, aclexplode(nspacl)
WHERE nspname = 'gridboard' AND grantee <> nspowner
UNION ALL
SELECT format('%I %s to %s%s', relname, privilege_type,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
              CASE WHEN is_grantable THEN ' grantable' END)
FROM pg_class, aclexplode(relacl)
WHERE relnamespace = 'gridboard'::regnamespace AND grantee <> relowner
UNION ALL
SELECT format('%I.%I %s to %s%s', relname, attname, privilege_type,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END,
              CASE WHEN is_grantable THEN ' grantable' END)
FROM pg_class
JOIN pg_attribute ON attrelid = pg_class.oid
CROSS JOIN aclexplode(attacl)
WHERE relnamespace = 'gridboard'::regnamespace AND grantee <> relowner
UNION ALL
SELECT format('function %s %s to %s', pg_proc.oid::regprocedure, privilege_type,
              CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END)
FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
WHERE pronamespace = 'gridboard'::regnamespace AND grantee <> proowner
UNION ALL
SELECT format('default of %s for %s: %s', defaclrole::regrole, defaclobjtype, defaclacl)
FROM pg_default_acl
WHERE defaclrole = 'gridboard_owner'::regrole;
