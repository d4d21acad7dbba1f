import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.bins import Bins, inside_share
from geo.crs import DISPLAY_CRS, STORED_CRS, reproject, transformer
from geo.density import Density, Edge, Plate, direct_density, frame_for, kept_frame

PLANE = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m +no_defs"

places = st.lists(
    st.tuples(st.floats(-20_000, 20_000), st.floats(-20_000, 20_000)), min_size=1, max_size=60
)


def density(x_m: np.ndarray, y_m: np.ndarray, radius_m: float) -> Density:
    """Without a border."""
    extent = (x_m.min(), y_m.min(), x_m.max(), y_m.max())
    frame = frame_for(extent, radius_m)
    return Density(Bins.of(x_m, y_m, frame), frame, radius_m)


def columns(points: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    x_m, y_m = np.array(points, float).T
    return x_m, y_m


@settings(max_examples=60, deadline=None)
@given(points=places, radius_m=st.sampled_from([300.0, 2_000.0, 12_000.0]))
def test_the_grid_agrees_with_direct_summation(
    points: list[tuple[float, float]], radius_m: float
) -> None:
    x_m, y_m = columns(points)
    draw = np.random.default_rng(1)
    near = draw.integers(0, len(x_m), 80)
    at_x_m = x_m[near] + draw.normal(0, radius_m, 80)
    at_y_m = y_m[near] + draw.normal(0, radius_m, 80)
    expected = direct_density(x_m, y_m, at_x_m, at_y_m, radius_m)
    found = density(x_m, y_m, radius_m).at(at_x_m, at_y_m)
    highest = direct_density(x_m, y_m, x_m, y_m, radius_m).max()
    assert np.abs(found - expected).max() <= 0.02 * highest


@settings(max_examples=40, deadline=None)
@given(points=places)
def test_the_integral_is_the_number_of_incidents(points: list[tuple[float, float]]) -> None:
    found = density(*columns(points), radius_m=1_500.0)
    assert found.per_km2.sum() * found.frame.node_km2 == pytest.approx(len(points), rel=0.001)


def test_the_kernel_has_the_height_of_a_gaussian() -> None:
    zero = np.zeros(1)
    # One incident, bandwidth 1 km: 1 / (2 π) per km² at its place.
    assert direct_density(zero, zero, zero, zero, 1_000.0)[0] == pytest.approx(0.1591549)


def box_plate(west: float, south: float, east: float, north: float, side: int) -> Plate:
    """The picture of a box of degrees."""
    area = reproject(np.array([shapely.box(west, south, east, north)]), STORED_CRS, DISPLAY_CRS)[0]
    return Plate.of(area, (west, south, east, north), PLANE, side)


def test_the_integral_holds_on_the_mercator_grid() -> None:
    draw = np.random.default_rng(7)
    lon, lat = draw.normal(103.8, 0.3, 4_000), draw.normal(36.0, 0.2, 4_000)
    x_m, y_m = transformer(STORED_CRS, PLANE).transform(lon, lat)
    west, south, east, north = bounds = (102.0, 34.6, 105.6, 37.4)
    per_km2 = box_plate(*bounds, 400).read(density(x_m, y_m, 5_000.0))
    height, width = per_km2.shape
    to_mercator = transformer(STORED_CRS, "EPSG:3857")
    left, bottom = to_mercator.transform(west, south)
    right, top = to_mercator.transform(east, north)
    y = top - (np.arange(height) + 0.5) * (top - bottom) / height
    latitude = 2 * np.arctan(np.exp(y / 6_378_137)) - np.pi / 2
    node_km2 = (right - left) / width * (top - bottom) / height * np.cos(latitude) ** 2 / 1e6
    # 0.5 %: the sphere of Web Mercator against the ellipsoid.
    assert (per_km2.sum(axis=1) * node_km2).sum() == pytest.approx(4_000, rel=0.01)
    assert max(width, height) == 400


def test_row_0_is_in_the_north_and_places_are_where_they_belong() -> None:
    lon, lat = 104.0, 36.4
    x_m, y_m = transformer(STORED_CRS, PLANE).transform(np.array([lon]), np.array([lat]))
    plate = box_plate(103.5, 35.5, 104.5, 36.5, 100)
    per_km2 = plate.read(density(x_m, y_m, 3_000.0))
    row, column = np.unravel_index(per_km2.argmax(), per_km2.shape)
    assert row == pytest.approx(0.1 * per_km2.shape[0], abs=1)
    assert column == pytest.approx(0.5 * per_km2.shape[1], abs=1)
    away_m = np.hypot(plate.x_m[row, column] - x_m[0], plate.y_m[row, column] - y_m[0])
    assert away_m < 1_200  # a node is 900 m wide and 1,100 m high


def test_nodes_lie_in_the_middle_of_their_squares() -> None:
    """Each converted exactly; between the corners of coarse meshes they are interpolated."""
    bounds = (103.5, 35.5, 104.5, 36.5)
    plate = box_plate(*bounds, 90)
    rows, columns = plate.x_m.shape
    (left, right), (bottom, top) = transformer(STORED_CRS, DISPLAY_CRS).transform(
        bounds[::2], bounds[1::2]
    )
    x = left + (np.arange(columns) + 0.5) / columns * (right - left)
    y = top - (np.arange(rows) + 0.5) / rows * (top - bottom)
    exact = transformer(DISPLAY_CRS, PLANE).transform(*np.meshgrid(x, y))
    assert plate.x_m == pytest.approx(exact[0], abs=5)
    assert plate.y_m == pytest.approx(exact[1], abs=5)
    west, south, east, north = plate.extent
    assert (west, east) == pytest.approx((exact[0].min(), exact[0].max()), abs=5)
    assert (south, north) == pytest.approx((exact[1].min(), exact[1].max()), abs=5)


def test_nothing_gives_zero_everywhere() -> None:
    plate = box_plate(103.0, 35.0, 104.0, 36.0, 50)
    frame = frame_for(plate.extent, 800.0)
    found = plate.read(Density(Bins.of(np.empty(0), np.empty(0), frame), frame, 800.0))
    assert found.shape == plate.inside.shape
    assert found.max() == 0.0


def test_points_far_apart_take_bounded_memory() -> None:
    found = density(np.array([0.0, 4e6]), np.array([0.0, 4e6]), 100.0)
    assert found.per_km2.sum() * found.frame.node_km2 == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("radius_m", [1_500.0, 4_000.0, 9_000.0])
def test_a_place_has_one_value_at_every_zoom(radius_m: float) -> None:
    """A province and a part of it, each from bins of its own, kept for other bandwidths too."""
    draw = np.random.default_rng(5)
    x_m, y_m = draw.normal(0.0, 40_000.0, (2, 3_000))
    border = shapely.box(-20_000.0, -90_000.0, 90_000.0, 90_000.0)
    inside = shapely.contains_xy(border, x_m, y_m)
    x_m, y_m = x_m[inside], y_m[inside]
    at_m = draw.uniform(-19_000.0, 15_000.0, (2, 500))
    found = []
    for extent in (border.bounds, (-20_000.0, -20_000.0, 16_000.0, 16_000.0)):
        least_m = 1_500.0 if extent == border.bounds else 400.0
        kept = Bins.of(x_m, y_m, kept_frame(extent, least_m, 9_000.0))
        frame = frame_for(extent, radius_m)
        found.append(Density(kept, frame, radius_m, Edge.along(border, frame, radius_m)).at(*at_m))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-4)


