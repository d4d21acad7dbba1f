-- Where a list of divisions is copied to; COPY does not write under row-level security.
DROP TABLE IF EXISTS pg_temp.staged_division;
CREATE TEMPORARY TABLE staged_division ON COMMIT DROP AS
SELECT code, name, level, valid_from, valid_to FROM division WITH NO DATA;
