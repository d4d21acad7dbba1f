-- Close the areas that the edition no longer has among the children of the parents it names.
-- One that began on the same day ends a day later, because no version is empty.
WITH replaced AS (
    SELECT DISTINCT level, parent_code FROM pg_temp.staged_area
), missing AS (
    SELECT area.area_id, area.valid_from
    FROM area JOIN replaced USING (level, parent_code)
    WHERE area.valid_to IS NULL
      AND NOT EXISTS (SELECT FROM pg_temp.staged_area WHERE staged_area.code = area.code)
), undrawn AS (
    DELETE FROM area_shape WHERE area_id IN (SELECT area_id FROM missing)
)
UPDATE area SET valid_to = greatest(:valid_from, area.valid_from + 1)
FROM missing
WHERE area.area_id = missing.area_id;
