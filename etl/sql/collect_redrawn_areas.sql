-- Areas that keep their code but not their outline.
DROP TABLE IF EXISTS pg_temp.redrawn_area;
CREATE TEMPORARY TABLE redrawn_area ON COMMIT DROP AS
SELECT changed.area_id
FROM pg_temp.changed_area AS changed JOIN pg_temp.staged_area AS staged USING (code)
WHERE NOT ST_OrderingEquals(changed.geom, staged.geom);
