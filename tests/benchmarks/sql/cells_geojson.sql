-- Every cell's outline in a band, in degrees, with its incidents of one year.
SELECT
    shape.area_id,
    ST_AsGeoJSON(ST_Transform(shape.geom, 4326), 6) AS shape,
    count(incident.cell_id) AS incidents
FROM area_shape AS shape
LEFT JOIN incident
    ON incident.cell_id = shape.area_id
    AND incident.occurred_on >= (SELECT max(occurred_on) - 365 FROM incident)
WHERE shape.layer = 5 AND shape.band = :band
GROUP BY shape.area_id, shape.geom
ORDER BY shape.area_id
