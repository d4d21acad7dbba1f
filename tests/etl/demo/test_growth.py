"""Regions grow in one piece, about as large as wanted, and cross water only if they must."""

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from etl.demo.faces import Contacts
from etl.demo.growth import ferried, grow, grow_evenly, travel_graph, within
from etl.demo.numbering import number_cells
from etl.demo.plane import Points


@pytest.fixture
def field() -> tuple[csr_array, Points]:
    """20 x 20 squares, each touching those beside, above and below it."""
    number = np.arange(400).reshape(20, 20)
    a = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    b = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    points = np.column_stack([np.arange(400) % 20, np.arange(400) // 20]).astype(float)
    near = Contacts(a, b, np.ones(len(a)))
    return travel_graph(points, near, np.random.default_rng(1)), points


def _pieces(graph: csr_array, region: NDArray[np.int64]) -> int:
    return int(connected_components(within(graph, region), directed=False)[0])


def test_regions_are_in_one_piece_each(field: tuple[csr_array, Points]) -> None:
    graph, _ = field
    region = grow(graph, np.array([0, 7, 210, 333, 399]))
    assert set(region) == set(range(5))
    assert _pieces(graph, region) == 5


def test_even_growth_gives_about_what_is_wanted(field: tuple[csr_array, Points]) -> None:
    graph, _ = field
    sources = np.array([0, 5, 100, 399])
    wanted = np.array([50.0, 100.0, 150.0, 100.0])
    region = grow_evenly(graph, sources, wanted, np.full(4, 10))
    size = np.bincount(region, minlength=4)
    assert (np.abs(np.log(size / wanted)) < 0.35).all()
    assert _pieces(graph, region) == 4
    assert region[sources].tolist() == [0, 1, 2, 3]


def test_a_part_without_a_source_is_reached_by_ferry_one_with_a_source_is_not() -> None:
    """Sources are 0 and 6; the middle part is nearer to 2 than to 5.

    0-1-2   3-4     5-6
    """
    points = np.array([[0.0, 0], [1, 0], [2, 0], [3.2, 0], [4.2, 0], [6, 0], [7, 0]])
    near = Contacts(np.array([0, 1, 3, 5]), np.array([1, 2, 4, 6]), np.ones(4))
    graph = travel_graph(points, near, np.random.default_rng(2))
    sources = np.array([0, 6])
    linked = ferried(graph, points, sources, np.zeros(7, dtype=np.int64))
    assert grow(linked, sources).tolist() == [0, 0, 0, 0, 0, 1, 1]


def test_numbers_run_from_west_to_east_in_rows_from_north_to_south() -> None:
    """Four squares of one village, and a village of a single cell elsewhere.

    +---+---+
    | 1 | 2 |
    +---+---+
    | 3 | 4 |
    +---+---+
    """
    cells = np.array(
        [
            shapely.box(1, 0, 2, 1),
            shapely.box(0, 1, 1, 2),
            shapely.box(9, 9, 10, 10),
            shapely.box(0, 0, 1, 1),
            shapely.box(1, 1, 2, 2),
        ]
    )
    assert number_cells(cells, np.array([0, 0, 1, 0, 0])).tolist() == [4, 1, 1, 3, 2]
