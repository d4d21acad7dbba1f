-- Every policy of ours, and for every table whether row-level security is on, a line each.
SELECT format('%s.%I permissive %s %s to %s using %s check %s', polrelid::regclass, polname,
              polpermissive, polcmd,
              (SELECT string_agg(role::regrole::text, ', ' ORDER BY role::regrole::text COLLATE "C")
               FROM unnest(polroles) AS role),
              pg_get_expr(polqual, polrelid, true), pg_get_expr(polwithcheck, polrelid, true))
FROM pg_policy
JOIN pg_class ON pg_class.oid = polrelid
WHERE relnamespace = 'gridboard'::regnamespace
UNION ALL
SELECT format('%I row security %s forced %s', relname, relrowsecurity, relforcerowsecurity)
FROM pg_class
WHERE relnamespace = 'gridboard'::regnamespace AND relkind IN ('r', 'p');
