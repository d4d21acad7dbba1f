"""Which reading of its numbers makes a file fit: cells of 300 m around Lanzhou, really shifted."""

import pickle

import numpy as np
import pytest
import shapely

from etl.fitting import AS_IS, SWAPPED_AXES, LyingCrsError, Witnesses, fit_areas, fit_points
from geo.crs import STORED_CRS, Floats, Geometries, convert, reproject, to_stored
from geo.shifted import SHIFTED, shift

WEST, SOUTH, SIDE_M, ACROSS = 103.80, 36.04, 300.0, 40
PLANE = "EPSG:4544"


def cells(west: float = WEST, south: float = SOUTH) -> Geometries:
    """A square of 40 by 40 cells of 300 m, EPSG:4326."""
    x, y = convert(np.array([west]), np.array([south]), STORED_CRS, PLANE)
    column, row = np.meshgrid(np.arange(ACROSS), np.arange(ACROSS))
    left, low = x[0] + column.ravel() * SIDE_M, y[0] + row.ravel() * SIDE_M
    return reproject(shapely.box(left, low, left + SIDE_M, low + SIDE_M), PLANE, STORED_CRS)


CELLS = cells()


def points(noise_m: float = 0.0) -> tuple[Floats, Floats]:
    """A point in each cell, EPSG:4326, somewhere in its inner part."""
    some = np.random.default_rng(3)
    middle = shapely.get_coordinates(shapely.centroid(CELLS))
    off = some.uniform(-100, 100, middle.shape) + some.normal(0, noise_m or 1e-9, middle.shape)
    return middle[:, 0] + off[:, 0] / 90_000, middle[:, 1] + off[:, 1] / 111_000


def test_points_that_are_what_they_say_fit_as_they_are() -> None:
    fit = fit_points(*points(), CELLS)
    assert fit is not None
    assert (fit.system, fit.share_as_is, fit.lies) == (AS_IS, 1.0, False)
    assert fit_points(np.empty(0), np.empty(0), CELLS[:0]) is None


@pytest.mark.parametrize("system", SHIFTED)
def test_a_shift_that_nobody_stated_is_found(system: str) -> None:
    fit = fit_points(*shift(*points(), system), CELLS)
    assert fit is not None
    assert fit.lies
    assert fit.system == system
    assert fit.share_inside == 1.0
    assert fit.share_as_is < 0.5
    assert f"{system} 100.0%" in fit.describe()
    assert fit.as_dict()["lies"] is True


def test_noise_alone_is_no_lie_and_hides_none() -> None:
    noisy = fit_points(*points(noise_m=150), CELLS)
    assert noisy is not None
    assert not noisy.lies
    lying = fit_points(*shift(*points(noise_m=30), "GCJ-02"), CELLS)
    assert lying is not None
    assert lying.lies


def test_a_shift_that_was_stated_but_never_made_is_found() -> None:
    lon, lat = points()
    read = to_stored(lon, lat, "GCJ-02")  # the file is WGS 84 and says GCJ-02
    fit = fit_points(*read, CELLS, "GCJ-02")
    assert fit is not None
    assert (fit.system, fit.lies) == (STORED_CRS, True)
    confused = to_stored(*shift(lon, lat, "BD-09"), "GCJ-02")
    fit = fit_points(*confused, CELLS, "GCJ-02")
    assert fit is not None
    assert (fit.system, fit.lies) == ("BD-09", True)


def test_exchanged_axes_are_found() -> None:
    lon, lat = points()
    fit = fit_points(lat, lon, CELLS)
    assert fit is not None
    assert (fit.system, fit.lies) == (SWAPPED_AXES, True)
    x, y = convert(lon, lat, STORED_CRS, "EPSG:4544")
    fit = fit_points(*to_stored(y, x, "EPSG:4544"), CELLS, "EPSG:4544")
    assert fit is not None
    assert (fit.system, fit.lies) == (SWAPPED_AXES, True)


@pytest.mark.parametrize(
    ("true", "stated"),
    [("EPSG:4523", "EPSG:4522"), ("EPSG:4544", "EPSG:4543")],
)
def test_the_neighbouring_zone(true: str, stated: str) -> None:
    lon, lat = points()
    read = to_stored(*convert(lon, lat, STORED_CRS, true), stated)
    fit = fit_points(*read, CELLS, stated)
    assert fit is not None
    assert (fit.system, fit.lies) == (true, True)


@pytest.mark.parametrize("system", SHIFTED)
def test_areas_stick_out_of_their_parents_when_shifted(system: str) -> None:
    parents = [shapely.union_all(CELLS[start : start + 400]) for start in range(0, 1600, 400)]
    around = np.repeat(np.array(parents, dtype=object), 400)
    honest = fit_areas(CELLS, around)
    assert honest is not None
    assert (honest.system, honest.share_as_is, honest.lies) == (AS_IS, 1.0, False)
    fit = fit_areas(reproject(CELLS, STORED_CRS, system), around)
    assert fit is not None
    assert (fit.system, fit.lies) == (system, True)
    turned = np.asarray(shapely.transform(CELLS, lambda xy: xy[:, ::-1]))
    swapped = fit_areas(turned, around)
    assert swapped is not None
    assert (swapped.system, swapped.lies) == (SWAPPED_AXES, True)
    assert fit_areas(CELLS[:0], around[:0]) is None


def test_witnesses_add_up_travel_and_refuse() -> None:
    lon, lat = shift(*points(), "GCJ-02")
    areas = np.arange(len(lon))
    parts = [Witnesses.sample(lon[at::9], lat[at::9], areas[at::9]) for at in range(9)]
    parts = [pickle.loads(pickle.dumps(part)) for part in parts]  # noqa: S301
    total = sum(parts, Witnesses())
    with pytest.raises(LyingCrsError, match=r"said to be in EPSG:4326.*only as GCJ-02"):
        total.refuse(CELLS, STORED_CRS, "cases.csv")
    many = sum([total] * 9, Witnesses())
    assert len(many.lon) <= 4000
    Witnesses().refuse(CELLS, STORED_CRS, "cases.csv")
    Witnesses.sample(*points(), areas).refuse(CELLS, STORED_CRS, "cases.csv")
