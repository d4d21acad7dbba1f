"""Layers of the map: each covers the province once, and borders coincide."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from sqlalchemy import Connection, Engine

from etl.layers import layer_members, members_above
from etl.shapes import build_shapes
from geo.database import loading
from geo.revisions import current
from tests.areas import (
    CITY,
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    SPECIAL,
    TOWNSHIPS,
    cell_code,
    province_areas,
)
from tests.etl.drawn import CHINA, ask, load_areas

CELLS = [cell_code(name) for name in ("S1", "S2", "N1", "N2", "E1", "E2", "J1", "J2")]
MEMBERS = {
    0: {PROVINCE},
    1: {CITY, CITY_WITHOUT_COUNTIES, SPECIAL},
    2: {COUNTY, OTHER_COUNTY, CITY_WITHOUT_COUNTIES, SPECIAL},
    3: {*TOWNSHIPS.values(), SPECIAL},
    # Nothing has villages here, and cells are too narrow: townships stand in.
    4: {*TOWNSHIPS.values(), SPECIAL},
    5: {*CELLS, SPECIAL},
}


def indexed() -> pd.DataFrame:
    return pd.DataFrame(province_areas().drop(columns="geometry")).reset_index(drop=True)


def test_every_layer_shows_what_stands_in_for_its_level() -> None:
    areas = indexed()
    for slot, members in zip(range(6), layer_members(areas, list(range(6))), strict=True):
        shown = set(areas["code"].iloc[members])
        assert shown == MEMBERS[slot], slot


def test_an_area_of_a_mixed_level_is_not_lost() -> None:
    """A county that lies directly in the province shows among the cities."""
    tree = pd.DataFrame(
        [("P", 0, None), ("C", 1, "P"), ("K", 2, "P"), ("L", 2, "C")],
        columns=["code", "level", "parent_code"],
    )
    [cities, counties] = layer_members(tree, [1, 2])
    assert tree["code"].iloc[cities].tolist() == ["C", "K"]
    assert tree["code"].iloc[counties].tolist() == ["K", "L"]


def test_members_find_the_wider_member_they_lie_in() -> None:
    areas = indexed()
    cells, counties = layer_members(areas, [5, 2])
    above = areas["code"].to_numpy()[counties][members_above(areas, cells, counties)]
    found = dict(zip(areas["code"].to_numpy()[cells], above, strict=True))
    assert found[cell_code("N2")] == COUNTY
    assert found[cell_code("J1")] == CITY_WITHOUT_COUNTIES
    assert found[SPECIAL] == SPECIAL


@pytest.fixture
def shapes(loader_engine: Engine, reader: Connection) -> gpd.GeoDataFrame:
    """The shapes of the drawn province with the codes of their areas, EPSG:3857."""
    load_areas(loader_engine)
    with loading(loader_engine) as connection:
        assert build_shapes(connection, CHINA) == 3 * (1 + 3 + 4 + 5 + 5 + 9)
    question = (
        "SELECT layer, band, code, shape.city_code, shape.county_code, shape.township_code,"
        " ST_AsBinary(shape.geom), ST_SRID(shape.geom)"
        " FROM gridboard.area_shape AS shape JOIN gridboard.area USING (area_id)"
    )
    columns = ["layer", "band", "code", "city", "county", "township", "wkb", "srid"]
    frame = pd.DataFrame(ask(reader, question), columns=columns)
    geometry = shapely.from_wkb([bytes(value) for value in frame.pop("wkb")])
    return gpd.GeoDataFrame(frame, geometry=geometry, crs="EPSG:3857")


def test_every_layer_covers_the_province_once_in_every_band(shapes: gpd.GeoDataFrame) -> None:
    assert set(shapes["srid"]) == {3857}
    for band, layers in shapes.groupby("band"):
        whole = layers.geometry[layers["layer"] == 0].iloc[0]
        for slot, layer in layers.groupby("layer"):
            assert shapely.coverage_is_valid(np.asarray(layer.geometry)), (slot, band)
            assert layer.geometry.area.sum() == pytest.approx(whole.area, rel=1e-9)
            assert shapely.equals(shapely.union_all(layer.geometry), whole)


def test_borders_of_wider_layers_run_along_those_of_cells(shapes: gpd.GeoDataFrame) -> None:
    for _, layers in shapes.groupby("band"):
        lines = shapely.union_all(shapely.boundary(layers.geometry[layers["layer"] == 5]))
        assert shapely.covers(lines, shapely.boundary(np.asarray(layers.geometry))).all()


def test_shapes_carry_the_keys_of_their_area(shapes: gpd.GeoDataFrame) -> None:
    one = shapes[(shapes["layer"] == 2) & (shapes["band"] == 0)].set_index("code")
    assert (
        one.loc[CITY_WITHOUT_COUNTIES, ["city", "county"]].tolist() == [CITY_WITHOUT_COUNTIES] * 2
    )
    assert one.loc[COUNTY, ["city", "county"]].tolist() == [CITY, COUNTY]
    assert one.loc[SPECIAL, "township"] == SPECIAL


def test_shapes_are_built_anew_and_counted_as_a_new_revision(
    shapes: gpd.GeoDataFrame, loader_engine: Engine, reader: Connection
) -> None:
    with loading(loader_engine) as connection:
        before = current(connection).area
        assert build_shapes(connection, CHINA) == len(shapes)
        assert current(connection).area == before + 1
    assert ask(reader, "SELECT count(*) FROM gridboard.area_shape") == [(len(shapes),)]
