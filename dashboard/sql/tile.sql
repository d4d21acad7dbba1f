-- The version of the areas, and one vector tile of a layer: shapes with their ids, nothing else.
-- Row-level security leaves the viewer's areas; the margin draws borders across the tile's edge.
SELECT (SELECT number FROM revision WHERE kind = 'area') AS revision,
       (SELECT coalesce(ST_AsMVT(feature, 'area', %(extent)s, 'geom', 'id'), ''::bytea)
        FROM (
            SELECT area_id AS id,
                   ST_AsMVTGeom(geom, ST_TileEnvelope(%(z)s, %(x)s, %(y)s), %(extent)s, %(buffer)s)
                       AS geom
            FROM area_shape
            WHERE layer = %(layer)s AND band = %(band)s
              AND geom && ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => %(margin)s)
        ) AS feature
        WHERE geom IS NOT NULL) AS tile

