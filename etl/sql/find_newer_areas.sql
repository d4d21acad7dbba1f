-- Areas that the edition would put before what is there already: with a version that begins or
-- ends later than theirs, with the day of the current version although they differ from it, or
-- closed before they began. Rows that state their own day and change nothing are let through.
SELECT area.code, greatest(area.valid_from, area.valid_to) AS valid_from, staged.valid_from AS day
FROM area JOIN pg_temp.staged_area AS staged USING (code)
WHERE (area.valid_from > staged.valid_from OR area.valid_to > staged.valid_from
       OR (staged.dated AND area.valid_to IS NULL AND area.valid_from = staged.valid_from))
  AND (NOT staged.dated
       OR code IN (SELECT code FROM pg_temp.changed_area)
       OR NOT EXISTS (SELECT FROM area AS current
                      WHERE current.code = staged.code AND current.valid_to IS NULL))
UNION ALL
SELECT area.code, area.valid_from, :valid_from
FROM area JOIN (SELECT DISTINCT level, parent_code FROM pg_temp.staged_area) AS replaced
    USING (level, parent_code)
WHERE area.valid_to IS NULL AND area.valid_from > :valid_from
  AND NOT EXISTS (SELECT FROM pg_temp.staged_area AS staged WHERE staged.code = area.code)
LIMIT 1;
