-- Every sequence of ours and the last number it has given; 0 before the first.
SELECT sequencename::text, coalesce(last_value, 0)
FROM pg_sequences
WHERE schemaname = 'gridboard';
