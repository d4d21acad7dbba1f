"""The whole province, made once: what cannot be seen in one county."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from etl.demo import demo_areas
from etl.demo.boundaries import read_counties
from etl.demo.levels import CELL, CITY, COUNTY, TOWNSHIP, VILLAGE
from tests.etl.demo.nesting import assert_coverages, assert_sums
from tests.real import real_file

SPECIAL = ["629700", "629800", "629900"]


@pytest.fixture(scope="module")
def province() -> gpd.GeoDataFrame:
    return demo_areas("province")


def test_every_level_is_a_coverage(province: gpd.GeoDataFrame) -> None:
    assert_coverages(province)


def test_counts_of_every_level(province: gpd.GeoDataFrame) -> None:
    counts = province.groupby("level").size().to_dict()
    assert counts == {0: 1, CITY: 17, COUNTY: 86, TOWNSHIP: 1401, VILLAGE: 17_716, CELL: 90_000}
    assert province["code"].is_unique


def test_land_of_parents_is_that_of_their_children(province: gpd.GeoDataFrame) -> None:
    area = pd.Series(shapely.area(np.asarray(province.geometry)), index=province["code"])
    children = area.to_numpy()[1:]
    sums = pd.Series(children).groupby(province["parent_code"].to_numpy()[1:]).sum()
    assert np.allclose(sums, area[sums.index], rtol=1e-9)
    without = set(province.loc[province["level"] < CELL, "code"]) - set(sums.index)
    assert without == set(SPECIAL)


def test_real_boundaries_stay_where_they_are(province: gpd.GeoDataFrame) -> None:
    source = read_counties()["geometry"]
    made = province.set_index("code")["geometry"].reindex(source.index)
    real, built = np.asarray(source), np.asarray(made)
    moved = shapely.area(shapely.symmetric_difference(built, real))
    assert (moved <= 1e-12 * shapely.area(real)).all()
    corners = [set(map(tuple, shapely.get_coordinates(polygon))) for polygon in (real[0], built[0])]
    assert corners[0] <= corners[1]


def test_people_are_those_of_the_census(province: gpd.GeoDataFrame) -> None:
    assert_sums(province)
    people = province.set_index("code")["population"]
    assert people["620000"] == 25_019_831
    assert people["620100"] == 4_359_446
    assert people["620922"] == 129_299
    assert people[SPECIAL].isna().all()
    # The New Area's 288,200 people live in these two, which had 410,706 without them.
    assert people["620121"] + people["620122"] == 410_706 + 288_200


def test_every_figure_equals_the_census_table(province: gpd.GeoDataFrame) -> None:
    census = real_file("gansu/census_2020_county.csv")
    table = pd.read_csv(census, dtype={"code": str}).set_index("code")
    real = province[province["level"] <= COUNTY].set_index("code")
    shared = real.index.intersection(table.index).difference(["620121", "620122"])
    assert len(shared) == 99
    assert (real["population"][shared] == table["人口数_合计"][shared]).all()
    assert (real["households"][shared] == table["家庭户数"][shared]).all()


def test_a_county_alone_has_the_cells_it_has_in_the_province(
    province: gpd.GeoDataFrame, county: gpd.GeoDataFrame
) -> None:
    alone = county[county["level"] == CELL].set_index("code")
    among = province.set_index("code").loc[alone.index]
    assert (among["population"] == alone["population"]).all()
    moved = shapely.symmetric_difference(np.asarray(among.geometry), np.asarray(alone.geometry))
    assert shapely.area(moved).max() < 1e-12


def test_pieces_lie_apart_only_where_their_county_does(province: gpd.GeoDataFrame) -> None:
    shapes = province.set_index("code")["geometry"]
    many = province[
        (province["level"] >= TOWNSHIP)
        & (shapely.get_num_geometries(np.asarray(province.geometry)) > 1)
    ]
    assert 0 < len(many) < 20
    assert all(shapely.get_num_geometries(shapes[code[:6]]) > 1 for code in many["code"])