SIDE_M = 20_000.0
AREA = shapely.Polygon(
    [(0, 0), (SIDE_M, 0), (SIDE_M, SIDE_M), (SIDE_M / 2, SIDE_M / 2), (0, SIDE_M)]
)


def within_area(x_m: np.ndarray, y_m: np.ndarray, radius_m: float) -> Density:
    frame = frame_for(AREA.bounds, radius_m)
    return Density(Bins.of(x_m, y_m, frame), frame, radius_m, Edge.along(AREA, frame, radius_m))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), radius_m=st.sampled_from([500.0, 2_000.0, 6_000.0]))
def test_inside_an_area_the_integral_is_the_number_of_its_incidents(
    seed: int, radius_m: float
) -> None:
    places_m = np.random.default_rng(seed).uniform(0, SIDE_M, (2, 200))
    x_m, y_m = places_m[:, shapely.contains_xy(AREA, *places_m)]
    found = within_area(x_m, y_m, radius_m)
    per_node = found.per_km2 * inside_share(AREA, found.frame) * found.frame.node_km2
    # The kernel is narrowed for what counting at nodes adds; what lies inside of it is not.
    assert per_node.sum() == pytest.approx(len(x_m), rel=0.01)


def test_at_the_border_it_equals_the_definition() -> None:
    """The definition, with the part of each kernel that lies inside summed numerically."""
    radius_m = 2_000.0
    places_m = np.random.default_rng(3).uniform(0, SIDE_M, (2, 60))
    x_m, y_m = places_m[:, shapely.contains_xy(AREA, *places_m)]
    fine = np.arange(25.0, SIDE_M, 50.0)
    grid_m = np.stack(np.meshgrid(fine, fine)).reshape(2, -1)
    grid_m = grid_m[:, shapely.contains_xy(AREA, *grid_m)]
    kept = [
        direct_density(*grid_m, x, y, radius_m)[0] * 50**2 / 1e6 for x, y in one_by_one(x_m, y_m)
    ]
    at_m = grid_m[:, ::97]
    expected = sum(
        direct_density(x, y, *at_m, radius_m) / part
        for (x, y), part in zip(one_by_one(x_m, y_m), kept, strict=True)
    )
    found = within_area(x_m, y_m, radius_m).at(*at_m)
    assert np.abs(found - expected).max() <= 0.03 * expected.max()
    # Without the correction a border looks emptier than it is.
    plain = direct_density(x_m, y_m, *at_m, radius_m)
    assert np.abs(plain - expected).max() > 0.2 * expected.max()


def one_by_one(x_m: np.ndarray, y_m: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.array([x]), np.array([y])) for x, y in zip(x_m, y_m, strict=True)]


def test_a_picture_ends_at_the_border_of_its_area() -> None:
    triangle = shapely.Polygon([(103.0, 35.0), (104.0, 35.0), (103.0, 36.0)])
    area = reproject(np.array([triangle]), STORED_CRS, DISPLAY_CRS)[0]
    plate = Plate.of(area, triangle.bounds, PLANE, 200)
    x_m, y_m = transformer(STORED_CRS, PLANE).transform(np.array([103.5]), np.array([35.5]))
    per_km2 = plate.read(density(x_m, y_m, 20_000.0))
    assert plate.inside.mean() == pytest.approx(0.5, abs=0.01)
    assert (per_km2[~plate.inside] == 0).all()
    assert (per_km2[plate.inside] > 0).any()


def test_an_incident_far_beyond_the_border_is_not_raised() -> None:
    found = within_area(np.array([-9_000.0]), np.array([10_000.0]), 2_000.0)
    peak = direct_density(*(np.zeros(1),) * 4, 2_000.0)[0]
    assert found.per_km2.max() <= 1.01 * peak
