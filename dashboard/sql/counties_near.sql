-- The counties, and what stands in for one, near a box given in degrees: by the boxes around them.
SELECT DISTINCT county_code
FROM area_shape
WHERE layer = 2 AND band = 0
  AND geom && ST_Transform(ST_MakeEnvelope(:west, :south, :east, :north, 4326), 3857)
