-- Our database roles: what each may do and which others it may become, a line each.
SELECT format('%s login %s inherit %s super %s bypassrls %s createrole %s', rolname, rolcanlogin,
              rolinherit, rolsuper, rolbypassrls, rolcreaterole) AS line
FROM pg_roles
WHERE rolname LIKE 'gridboard\_%'
UNION ALL
SELECT format('%s is a member of %s', member::regrole, roleid::regrole)
FROM pg_auth_members
WHERE member::regrole::text LIKE 'gridboard\_%' AND roleid::regrole::text LIKE 'gridboard\_%';
