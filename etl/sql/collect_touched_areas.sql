-- The codes of areas that changed their outline, came or went, by level, before anything is
-- stored; and of those that a former load of the same day linked with them, whose shares a
-- correction of that day changes too.
DROP TABLE IF EXISTS pg_temp.touched_area;
CREATE TEMPORARY TABLE touched_area ON COMMIT DROP AS
WITH touched AS (
    SELECT code
    FROM pg_temp.changed_area AS changed JOIN pg_temp.staged_area AS staged USING (code)
    WHERE NOT ST_OrderingEquals(changed.geom, staged.geom)
    UNION
    SELECT code FROM pg_temp.staged_area AS staged
    WHERE NOT EXISTS (SELECT FROM area WHERE area.code = staged.code AND area.valid_to IS NULL)
    UNION
    SELECT area.code
    FROM area JOIN (SELECT DISTINCT level, parent_code FROM pg_temp.staged_area) AS replaced
        USING (level, parent_code)
    WHERE area.valid_to IS NULL
      AND NOT EXISTS (SELECT FROM pg_temp.staged_area AS staged WHERE staged.code = area.code)
)
SELECT code FROM touched
UNION
SELECT linked.code
FROM crosswalk, LATERAL (VALUES (old_code), (new_code)) AS linked (code)
WHERE changed_on = :valid_from AND plan_id IS NULL
  AND (old_code IN (SELECT code FROM touched) OR new_code IN (SELECT code FROM touched));
