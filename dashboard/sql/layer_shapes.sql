-- The outlines of a layer as loaded, by area: who touches whom is read from them once a version.
SELECT area_id, ST_AsBinary(geom)
FROM area_shape
WHERE layer = %(layer)s AND band = 2
ORDER BY area_id
