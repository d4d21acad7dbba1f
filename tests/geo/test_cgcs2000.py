"""CGCS2000: geographic, and in 3-degree Gauss-Krüger zones with and without their number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.crs import STORED_CRS, to_stored, transformer

CGCS2000 = Geod(a=6_378_137.0, rf=298.257222101)
"""The ellipsoid of CGCS2000, from its definition."""


def meridian_m(lat: float) -> float:
    """From the equator along a meridian, on the ellipsoid, without any projection."""
    return float(CGCS2000.inv(0, 0, 0, lat)[2])


def gauss_krueger(lon: float, lat: float, meridian: float) -> tuple[float, float]:
    """Easting from the meridian and northing by the series of the textbooks, good to 1 mm."""
    f = 1 / 298.257222101
    e2 = f * (2 - f)
    phi, away = np.radians(lat), np.radians(lon - meridian)
    n = 6_378_137.0 / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    t, eta2, m = np.tan(phi), e2 / (1 - e2) * np.cos(phi) ** 2, away * np.cos(phi)
    northing = meridian_m(lat) + n * t * (
        m**2 / 2 + (5 - t**2 + 9 * eta2 + 4 * eta2**2) * m**4 / 24
    )
    easting = n * (m + (1 - t**2 + eta2) * m**3 / 6)
    easting += n * (5 - 18 * t**2 + t**4 + 14 * eta2 - 58 * t**2 * eta2) * m**5 / 120
    return float(easting), float(northing)


@pytest.mark.parametrize("zone", range(25, 46))
def test_every_zone_with_and_without_its_number(zone: int) -> None:
    meridian, lat = 3.0 * zone, 36.06
    numbered, plain = f"EPSG:{4513 + zone - 25}", f"EPSG:{4534 + zone - 25}"
    away = 0.8
    easting, northing = gauss_krueger(meridian + away, lat, meridian)
    for crs, x in ((numbered, zone * 1e6 + 5e5 + easting), (plain, 5e5 + easting)):
        lon, found = to_stored(np.array([x]), np.array([northing]), crs)
        assert (lon[0], found[0]) == pytest.approx((meridian + away, lat), abs=2e-8)


def test_a_point_on_the_central_meridian() -> None:
    """Zone 35 lies around 105° E; x is the easting although the zone's own order is northing."""
    lon, lat = to_stored(np.array([35_500_000.0]), np.array([meridian_m(36.0)]), "EPSG:4523")
    assert (lon[0], lat[0]) == pytest.approx((105.0, 36.0), abs=1e-9)


def test_the_wrong_order_or_the_missing_number_does_not_pass_for_right() -> None:
    x, y = np.array([35_500_000.0]), np.array([meridian_m(36.0)])
    for made in (to_stored(y, x, "EPSG:4523"), to_stored(x, y, "EPSG:4544")):
        assert not (abs(made[0][0] - 105) < 1 and abs(made[1][0] - 36) < 1)


def test_geographic_cgcs2000_is_within_a_metre_of_wgs84() -> None:
    lon, lat = to_stored(np.array([103.834]), np.array([36.061]), "EPSG:4490")
    assert (lon[0], lat[0]) == pytest.approx((103.834, 36.061), abs=1e-5)


@settings(deadline=None)
@given(st.floats(92.5, 108.9), st.floats(32.0, 43.0), st.booleans())
def test_there_and_back_again(lon: float, lat: float, numbered: bool) -> None:
    zone = round(lon / 3)
    crs = f"EPSG:{(4513 if numbered else 4534) + zone - 25}"
    x, y = transformer(STORED_CRS, crs).transform([lon], [lat])
    back = to_stored(np.array(x), np.array(y), crs)
    assert (back[0][0], back[1][0]) == pytest.approx((lon, lat), abs=1e-9)
