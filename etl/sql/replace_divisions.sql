-- The staged list takes the place of the one that is there.
DELETE FROM division;
INSERT INTO division (code, name, level, valid_from, valid_to)
SELECT code, name, level, coalesce(valid_from, '-infinity'), valid_to
FROM pg_temp.staged_division;
