"""The shifted coordinates of Chinese map services."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import STORED_CRS, check_crs, reproject, same_crs, to_stored
from geo.errors import InputError
from geo.shifted import ACCURACY_DEG, BD09, BOX, GCJ02, SHIFTED, shift, shifted_name, unshift

INSIDE_LON = st.floats(BOX[0] + 0.02, BOX[2] - 0.02)
INSIDE_LAT = st.floats(BOX[1] + 0.02, BOX[3] - 0.02)
CITIES = {
    "Lanzhou": (103.834, 36.061), "Jiayuguan": (98.290, 39.773), "Longnan": (104.922, 33.401),
    "Beijing": (116.404, 39.915), "Urumqi": (87.617, 43.826), "Guangzhou": (113.264, 23.129),
    "Lhasa": (91.117, 29.647), "Shanghai": (121.474, 31.230), "Harbin": (126.642, 45.757),
}  # fmt: skip


def metres_apart(lon: np.ndarray, lat: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.hypot((x - lon) * 111_320 * np.cos(np.radians(lat)), (y - lat) * 111_000)


@settings(deadline=None)
@given(INSIDE_LON, INSIDE_LAT, st.sampled_from(SHIFTED))
def test_there_and_back_again(lon: float, lat: float, system: str) -> None:
    there = shift(np.array([lon]), np.array([lat]), system)
    back = unshift(*there, system)
    assert abs(back[0][0] - lon) < ACCURACY_DEG
    assert abs(back[1][0] - lat) < ACCURACY_DEG


@settings(deadline=None)
@given(INSIDE_LON, INSIDE_LAT, st.sampled_from(SHIFTED))
def test_back_and_there_again(lon: float, lat: float, system: str) -> None:
    """The inverse is exact from the other side too, around 105° E where the field has a cusp."""
    true = unshift(np.array([lon]), np.array([lat]), system)
    again = shift(*true, system)
    assert abs(again[0][0] - lon) < ACCURACY_DEG
    assert abs(again[1][0] - lat) < ACCURACY_DEG


@pytest.mark.parametrize("lon", [105.0, 105.0 + 1e-12, 105.0 - 1e-9, 105.000001])
def test_the_cusp_of_the_field_does_no_harm(lon: float) -> None:
    there = shift(np.array([lon]), np.array([34.5]), GCJ02)
    back = unshift(*there, GCJ02)
    assert abs(back[0][0] - lon) < ACCURACY_DEG


def test_the_offsets_of_cities_are_those_known() -> None:
    """265 m in Urumqi to 620 m in Guangzhou, as often said; in Gansu they are smaller still."""
    lon, lat = np.array(list(CITIES.values())).T
    apart = dict(zip(CITIES, metres_apart(lon, lat, *shift(lon, lat, GCJ02)), strict=True))
    assert apart["Urumqi"] == pytest.approx(265, abs=1)
    assert apart["Guangzhou"] == pytest.approx(621, abs=1)
    assert apart["Lanzhou"] == pytest.approx(219, abs=1)
    assert apart["Jiayuguan"] == pytest.approx(106, abs=1)
    assert all(100 < metres < 625 for metres in apart.values())
    assert (metres_apart(lon, lat, *shift(lon, lat, BD09)) > 600).all()


def test_the_figures_in_circulation_for_beijing() -> None:
    x, y = shift(np.array([116.404]), np.array([39.915]), GCJ02)
    assert (x[0], y[0]) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-11)
    true = unshift(np.array([116.41024449916938]), np.array([39.91640428150164]), GCJ02)
    x, y = shift(*true, BD09)
    back = unshift(x, y, GCJ02)  # BD-09 read as GCJ-02 is some 600 to 1,000 m wrong
    assert 500 < metres_apart(true[0], true[1], *back)[0] < 1100


@settings(deadline=None)
@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(SHIFTED))
def test_nothing_moves_outside_the_box(lon: float, lat: float, system: str) -> None:
    west, south, east, north = BOX
    if west <= lon <= east and south <= lat <= north:
        return
    for change in (shift, unshift):
        x, y = change(np.array([lon]), np.array([lat]), system)
        assert (x[0], y[0]) == (lon, lat)


def test_unknown_places_stay_unknown_and_arguments_stay_as_they_were() -> None:
    lon, lat = np.array([np.nan, 103.8]), np.array([36.0, 36.0])
    x, _ = unshift(lon, lat, GCJ02)
    assert np.isnan(x[0])
    assert x[1] != 103.8
    assert lon[1] == 103.8


def test_names_are_known_however_they_are_spelt() -> None:
    assert {shifted_name(name) for name in ("GCJ-02", "gcj02", "gcj_02", " GCJ02 ")} == {GCJ02}
    assert {shifted_name(name) for name in ("BD-09", "bd09", "bd09ll")} == {BD09}
    assert shifted_name("EPSG:4326") is None
    assert same_crs("gcj02", "GCJ-02")
    assert not same_crs("GCJ-02", "EPSG:4326")
    check_crs("BD09")
    with pytest.raises(InputError, match="expected an EPSG code"):
        check_crs("GCJ-03")


def test_areas_are_converted_from_a_shifted_system() -> None:
    true = shapely.box(103.8, 36.0, 103.803, 36.003)
    there = reproject(np.array([true]), STORED_CRS, "GCJ-02")
    assert not shapely.intersects(there[0], shapely.box(103.8, 36.0, 103.801, 36.003))
    back = reproject(there, "gcj02", STORED_CRS)
    assert shapely.hausdorff_distance(true, back[0]) < 2 * ACCURACY_DEG
    in_plane = reproject(there, "GCJ-02", "EPSG:4544")
    assert shapely.equals_exact(
        in_plane[0], reproject(np.array([true]), STORED_CRS, "EPSG:4544")[0], 0.001
    )


def test_to_stored_gives_nan_for_what_is_unknown() -> None:
    lon, lat = to_stored(np.array([103.8, np.nan, 1e30]), np.array([36.0, 36.0, 36.0]), "EPSG:4547")
    assert np.isnan(lon[1:]).all()
    assert np.isnan(lat[1:]).all()
    x, y = shift(np.array([103.8]), np.array([36.0]), GCJ02)
    assert to_stored(x, y, "GCJ-02")[0][0] == pytest.approx(103.8, abs=1e-9)
