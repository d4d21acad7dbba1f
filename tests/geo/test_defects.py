"""Planted defects are found with the right kind, codes and area; without any, none is."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage_defects import GAP_WIDTH_M, find_coverage_defects
from geo.crs import STORED_CRS, reproject
from geo.defects import MEASURED, SLIVER_WIDTH_M, Defect, Kind, above, find_invalid
from geo.nesting import find_nesting_defects
from geo.plane import Plane
from tests.geo.squares import Squares, squares

SIDES = st.lists(st.integers(60, 3000), min_size=3, max_size=5)
GROUND = st.builds(squares, st.floats(93, 108), st.floats(33, 42), widths=SIDES, heights=SIDES)
"""Somewhere in Gansu; at least three columns and rows, so that one lies inside."""

WIDTH_M = st.floats(0.05, 30)


def only(defects: list[Defect]) -> Defect:
    assert [str(defect) for defect in defects[1:]] == []
    return defects[0]


def expected_kind(width_m: float, length_m: float, kind: Kind) -> Kind:
    """A sliver if the mean width is below the criterion."""
    mean = 2 * width_m * length_m / (2 * (width_m + length_m))
    return Kind.SLIVER if mean < SLIVER_WIDTH_M else kind


def assert_found(defect: Defect, kinds: Kind, codes: set[str], area_m2: float) -> None:
    assert (defect.kind, set(defect.codes)) == (kinds, codes)
    assert defect.area_m2 == pytest.approx(area_m2, rel=1e-3, abs=0.01)
    lon, lat = defect.place or (0, 0)
    assert shapely.dwithin(defect.geometry, shapely.Point(lon, lat), 1e-9)


@settings(max_examples=40, deadline=None)
@given(ground=GROUND)
def test_squares_have_no_defect(ground: Squares) -> None:
    assert find_coverage_defects(ground.codes, ground.degrees(ground.flat())) == []


@settings(max_examples=40, deadline=None)
@given(ground=GROUND, width_m=WIDTH_M)
def test_an_overlap_is_found(ground: Squares, width_m: float) -> None:
    west, south, east, north = ground.corners(0, 0)
    flat = ground.flat()
    flat[0] = shapely.box(west, south, east + width_m, north)
    found = find_coverage_defects(ground.codes, ground.degrees(flat))
    areas = [defect for defect in found if defect.kind is not Kind.EDGES]
    kind = expected_kind(width_m, north - south, Kind.OVERLAP)
    assert_found(only(areas), kind, {"0/0", "1/0"}, width_m * (north - south))


@settings(max_examples=40, deadline=None)
@given(ground=GROUND, width_m=WIDTH_M)
def test_an_enclosed_gap_is_found(ground: Squares, width_m: float) -> None:
    west, south, east, north = ground.corners(1, 1)
    flat = ground.flat()
    at = ground.codes.index("1/1")
    # With its corners on the border, so that only land is missing.
    flat[at] = shapely.Polygon(
        [
            (west, south),
            (east, south),
            (east - width_m, (south + north) / 2),
            (east, north),
            (west, north),
        ]
    )
    found = only(find_coverage_defects(ground.codes, ground.degrees(flat)))
    assert found.kind in (Kind.GAP, Kind.SLIVER)
    assert {"1/1", "2/1"} <= set(found.codes)
    assert found.area_m2 == pytest.approx(width_m * (north - south) / 2, rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(ground=GROUND, width_m=st.floats(0.05, GAP_WIDTH_M * 0.9))
def test_a_narrow_gap_that_is_open_at_an_end_is_found(ground: Squares, width_m: float) -> None:
    west, south, east, north = ground.corners(0, 0)
    flat = ground.flat()
    flat[0] = shapely.box(west, south, east - width_m, north)
    found = find_coverage_defects(ground.codes, ground.degrees(flat))
    gaps = [defect for defect in found if defect.kind is not Kind.EDGES]
    defect = only(gaps)
    assert defect.kind is expected_kind(width_m, north - south, Kind.GAP)
    assert {"0/0", "1/0"} <= set(defect.codes)
    assert defect.area_m2 == pytest.approx(width_m * (north - south), rel=0.02, abs=0.1)


@settings(max_examples=40, deadline=None)
@given(ground=GROUND, share=st.floats(0.1, 0.4))
def test_a_hole_is_found(ground: Squares, share: float) -> None:
    west, south, east, north = ground.corners(1, 1)
    inner = shapely.box(
        west + share * (east - west),
        south + share * (north - south),
        east - share * (east - west),
        north - share * (north - south),
    )
    flat = ground.flat()
    at = ground.codes.index("1/1")
    flat[at] = shapely.difference(flat[at], inner)
    found = only(find_coverage_defects(ground.codes, ground.degrees(flat)))
    assert_found(found, Kind.HOLE, {"1/1"}, shapely.area(inner))


@settings(max_examples=40, deadline=None)
@given(ground=GROUND, share=st.floats(0.1, 0.9))
def test_a_vertex_that_the_neighbour_lacks_is_found(ground: Squares, share: float) -> None:
    west, south, east, north = ground.corners(0, 0)
    flat = ground.flat()
    on_edge = (east, south + share * (north - south))
    flat[0] = shapely.Polygon([(west, south), (east, south), on_edge, (east, north), (west, north)])
    found = only(find_coverage_defects(ground.codes, ground.degrees(flat)))
    assert_found(found, Kind.EDGES, {"0/0", "1/0"}, 0.0)


def parts(ground: Squares) -> tuple[list[str], np.ndarray]:
    """The columns of the squares, as parents."""
    columns = range(len(ground.xs) - 1)
    south, north = ground.ys[0], ground.ys[-1]
    strips = []
    for at in columns:
        west, east = ground.xs[at], ground.xs[at + 1]
        sides = [(east, y) for y in ground.ys] + [(west, y) for y in ground.ys[::-1]]
        strips.append(shapely.Polygon(sides))
    assert north > south
    return [f"P{at}" for at in columns], np.array(strips, dtype=object)


def nested(ground: Squares, flat: np.ndarray) -> list[Defect]:
    codes, strips = parts(ground)
    at = np.array([column for column, _ in ground.places])
    return find_nesting_defects(
        ground.codes, ground.degrees(flat), at, codes, ground.degrees(strips)
    )


@settings(max_examples=30, deadline=None)
@given(ground=GROUND)
def test_squares_fill_their_columns(ground: Squares) -> None:
    assert nested(ground, ground.flat()) == []


@settings(max_examples=30, deadline=None)
@given(ground=GROUND, width_m=WIDTH_M)
def test_land_beyond_the_parent_is_found(ground: Squares, width_m: float) -> None:
    west, south, east, north = ground.corners(0, 0)
    flat = ground.flat()
    flat[0] = shapely.box(west, south, east + width_m, north)
    found = only(nested(ground, flat))
    assert_found(found, Kind.OUTSIDE, {"0/0", "P0"}, width_m * (north - south))


@settings(max_examples=30, deadline=None)
@given(ground=GROUND, width_m=WIDTH_M)
def test_land_of_the_parent_that_none_has_is_found(ground: Squares, width_m: float) -> None:
    west, south, east, north = ground.corners(0, 0)
    flat = ground.flat()
    flat[0] = shapely.box(west, south, east - width_m, north)
    assert_found(only(nested(ground, flat)), Kind.UNFILLED, {"P0"}, width_m * (north - south))


def test_an_area_in_another_parent_is_astray() -> None:
    ground = squares(103, 36, [100, 100, 100], [100, 100, 100])
    codes, strips = parts(ground)
    at = np.array([column for column, _ in ground.places])
    at[0] = 2
    found = find_nesting_defects(
        ground.codes, ground.degrees(ground.flat()), at, codes, ground.degrees(strips)
    )
    astray = next(defect for defect in found if defect.kind is Kind.ASTRAY)
    assert astray.codes == ("0/0", "P2", "P0")
    assert astray.note == "lies in P0, not in P2"
    unfilled = next(defect for defect in found if defect.kind is Kind.UNFILLED)
    assert_found(unfilled, Kind.UNFILLED, {"P0"}, 10_000)


def test_an_overlap_does_not_hide_what_is_unfilled() -> None:
    """A square too many here makes up in area for one that is missing there."""
    ground = squares(103, 36, [100], [100, 100, 100])
    codes, strips = parts(ground)
    flat = ground.flat()
    flat[1] = flat[0]
    shapes = ground.degrees(flat)
    pair = find_coverage_defects(ground.codes, shapes, gaps=False)
    overlap = next(defect for defect in pair if defect.kind is Kind.OVERLAP)
    assert_found(overlap, Kind.OVERLAP, {"0/0", "0/1"}, 10_000)
    at = np.zeros(3, dtype=np.intp)
    found = find_nesting_defects(
        ground.codes, shapes, at, codes, ground.degrees(strips), frozenset(overlap.codes)
    )
    assert_found(only(found), Kind.UNFILLED, {"P0"}, 10_000)


def test_a_straight_border_with_a_corner_of_the_neighbour_on_it_is_no_overlap() -> None:
    """A line of 20 km bows by 6 m in an equal-area projection; as stored it is straight."""
    north = shapely.Polygon([(103, 36), (103.2, 36.1), (103.2, 36.3), (103, 36.3)])
    south = shapely.Polygon([(103, 36), (103, 35.8), (103.2, 35.8), (103.2, 36.1), (103.1, 36.05)])
    found = only(find_coverage_defects(["N", "S"], np.array([north, south])))
    assert (found.kind, found.area_m2) == (Kind.EDGES, 0.0)


@settings(max_examples=40, deadline=None)
@given(ground=GROUND)
def test_areas_are_those_of_an_equal_area_projection(ground: Squares) -> None:
    shapes = ground.degrees(ground.flat())
    plane = Plane.around(shapes)
    measuring = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m"
    expected = shapely.area(reproject(shapes, STORED_CRS, measuring))
    assert plane.area_m2(plane.flatten(shapes)) == pytest.approx(expected, rel=1e-3)


INVALID = {
    "bow tie": ("POLYGON ((0 0, 1 1, 1 0, 0 1, 0 0))", "Self-intersection", (0.5, 0.5)),
    "hole outside": (
        "POLYGON ((0 0, 1 0, 1 1, 0 1, 0 0), (2 2, 3 2, 3 3, 2 2))",
        "Hole lies outside shell",
        (2.0, 2.0),
    ),
    "line": ("LINESTRING (0 0, 2 0)", "a LineString, not a polygon", (1.0, 0.0)),
    "empty": ("POLYGON EMPTY", "no geometry", None),
    "missing": (None, "no geometry", None),
}


@pytest.mark.parametrize("case", INVALID)
def test_what_is_no_valid_polygon_is_named_with_its_place(case: str) -> None:
    wkt, note, place = INVALID[case]
    shapes = np.array([shapely.box(5, 5, 6, 6), shapely.from_wkt(wkt) if wkt else None])
    found = only(find_invalid(["A", "B"], shapes))
    assert (found.kind, found.codes, found.note, found.place) == (
        Kind.INVALID, ("B",), note, place,
    )  # fmt: skip


def test_only_measured_defects_can_lie_below_a_tolerance() -> None:
    defects = [Defect(kind, ("A",), 5.0) for kind in Kind]
    assert {defect.kind for defect in above(defects, 5.0, frozenset())} == set(Kind) - MEASURED
    assert len(above(defects, 4.9, frozenset())) == len(Kind)
    assert Kind.ASTRAY not in {d.kind for d in above(defects, 0, frozenset({Kind.ASTRAY}))}


@settings(max_examples=30, deadline=None)
@given(ground=GROUND, width_m=st.floats(0, 30), at=st.integers(0, 8))
def test_the_short_way_finds_what_the_long_way_finds(
    ground: Squares, width_m: float, at: int
) -> None:
    """A coverage whose squares lost a strip here or there, compared both ways."""
    west, south, east, north = ground.corners(0, 0)
    flat = ground.flat()
    column, row = at % 3, at // 3
    place = ground.codes.index(ground.code(column, row))
    west, south, east, north = ground.corners(column, row)
    flat[place] = shapely.box(west + width_m, south, east, north)
    codes, strips = parts(ground)
    columns = np.array([column for column, _ in ground.places])
    shapes, above = ground.degrees(flat), ground.degrees(strips)
    given_ = (ground.codes, shapes, columns, codes, above)
    long = find_nesting_defects(*given_)
    short = find_nesting_defects(*given_, is_coverage=True)
    assert [str(defect) for defect in short] == [str(defect) for defect in long]
    assert bool(long) == (width_m * (north - south) >= 0.001)
