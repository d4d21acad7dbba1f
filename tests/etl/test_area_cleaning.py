"""Cleaning: on request, never further than stated, with an account of what moved."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.area_cleaning import clean_areas
from geo.coverage_defects import find_coverage_defects
from geo.defects import Kind
from geo.errors import InputError
from geo.nesting import find_nesting_defects
from tests.geo.squares import Squares, squares

GROUND = squares(103, 36, [1000, 1000, 1000], [1000, 1000, 1000])
"""Nine squares of a square kilometre.

+-----+-----+-----+
| 0/2 | 1/2 | 2/2 |
+-----+-----+-----+
| 0/1 | 1/1 | 2/1 |
+-----+-----+-----+
| 0/0 | 1/0 | 2/0 |
+-----+-----+-----+
"""


def level(ground: Squares, flat: np.ndarray, slot: int = 5) -> gpd.GeoDataFrame:
    """The squares as areas of one level without parents."""
    return gpd.GeoDataFrame(
        {"code": ground.codes, "level": slot, "parent_code": None},
        geometry=ground.degrees(flat),
        crs="EPSG:4326",
    )


def overlapping(width_m: float, at: str = "0/0") -> gpd.GeoDataFrame:
    """One square reaches into its neighbour to the east."""
    flat = GROUND.flat()
    row = GROUND.codes.index(at)
    west, south, east, north = shapely.bounds(flat[row])
    flat[row] = shapely.box(west, south, east + width_m, north)
    return level(GROUND, flat)


def with_gap(width_m: float) -> gpd.GeoDataFrame:
    """The square in the middle has a dent of that depth in its eastern side."""
    flat = GROUND.flat()
    west, south, east, north = GROUND.corners(1, 1)
    dent = (east - width_m, (south + north) / 2)
    corners = [(west, south), (east, south), dent, (east, north), (west, north)]
    flat[GROUND.codes.index("1/1")] = shapely.Polygon(corners)
    return level(GROUND, flat)


def defects(areas: gpd.GeoDataFrame) -> list[Kind]:
    return [
        d.kind for d in find_coverage_defects(areas["code"].tolist(), areas.geometry.to_numpy())
    ]


def test_an_overlap_goes_to_one_of_the_two() -> None:
    before = overlapping(0.8)
    after, account = clean_areas(before, 1.0)
    assert defects(after) == []
    told = account.as_dict()
    assert told["lost_m2"] == pytest.approx(800, rel=0.01)
    assert told["gained_m2"] == 0
    assert told["moved_most_m"] == pytest.approx(0.8, abs=0.01)
    [handover] = told["handovers"]  # type: ignore[misc, has-type]
    assert handover["codes"] == ["0/0", "1/0"]
    assert handover["to"] in ("0/0", "1/0")
    assert handover["area_m2"] == pytest.approx(800, rel=0.01)


def test_a_gap_goes_to_a_neighbour() -> None:
    after, account = clean_areas(with_gap(0.8), 1.0)
    assert defects(after) == []
    told = account.as_dict()
    assert told["gained_m2"] == pytest.approx(400, rel=0.01)
    assert [(c.code, c.slot) for c in account.changes] == [(account.handovers[0].to, 5)]


@pytest.mark.parametrize("make", [overlapping, with_gap])
def test_what_is_wider_than_stated_stays_as_it_is(make: object) -> None:
    assert callable(make)
    before = make(3.0)
    after, account = clean_areas(before, 1.0)
    assert shapely.equals_identical(before.geometry.to_numpy(), after.geometry.to_numpy()).all()
    assert account.changes == []
    assert defects(after) == defects(before) != []


def test_a_level_that_is_right_is_not_touched() -> None:
    before = level(GROUND, GROUND.flat())
    after, account = clean_areas(before, 1.0)
    assert shapely.equals_identical(before.geometry.to_numpy(), after.geometry.to_numpy()).all()
    assert account.as_dict()["areas_changed"] == 0


def test_vertices_that_did_not_move_keep_their_coordinates_to_the_last_bit() -> None:
    before = overlapping(0.8)
    after, account = clean_areas(before, 1.0)
    known = {tuple(place) for place in shapely.get_coordinates(before.geometry.to_numpy())}
    new = {tuple(place) for place in shapely.get_coordinates(after.geometry.to_numpy())} - known
    assert len(new) <= 2
    untouched = ~after["code"].isin(["0/0", "1/0", "0/1", "1/1"])
    assert shapely.equals_identical(
        before.geometry[untouched].to_numpy(), after.geometry[untouched].to_numpy()
    ).all()
    assert {change.code for change in account.changes} <= {"0/0", "1/0", "0/1", "1/1"}


def test_invalid_rings_are_never_repaired() -> None:
    before = overlapping(0.8)
    west, south, east, north = before.geometry[8].bounds
    tie = shapely.Polygon([(west, south), (east, north), (east, south), (west, north)])
    before.loc[8, "geometry"] = tie
    after, account = clean_areas(before, 1.0)
    assert account.left == {5: "rings are invalid"}
    assert shapely.equals_identical(before.geometry.to_numpy(), after.geometry.to_numpy()).all()


def test_parents_follow_their_cleaned_children() -> None:
    """Columns as parents; a cell of the first reaches 0.8 m into the second."""
    cells = overlapping(0.8)
    cells["parent_code"] = [f"P{code[0]}" for code in cells["code"]]
    flat = GROUND.flat()
    columns = [
        shapely.union_all([flat[at] for at, code in enumerate(GROUND.codes) if code[0] == str(n)])
        for n in range(3)
    ]
    parents = gpd.GeoDataFrame(
        {"code": ["P0", "P1", "P2"], "level": 4, "parent_code": None},
        geometry=GROUND.degrees(np.array(columns)),
        crs="EPSG:4326",
    )
    areas = gpd.GeoDataFrame(pd.concat([cells, parents], ignore_index=True))
    after, _ = clean_areas(areas, 1.0)
    cells, parents = after[after["level"] == 5], after[after["level"] == 4]
    at = np.array([int(code[0]) for code in cells["code"]])
    nested = find_nesting_defects(
        cells["code"].tolist(), cells.geometry.to_numpy(), at, ["P0", "P1", "P2"],
        parents.geometry.to_numpy(),
    )  # fmt: skip
    assert nested == []
    assert defects(cells) == defects(parents) == []


@pytest.mark.parametrize("width", [0, -1, 51, float("nan")])
def test_only_a_sensible_width_is_taken(width: float) -> None:
    with pytest.raises(InputError, match="a width above 0 and up to 50 m"):
        clean_areas(level(GROUND, GROUND.flat()), width)


@settings(max_examples=25, deadline=None)
@given(width=st.floats(0.01, 5), limit=st.floats(0.5, 5), at=st.sampled_from(["0/0", "1/1", "0/2"]))
def test_nothing_moves_further_than_stated(width: float, limit: float, at: str) -> None:
    before = overlapping(width, at)
    after, account = clean_areas(before, limit)
    assert account.as_dict()["moved_most_m"] <= limit * 1.01  # type: ignore[operator]
    changes = account.changes
    assert sum(change.lost_m2 for change in changes) == pytest.approx(
        width * 1000 if changes else 0, rel=0.01, abs=0.1
    )
    if width < 0.99 * limit:
        assert defects(after) == []
