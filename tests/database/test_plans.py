"""Plans, not times: a viewer's tile is found by an index, however narrow the scope."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from geo.database import transaction
from geo.driver import run_statement
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.databases import cloned_database, opened

# 12,000 squares of 1 km, in 10 cities of 12 counties of 10 townships of 10.
SHAPES = """
    INSERT INTO area (code, level, parent_code, province_code, city_code, county_code,
        township_code, name, area_km2, geom, label, valid_from)
    SELECT format('99%s', lpad(number::text, 13, '0')), 5, '990000', '990000',
        format('99%s00', lpad((number / 1200)::text, 2, '0')),
        format('99%s', lpad((number / 100)::text, 4, '0')),
        format('99%s', lpad((number / 10)::text, 7, '0')),
        number::text, 1.0, ST_Multi(ST_Transform(square, 4326)),
        ST_PointOnSurface(ST_Transform(square, 4326)), '2020-01-01'
    FROM generate_series(0, 11999) AS number,
        ST_MakeEnvelope(11131949 + 1000 * (number % 120), 4300000 + 1000 * (number / 120),
            11132949 + 1000 * (number % 120), 4301000 + 1000 * (number / 120), 3857) AS square;
    INSERT INTO area_shape (layer, band, area_id, city_code, county_code, township_code, geom)
    SELECT level, band, area_id, city_code, county_code, township_code, ST_Transform(geom, 3857)
    FROM area, generate_series(0, 2) AS band;
    SELECT refresh_statistics();
"""
TILE = """
    EXPLAIN (FORMAT TEXT) SELECT ST_AsMVT(feature, 'area', 4096, 'geom', 'area_id')
    FROM (SELECT area_id, ST_AsMVTGeom(geom, ST_TileEnvelope(12, 3185, 1608)) AS geom
          FROM area_shape
          WHERE layer = 5 AND band = 2 AND geom && ST_TileEnvelope(12, 3185, 1608)) AS feature
"""


@pytest.fixture(scope="module")
def many_shapes(server: str, template: str) -> Iterator[DatabaseSettings]:
    with cloned_database(server, template) as settings:
        with opened(settings, "admin") as engine, engine.begin() as connection:
            run_statement(connection, SHAPES)
        yield settings


@pytest.fixture(scope="module")
def many_shapes_app(many_shapes: DatabaseSettings) -> Iterator[Engine]:
    with opened(many_shapes, "app") as engine:
        yield engine


@pytest.mark.parametrize(
    ("viewer", "index"),
    [
        (Viewer("leader", 0, "990000"), "area_shape_place"),
        (Viewer("leader", 1, "990300"), "area_shape_in_city"),
        (Viewer("leader", 2, "990042"), "area_shape_in_county"),
        (Viewer("leader", 3, "990000420"), "area_shape_in_township"),
    ],
    ids=lambda value: value.scope_key if isinstance(value, Viewer) else value,
)
def test_a_tile_is_found_by_an_index(many_shapes_app: Engine, viewer: Viewer, index: str) -> None:
    with transaction(many_shapes_app, viewer) as connection:
        plan = "\n".join(connection.scalars(text(TILE)))
    assert index in plan
    assert "Seq Scan on area_shape" not in plan
