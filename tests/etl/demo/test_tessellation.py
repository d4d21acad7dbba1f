"""Cells around seeds: a coverage whatever the seeds, with wandering but uncrossed lines."""

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.demo.borders import add_corners, corners_of, cross
from etl.demo.faces import clip, contacts
from etl.demo.tessellation import draw_ridges, regions


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32), st.integers(5, 80), st.floats(0.5, 80.0))
def test_regions_are_a_coverage_and_hold_their_seeds(seed: int, count: int, size: float) -> None:
    rng = np.random.default_rng(seed)
    seeds = rng.random((count, 2)) * size
    polygons = regions(draw_ridges(seeds, rng), seeds)
    assert shapely.is_valid(polygons).all()
    assert shapely.coverage_is_valid(polygons)
    assert shapely.contains_xy(polygons, seeds[:, 0], seeds[:, 1]).all()


def test_long_lines_wander_and_short_ones_do_not() -> None:
    rng = np.random.default_rng(5)
    grid = np.stack(np.meshgrid(np.arange(6.0), np.arange(6.0)), axis=-1).reshape(-1, 2)
    grid += rng.normal(0, 0.05, grid.shape)
    inner = ((grid > 0.5) & (grid < 4.5)).all(axis=1)
    for scale, crooked in ((0.2, False), (8.0, True)):
        seeds = grid * scale
        corners = shapely.get_num_coordinates(regions(draw_ridges(seeds, rng), seeds)[inner])
        assert (corners.mean() > 12) == crooked


def test_two_counties_get_the_same_corners_on_their_common_border() -> None:
    """Each is 10 x 10; cells of either side end somewhere on the middle line.

    +-------+-------+
    |  west |  east |
    +-------+-------+
    """
    counties = [shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)]
    cut, crossings = [], []
    for number, county in enumerate(counties):
        rng = np.random.default_rng(number)
        seeds = rng.random((40, 2)) * 10 + [10 * number, 0]
        ridges, crossed = cross(draw_ridges(seeds, rng), county)
        cut.append((ridges, seeds))
        crossings.append(crossed)
    corners = corners_of(crossings)
    borders = [add_corners(county, corners) for county in counties]
    on_line = [
        {tuple(point) for point in shapely.get_coordinates(border) if point[0] == 10}
        for border in borders
    ]
    assert on_line[0] == on_line[1]
    assert len(on_line[0]) > 10
    cells = np.concatenate(
        [
            clip(regions(ridges, seeds), seeds, border)
            for (ridges, seeds), border in zip(cut, borders, strict=True)
        ]
    )
    assert len(cells) == 80
    assert shapely.coverage_is_valid(cells)
    assert np.isclose(shapely.area(cells).sum(), 200)


def test_what_is_cut_off_from_its_seed_joins_a_neighbour() -> None:
    """A notch cuts regions apart; none keeps a piece that one cannot walk to.

    +--+    +--+
    |A |    |B |
    |  +----+  |
    |          |
    +----------+
    """
    county = shapely.box(0, 0, 12, 6) - shapely.box(3, 3, 9, 7)
    seeds = np.array([[1.0, 4.0], [6.0, 1.0], [11.0, 1.0], [2.0, 1.0], [8.0, 2.5]])
    ridges, crossings = cross(draw_ridges(seeds, np.random.default_rng(3)), county)
    border = add_corners(county, corners_of([crossings]))
    cells = clip(regions(ridges, seeds), seeds, border)
    assert (shapely.get_num_geometries(cells) == 1).all()
    assert shapely.coverage_is_valid(cells)
    assert np.isclose(shapely.area(cells).sum(), county.area)


def test_contacts_know_who_touches_whom_and_for_how_long() -> None:
    """Two squares of 1 x 1 and a house of 1 x 2 beside them.

    +---+---+
    | 1 |   |
    +---+ 2 |
    | 0 |   |
    +---+---+
    """
    squares = np.array(
        [
            shapely.box(0, 0, 1, 1),
            shapely.box(0, 1, 1, 2),
            shapely.Polygon([(1, 0), (2, 0), (2, 2), (1, 2), (1, 1)]),
        ]
    )
    found = contacts(squares)
    pairs = dict(
        zip(zip(found.a.tolist(), found.b.tolist(), strict=True), found.length, strict=True)
    )
    assert pairs == {(0, 1): 1.0, (0, 2): 1.0, (1, 2): 1.0}
