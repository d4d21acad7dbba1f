"""A level as one coverage: borders stay shared."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import coverage


@pytest.fixture
def four_cells() -> np.ndarray:
    """Draw four squares.

    +---+---+
    | C | D |
    +---+---+
    | A | B |
    +---+---+
    """
    corners = [(0, 0), (1, 0), (0, 1), (1, 1)]
    return np.array([shapely.box(x, y, x + 1, y + 1) for x, y in corners])


def wiggly_cells(seed: int) -> np.ndarray:
    """Forty cells with many-cornered borders: neighbourhoods of small Voronoi cells."""
    rng = np.random.default_rng(seed)
    seeds = shapely.multipoints(rng.random((900, 2)))
    small = shapely.get_parts(shapely.voronoi_polygons(seeds))
    centres = shapely.STRtree(shapely.points(rng.random((40, 2))))
    groups = centres.nearest(shapely.centroid(small))
    return np.array([area for area in coverage.dissolve(small, groups, 40) if area is not None])


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_simplified_cells_stay_a_coverage_of_as_many_areas(seed: int) -> None:
    cells = wiggly_cells(seed)
    simple = coverage.simplify(cells, 0.02)
    assert shapely.coverage_is_valid(simple)
    assert not shapely.is_empty(simple).any()
    assert shapely.get_num_coordinates(simple).sum() < shapely.get_num_coordinates(cells).sum()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_dissolved_borders_run_along_the_members(seed: int) -> None:
    cells = coverage.simplify(wiggly_cells(seed), 0.02)
    groups = np.random.default_rng(seed).integers(0, 5, len(cells))
    united = coverage.dissolve(cells, groups, 5)
    lines = shapely.union_all(shapely.boundary(cells))
    for group, area in enumerate(united):
        assert shapely.covers(lines, shapely.boundary(area))
        assert area.area == pytest.approx(shapely.area(cells[groups == group]).sum(), rel=1e-12)


def test_dissolving_leaves_out_negative_groups_and_keeps_empty_ones(
    four_cells: np.ndarray,
) -> None:
    united = coverage.dissolve(four_cells, np.array([0, 0, -1, 2]), 3)
    assert united[0].equals(shapely.box(0, 0, 2, 1))
    assert united[1] is None
    assert united[2] is four_cells[3]


def test_labels_lie_inside_even_a_crescent() -> None:
    crescent = shapely.Point(0, 0).buffer(2).difference(shapely.Point(0.5, 0).buffer(1.9))
    shapes = np.array([crescent, shapely.box(0, 0, 2, 2)])
    labels = coverage.label_points(shapes)
    assert shapely.covers(shapes, labels).all()
    assert labels[1].equals(shapely.Point(1, 1))


def test_single_polygons_are_wrapped(four_cells: np.ndarray) -> None:
    four_cells[3] = shapely.MultiPolygon([four_cells[3]])
    wrapped = coverage.as_multipolygons(four_cells)
    assert {shape.geom_type for shape in wrapped} == {"MultiPolygon"}
    assert four_cells[0].geom_type == "Polygon"


def test_what_nearly_is_a_coverage_is_drawn_as_one() -> None:
    """Draw it.

    +--------+---------+
    |       |+         |   B overlaps A by 1
    |   A   ||   B     |
    +-------++---------+
    """
    cells = np.array(
        [shapely.box(0, 0, 100, 100), shapely.box(99, 0, 200, 100), shapely.box(0, -100, 200, 0)]
    )
    mended = coverage.drawable(cells, 5.0)
    assert shapely.coverage_is_valid(mended)
    assert shapely.area(mended).sum() == pytest.approx(40_000)
    assert coverage.drawable(mended, 5.0) is mended
