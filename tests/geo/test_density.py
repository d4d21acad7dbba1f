from functools import partial

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.bins import Bins, Frame, inside_share
from geo.crs import STORED_CRS, transformer
from geo.density import REACH_BANDWIDTHS, Density, direct_density, mercator_grid

PLANE = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=0 +lon_0=105 +datum=WGS84 +units=m +no_defs"

places = st.lists(
    st.tuples(st.floats(-20_000, 20_000), st.floats(-20_000, 20_000)), min_size=1, max_size=60
)


def density(x_m: np.ndarray, y_m: np.ndarray, radius_m: float) -> Density:
    """Without a border."""
    margin_m = (REACH_BANDWIDTHS + 1) * radius_m
    return Density(Bins.around(x_m, y_m, radius_m / 4, margin_m), radius_m)


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
    assert found.total == pytest.approx(len(points), rel=0.001)


def test_the_kernel_has_the_height_of_a_gaussian() -> None:
    zero = np.zeros(1)
    # One incident, bandwidth 1 km: 1 / (2 π) per km² at its place.
    assert direct_density(zero, zero, zero, zero, 1_000.0)[0] == pytest.approx(0.1591549)


def test_the_integral_holds_on_the_mercator_grid() -> None:
    draw = np.random.default_rng(7)
    lon, lat = draw.normal(103.8, 0.3, 4_000), draw.normal(36.0, 0.2, 4_000)
    x_m, y_m = transformer(STORED_CRS, PLANE).transform(lon, lat)
    bounds = (lon.min(), lat.min(), lon.max(), lat.max())
    grid = mercator_grid(density(x_m, y_m, 5_000.0), bounds, PLANE, 400)
    west, south, east, north = grid.bounds
    height, width = grid.per_km2.shape
    to_mercator = transformer(STORED_CRS, "EPSG:3857")
    left, bottom = to_mercator.transform(west, south)
    right, top = to_mercator.transform(east, north)
    y = top - (np.arange(height) + 0.5) * (top - bottom) / height
    latitude = 2 * np.arctan(np.exp(y / 6_378_137)) - np.pi / 2
    node_km2 = (right - left) / width * (top - bottom) / height * np.cos(latitude) ** 2 / 1e6
    # 0.5 %: the sphere of Web Mercator against the ellipsoid.
    assert (grid.per_km2.sum(axis=1) * node_km2).sum() == pytest.approx(4_000, rel=0.01)
    assert max(width, height) == 400


def test_row_0_is_in_the_north() -> None:
    x_m, y_m = transformer(STORED_CRS, PLANE).transform(np.array([104.0]), np.array([36.4]))
    grid = mercator_grid(density(x_m, y_m, 3_000.0), (103.5, 35.5, 104.5, 36.5), PLANE, 100)
    row, column = np.unravel_index(grid.per_km2.argmax(), grid.per_km2.shape)
    assert row < grid.per_km2.shape[0] / 3
    assert column == pytest.approx(grid.per_km2.shape[1] / 2, abs=1)


def test_nothing_gives_zero_everywhere() -> None:
    nothing = np.empty(0)
    grid = mercator_grid(density(nothing, nothing, 800.0), (103.0, 35.0, 104.0, 36.0), PLANE, 50)
    assert grid.per_km2.max() == 0.0


def test_points_far_apart_take_bounded_memory() -> None:
    found = density(np.array([0.0, 4e6]), np.array([0.0, 4e6]), 100.0)
    assert found.total == pytest.approx(2, rel=0.01)


SIDE_M = 20_000.0
AREA = shapely.Polygon(
    [(0, 0), (SIDE_M, 0), (SIDE_M, SIDE_M), (SIDE_M / 2, SIDE_M / 2), (0, SIDE_M)]
)


def within_area(x_m: np.ndarray, y_m: np.ndarray, radius_m: float) -> Density:
    margin_m = REACH_BANDWIDTHS * radius_m
    frame = Frame.over((-margin_m, -margin_m, SIDE_M + margin_m, SIDE_M + margin_m), radius_m / 5)
    return Density(Bins.of(x_m, y_m, frame), radius_m, partial(inside_share, AREA))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), radius_m=st.sampled_from([500.0, 2_000.0, 6_000.0]))
def test_inside_an_area_the_integral_is_the_number_of_its_incidents(
    seed: int, radius_m: float
) -> None:
    places_m = np.random.default_rng(seed).uniform(0, SIDE_M, (2, 200))
    x_m, y_m = places_m[:, shapely.contains_xy(AREA, *places_m)]
    assert within_area(x_m, y_m, radius_m).total == pytest.approx(len(x_m), rel=1e-6)


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
    # Nodes whose squares lie across the border are read together with those beyond it.
    away = shapely.contains_xy(AREA.buffer(-radius_m / 2), *at_m)
    assert np.abs(found - expected)[away].max() <= 0.03 * expected.max()
    assert np.abs(found - expected).mean() <= 0.03 * expected.max()


def one_by_one(x_m: np.ndarray, y_m: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    return [(np.array([x]), np.array([y])) for x, y in zip(x_m, y_m, strict=True)]


def test_nothing_lies_beyond_the_border() -> None:
    found = within_area(np.array([100.0]), np.array([100.0]), 2_000.0)
    assert found.at(np.array([-1_000.0]), np.array([100.0]))[0] == 0
    assert found.at(np.array([SIDE_M / 2]), np.array([SIDE_M * 0.9]))[0] == 0
