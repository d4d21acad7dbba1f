-- The current versions that differ from the edition in anything but lineage, as they were.
DROP TABLE IF EXISTS pg_temp.changed_area;
CREATE TEMPORARY TABLE changed_area ON COMMIT DROP AS
SELECT area.*
FROM area JOIN pg_temp.staged_area AS staged USING (code)
WHERE area.valid_to IS NULL
  AND ((area.level, area.parent_code, area.name, area.name_en, area.kind, area.population,
        area.households)
       IS DISTINCT FROM
       (staged.level, staged.parent_code, staged.name, staged.name_en, staged.kind,
        staged.population, staged.households)
       OR NOT ST_OrderingEquals(area.geom, staged.geom));
