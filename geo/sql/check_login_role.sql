-- Every reason why the rows this login reads could be more than its scope: roles it is, or can
-- become, that ignore policies or own a table. Plus the scope roles it lacks.
SELECT session_user::text AS login,
       bool_or(role.rolsuper) AS superuser,
       bool_or(role.rolbypassrls) AS bypasses,
       bool_or(role.rolcreaterole) AS creates_roles,
       bool_or(EXISTS (
           SELECT FROM pg_class
           WHERE relowner = role.oid AND relnamespace = to_regnamespace('gridboard')
       )) AS owns_tables,
       ARRAY(
           SELECT wanted
           FROM unnest(:scope_roles) AS wanted
           WHERE wanted NOT IN (
               SELECT rolname FROM pg_roles AS own WHERE pg_has_role(session_user, own.oid, 'MEMBER')
           )
       ) AS missing
FROM pg_roles AS role
WHERE pg_has_role(session_user, role.oid, 'MEMBER');
