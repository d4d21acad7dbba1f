-- Each cell looks for its points, which are indexed for it; PostGIS prepares a cell once for all
-- of them. Points of several cells take the lowest code.
ALTER TABLE bench_plain ADD COLUMN geom geometry(Point, 4326)
    GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED;
CREATE INDEX ON bench_plain USING gist (geom);
ANALYZE bench_plain;
CREATE TABLE bench_assigned AS
SELECT DISTINCT ON (plain.incident_id) plain.*,
    (plain.occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS occurred_on, cell.area_id, cell.code AS cell_code,
    cell.village_code, cell.township_code, cell.county_code, cell.city_code
FROM bench_cell AS cell
JOIN bench_plain AS plain ON ST_Covers(cell.geom, plain.geom)
ORDER BY plain.incident_id, cell.code COLLATE "C";
