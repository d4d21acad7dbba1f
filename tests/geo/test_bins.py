import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.bins import Bins, Frame, inside_share, lattice_step_m

points = st.lists(
    st.tuples(st.floats(-900.0, 900.0), st.floats(-900.0, 900.0)), min_size=1, max_size=30
)
EXTENT = (-1_000.0, -1_000.0, 1_000.0, 1_000.0)


@given(most_m=st.floats(1.0, 1e6))
def test_steps_are_powers_of_two(most_m: float) -> None:
    step_m = lattice_step_m(most_m)
    assert most_m / 2 < step_m <= most_m
    assert np.log2(step_m) % 1 == 0


@given(places=points, south=st.integers(-3, 3), west=st.integers(-3, 3))
def test_coarser_counts_equal_those_counted_anew(
    places: list[tuple[float, float]], south: int, west: int
) -> None:
    """Whatever node the finer frame begins at."""
    x_m, y_m = np.array(places).T
    fine = Frame(16.0, -70 + south, -70 + west, (141 - south, 141 - west))
    kept = Bins.of(x_m, y_m, fine)
    for step_m in (16.0, 32.0, 64.0, 256.0):
        wanted = Frame.over(EXTENT, step_m)
        found = kept.on(wanted)
        assert found.sum() == pytest.approx(len(places), rel=1e-5)
        np.testing.assert_allclose(found, Bins.of(x_m, y_m, wanted).on(wanted), atol=1e-5)


@given(
    south=st.integers(-9, 9),
    west=st.integers(-9, 9),
    rows=st.integers(1, 9),
    columns=st.integers(1, 9),
)
def test_a_coarser_frame_has_the_nodes_that_ours_have_a_share_in(
    south: int, west: int, rows: int, columns: int
) -> None:
    """An even node is one of twice the step, an odd one lies between two of them."""
    frame = Frame(8.0, south, west, (rows, columns))
    coarse = frame.coarser()
    for first, size, found, room in (
        (south, rows, coarse.south, coarse.shape[0]),
        (west, columns, coarse.west, coarse.shape[1]),
    ):
        nodes = {half for node in range(first, first + size) for half in (node // 2, -(-node // 2))}
        assert list(range(found, found + room)) == sorted(nodes)
    node = np.arange(rows * columns, dtype=np.int32)
    bins = Bins(frame, node, np.ones(rows * columns, np.float32))
    assert bins.on(coarse).sum() == pytest.approx(rows * columns), "nothing is lost at an edge"


def test_the_middle_of_what_is_counted_stays_where_it_was() -> None:
    x_m, y_m = np.array([310.0]), np.array([-77.0])
    frame = Frame.over(EXTENT, 64.0)
    counts = Bins.of(x_m, y_m, frame).on(frame)
    rows, columns = np.indices(frame.shape)
    assert (counts * (columns + frame.west) * 64.0).sum() == pytest.approx(310.0)
    assert (counts * (rows + frame.south) * 64.0).sum() == pytest.approx(-77.0)


def test_frames_of_different_places_share_their_nodes() -> None:
    near = Frame.over((0.0, 0.0, 100.0, 100.0), 32.0)
    wide = Frame.over((-5_000.0, -333.0, 100.0, 4_000.0), 32.0)
    x_m = np.array([77.0])
    assert near.column(x_m) + near.west == wide.column(x_m) + wide.west


def test_a_frame_too_large_for_memory_is_coarser() -> None:
    assert Frame.over((0.0, 0.0, 1e7, 1e7), 1.0).step_m > 1_000


def test_beyond_its_frame_nothing_counts() -> None:
    frame = Frame.over((0.0, 0.0, 100.0, 100.0), 8.0)
    found = Bins.of(np.array([50.0, 900.0]), np.array([50.0, 50.0]), frame)
    assert found.on(Frame.over((-500.0, 0.0, 1_000.0, 100.0), 16.0)).sum() == pytest.approx(1.0)
    assert found.on(Frame.over((5_000.0, 0.0, 6_000.0, 100.0), 16.0)).sum() == 0


def ring_with_a_hole() -> shapely.MultiPolygon:
    """A star with a hole, and an island; its rings run in either direction."""
    angles = np.linspace(0, 2 * np.pi, 23)[:-1]
    far = np.where(np.arange(22) % 2, 350.0, 800.0)
    star = np.stack([far * np.cos(angles), far * np.sin(angles)], axis=1)
    hole = shapely.Point(40, 30).buffer(150).exterior.coords
    island = shapely.box(700, 700, 930, 880)
    return shapely.MultiPolygon([shapely.Polygon(star[::-1], [hole]), island])


def test_shares_are_what_the_intersection_with_each_square_measures() -> None:
    area = ring_with_a_hole()
    frame = Frame.over(EXTENT, 64.0)
    share = inside_share(area, frame)
    rows, columns = np.indices(frame.shape)
    x_m, y_m = (columns + frame.west) * 64.0, (rows + frame.south) * 64.0
    squares = shapely.box(x_m - 32, y_m - 32, x_m + 32, y_m + 32)
    exact = shapely.area(shapely.intersection(squares, area)) / 64.0**2
    assert np.abs(share - exact).max() < 0.13
    assert np.abs(share - exact).mean() < 0.004
    assert share.sum() * frame.node_km2 == pytest.approx(area.area / 1e6, rel=0.005)
    assert ((share == 0) | (exact > 0)).all()


def test_a_frame_in_the_middle_of_an_area_lies_inside() -> None:
    area = shapely.box(-5_000, -5_000, 5_000, 5_000)
    assert (inside_share(area, Frame.over(EXTENT, 64.0)) == 1).all()
    assert (inside_share(area, Frame.over((9e3, 0.0, 9.9e3, 100.0), 64.0)) == 0).all()


def test_a_finer_lattice_cannot_be_had() -> None:
    frame = Frame.over(EXTENT, 64.0)
    with pytest.raises(ValueError, match="every 64 m, not 32 m"):
        Bins.of(np.zeros(1), np.zeros(1), frame).on(Frame.over(EXTENT, 32.0))
