-- Make room for the next chunk.
TRUNCATE pg_temp.staged_incident;
