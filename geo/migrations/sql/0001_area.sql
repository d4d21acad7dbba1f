-- Areas of every level as versions of a coverage, and their simplified shapes for the map.
-- Small against incidents: on a distributed PostgreSQL both become reference tables.

CREATE TABLE area (
    area_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The slot: 0 province, 1 city, 2 county, 3 township, 4 village, 5 cell.
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 5),
    code text NOT NULL,
    parent_code text,
    -- Lineage. An area that has no areas below it at a level stands in for that level itself:
    -- a city without counties carries its own code as county_code.
    province_code text NOT NULL,
    city_code text,
    county_code text,
    township_code text,
    village_code text,
    name text NOT NULL,
    name_en text,
    kind text,
    population integer CHECK (population >= 0),
    households integer CHECK (households >= 0),
    area_km2 double precision NOT NULL CHECK (area_km2 > 0),
    geom geometry(MultiPolygon, 4326) NOT NULL,
    -- A point inside the area, for labels and for flying there.
    label geometry(Point, 4326) NOT NULL,
    -- Half-open; the current version has no end.
    valid_from date NOT NULL,
    valid_to date,
    plan_id bigint,
    CHECK (valid_to > valid_from),
    CHECK ((level = 0) = (parent_code IS NULL)),
    -- By the code's 64-bit hash, because GiST over text takes five times as long to build.
    CONSTRAINT area_versions_never_overlap
        EXCLUDE USING gist
        (hashtextextended(code, 0) WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE UNIQUE INDEX area_current ON area (code) WHERE valid_to IS NULL;
CREATE INDEX area_children ON area (parent_code);
CREATE INDEX area_in_city ON area (city_code, level);
CREATE INDEX area_in_county ON area (county_code, level);
CREATE INDEX area_in_township ON area (township_code, level);
CREATE INDEX area_name ON area USING gin (name gin_trgm_ops);
CREATE INDEX area_name_en ON area USING gin (name_en gin_trgm_ops);
CREATE INDEX area_geom ON area USING gist (geom);

-- security_invoker: a plain view would read as its owner and so pass by row-level security.
CREATE VIEW current_area WITH (security_invoker = true) AS
SELECT * FROM area WHERE valid_to IS NULL;

-- The current coverage of each displayed level, in Web Mercator, simplified as a coverage.
-- Bands: 0 up to zoom 7 (400 m), 1 zooms 8 and 9 (100 m), 2 from zoom 10 (as loaded).
-- A layer is complete: where a level is missing, the area standing in for it is drawn.
CREATE TABLE area_shape (
    layer smallint NOT NULL CHECK (layer BETWEEN 0 AND 5),
    band smallint NOT NULL CHECK (band BETWEEN 0 AND 2),
    area_id integer NOT NULL REFERENCES area,
    city_code text,
    county_code text,
    township_code text,
    geom geometry(Geometry, 3857) NOT NULL,
    PRIMARY KEY (layer, band, area_id)
);
-- Uncompressed, so that the bounding box is read without unpacking the shape.
ALTER TABLE area_shape ALTER COLUMN geom SET STORAGE EXTERNAL;
-- The whole-province viewer reads by place; && is not leakproof, so every narrower viewer
-- reads by the key of its policy instead.
CREATE INDEX area_shape_place ON area_shape USING gist (layer, band, geom);
CREATE INDEX area_shape_in_city ON area_shape (city_code, layer, band);
CREATE INDEX area_shape_in_county ON area_shape (county_code, layer, band);
CREATE INDEX area_shape_in_township ON area_shape (township_code, layer, band);
