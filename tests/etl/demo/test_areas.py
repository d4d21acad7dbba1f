"""The demo's areas at the size of a county: complete, nested, counted, repeatable."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from etl.demo import demo_areas
from etl.demo.divisions import read_counties, read_townships
from etl.demo.levels import CELL, COLUMNS, TOWNSHIP, VILLAGE
from geo.errors import InputError
from geo.hierarchy import load_hierarchy
from tests.etl.demo.nesting import assert_coverages, assert_nested, assert_sums

DISTRICT = "620103"


@pytest.fixture(scope="module")
def jiayuguan() -> gpd.GeoDataFrame:
    return demo_areas("county", county="620200")


def test_every_level_is_a_coverage(county: gpd.GeoDataFrame) -> None:
    assert_coverages(county)


def test_areas_are_the_union_of_their_children(county: gpd.GeoDataFrame) -> None:
    assert_nested(county)


def test_people_sum_to_the_census_at_every_level(county: gpd.GeoDataFrame) -> None:
    census = read_counties()[DISTRICT]
    assert_sums(county)
    assert (county.groupby("level")["population"].sum() == census.population).all()
    assert (county.groupby("level")["households"].sum() == census.households).all()
    assert (county["households"] <= county["population"]).all()


def test_same_seed_same_bytes_another_seed_another_county(county: gpd.GeoDataFrame) -> None:
    again, other = demo_areas("county"), demo_areas("county", seed=2)
    assert again.drop(columns="geometry").equals(county.drop(columns="geometry"))
    assert (again.geometry.to_wkb() == county.geometry.to_wkb()).all()
    assert len(other) == len(county)
    assert other.geometry.to_wkb().iloc[-1] != county.geometry.to_wkb().iloc[-1]


def test_columns_order_and_codes(county: gpd.GeoDataFrame) -> None:
    hierarchy = load_hierarchy("china")
    assert county.columns.tolist() == COLUMNS
    assert county.crs.to_epsg() == 4326
    assert county["code"].is_unique
    assert county.sort_values(["level", "code"])["code"].tolist() == county["code"].tolist()
    for level, group in county.groupby("level"):
        found = hierarchy.at(int(level))
        assert found is not None
        assert group["code"].str.fullmatch(found.code_pattern).all()
    below = county[county["level"] >= TOWNSHIP]
    assert all(
        code.startswith(parent)
        for code, parent in zip(below["code"], below["parent_code"], strict=True)
    )


def test_townships_and_villages_are_the_real_ones(county: gpd.GeoDataFrame) -> None:
    units = [unit for unit in read_townships() if unit.county_code == DISTRICT]
    names = county.set_index("code")["name"]
    for unit in units:
        assert names[unit.code] == unit.name
        assert all(names[village.code] == village.name for village in unit.villages)
    assert (county["level"] == TOWNSHIP).sum() == len(units)
    assert (county["level"] == VILLAGE).sum() == sum(len(unit.villages) for unit in units)


def test_cells_are_numbered_from_one_in_each_village(county: gpd.GeoDataFrame) -> None:
    cells = county[county["level"] == CELL]
    for village, group in cells.groupby("parent_code"):
        wanted = [f"{village}{n:03d}" for n in range(1, len(group) + 1)]
        assert group["code"].tolist() == wanted
        assert group["name"].iloc[0].endswith("第1网格")


def test_every_area_is_in_one_piece(county: gpd.GeoDataFrame) -> None:
    """The district has no exclave, so nothing in it has an excuse for one."""
    assert (shapely.get_num_geometries(np.asarray(county.geometry)) == 1).all()


def test_subdistricts_are_crowded_and_small(county: gpd.GeoDataFrame) -> None:
    townships = county[county["level"] == TOWNSHIP]
    area = shapely.area(np.asarray(townships.geometry))
    density = townships["population"].to_numpy(float) / area
    is_street = (townships["kind"] == "subdistrict").to_numpy()
    assert density[is_street].min() > np.median(density[~is_street]) * 2
    assert area[is_street].mean() < area[~is_street].mean() / 4


def test_cells_are_no_slivers(county: gpd.GeoDataFrame) -> None:
    cells = np.asarray(county.loc[county["level"] == CELL, "geometry"])
    roundness = 4 * np.pi * shapely.area(cells) / shapely.length(cells) ** 2
    assert np.quantile(roundness, 0.01) > 0.25
    assert np.median(roundness) > 0.55


def test_jiayuguan_has_townships_right_below_the_city(jiayuguan: gpd.GeoDataFrame) -> None:
    assert sorted(jiayuguan["level"].unique()) == [0, 1, 3, 4, 5]
    townships = jiayuguan[jiayuguan["level"] == TOWNSHIP]
    assert (townships["parent_code"] == "620200").all()
    assert_coverages(jiayuguan)
    assert_nested(jiayuguan)
    assert_sums(jiayuguan)


@pytest.mark.parametrize("county", ["620171", "629700", "110101"])
def test_a_county_without_people_of_its_own_is_refused(county: str) -> None:
    with pytest.raises(InputError, match=county):
        demo_areas("county", county=county)


def test_progress_is_told() -> None:
    said: list[tuple[int, int]] = []
    demo_areas("county", county="620105", progress=lambda done, total: said.append((done, total)))
    assert said == [(1, 2), (2, 2)]
