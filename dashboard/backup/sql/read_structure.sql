-- Columns, constraints, indexes, views and functions of ours with their owners, a line each. Written
-- "pretty", without needless brackets: a dump read again has fewer of those than what was dumped.
SELECT format('%s %I.%I %s %s%s', class.relkind, relname, attname,
              format_type(atttypid, atttypmod),
              CASE WHEN attnotnull THEN 'NOT NULL ' END,
              coalesce(attidentity::text || pg_get_expr(adbin, adrelid, true), attidentity::text)) AS line
FROM pg_class AS class
JOIN pg_attribute ON attrelid = class.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'gridboard'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT format('constraint %I.%I %s', relname, conname, pg_get_constraintdef(pg_constraint.oid, true))
FROM pg_constraint
JOIN pg_class ON pg_class.oid = conrelid
-- Newer versions of PostgreSQL list NOT NULL here too.
WHERE connamespace = 'gridboard'::regnamespace AND contype <> 'n'
UNION ALL
SELECT pg_get_indexdef(indexrelid, 0, true)
FROM pg_index
JOIN pg_class ON pg_class.oid = indrelid
WHERE relnamespace = 'gridboard'::regnamespace
UNION ALL
SELECT format('view %I %s %s', relname, reloptions, pg_get_viewdef(oid, true))
FROM pg_class
WHERE relnamespace = 'gridboard'::regnamespace AND relkind IN ('v', 'm')
UNION ALL
SELECT format('partition %I %s', relname, pg_get_expr(relpartbound, oid, true))
FROM pg_class
WHERE relnamespace = 'gridboard'::regnamespace AND relispartition
UNION ALL
SELECT pg_get_functiondef(oid)
FROM pg_proc
WHERE pronamespace = 'gridboard'::regnamespace AND prokind = 'f'
UNION ALL
SELECT format('owner of %s %I %s', relkind, relname, relowner::regrole)
FROM pg_class
WHERE relnamespace = 'gridboard'::regnamespace
UNION ALL
SELECT format('owner of function %s %s', oid::regprocedure, proowner::regrole)
FROM pg_proc
WHERE pronamespace = 'gridboard'::regnamespace;
