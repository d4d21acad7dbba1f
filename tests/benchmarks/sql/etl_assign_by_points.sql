-- Each point looks for its cell: the lowest code of those that cover it.
CREATE TABLE bench_assigned AS
SELECT plain.*, (plain.occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS occurred_on, cell.area_id, cell.code AS cell_code, cell.village_code, cell.township_code,
    cell.county_code, cell.city_code, point.geom
FROM bench_plain AS plain
CROSS JOIN LATERAL (SELECT ST_SetSRID(ST_MakePoint(plain.lon, plain.lat), 4326) AS geom) AS point
LEFT JOIN LATERAL (
    SELECT area_id, code, village_code, township_code, county_code, city_code
    FROM bench_cell
    WHERE ST_Covers(bench_cell.geom, point.geom)
    ORDER BY code COLLATE "C"
    LIMIT 1
) AS cell ON true;
