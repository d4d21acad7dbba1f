-- Every table of ours that holds rows itself.
SELECT relname::text
FROM pg_class
WHERE relnamespace = 'gridboard'::regnamespace AND relkind = 'r';
