from collections.abc import Callable

import numpy as np
import pytest
from flask.testing import FlaskClient
from scipy.ndimage import map_coordinates

from tests.areas import CITY, COUNTY, PROVINCE, SPECIAL
from tests.dashboard.server.conftest import Clients
from tests.dashboard.world import FIRST_DAY, LAST_DAY, Cases, count_cases

Address = Callable[[str, str], str]
ALL = f"from={FIRST_DAY}&to={LAST_DAY}"
HEAD = np.dtype(
    [
        ("bounds", "<f8", 4), ("width", "<u4"), ("height", "<u4"), ("max_per_km2", "<f4"),
        ("radius_m", "<f4"), ("used", "<u4"), ("left_out", "<u4"),
    ]
)  # fmt: skip


def read(body: bytes) -> tuple[np.void, np.ndarray]:
    head = np.frombuffer(body, HEAD, 1)[0]
    grid = np.frombuffer(body, "<u2", offset=HEAD.itemsize)
    return head, grid.reshape(head["height"], head["width"])


@pytest.mark.parametrize(("code", "radius_m"), [(PROVINCE, 12_000), (COUNTY, 2_000)])
def test_a_density_map_counts_what_the_total_counts(
    client: FlaskClient, address: Address, cases: Cases, code: str, radius_m: float
) -> None:
    url = address("heat", f"{code}.bin?{ALL}&channel=window")
    head, grid = read(client.get(url).data)
    used = count_cases(cases, code, FIRST_DAY, LAST_DAY, channel={"window"})
    last = count_cases(cases, code, LAST_DAY, LAST_DAY.replace(day=6), channel={"window"})
    assert head["used"] == used + last
    assert head["left_out"] == 0
    assert head["radius_m"] == radius_m
    assert grid.max() == 65535
    west, south, east, north = head["bounds"]
    assert west == pytest.approx(100.0)
    assert east == pytest.approx(100.04 if code == PROVINCE else 100.02)
    assert south == pytest.approx(35.99 if code == PROVINCE else 36.0)
    assert north == pytest.approx(36.02)


def test_nothing_is_a_map_of_zeros(client: FlaskClient, address: Address) -> None:
    url = address("heat", f"{SPECIAL}.bin?from=2025-01-01&to=2025-01-02")
    head, grid = read(client.get(url).data)
    assert head["used"] == 0
    assert head["max_per_km2"] == 0.0
    assert grid.max() == 0


@pytest.mark.parametrize("radius", ["49", "50001", "1e3", "-200", "", "2000.5"])
def test_a_bandwidth_must_be_one_that_can_be_shown(
    client: FlaskClient, address: Address, radius: str
) -> None:
    answer = client.get(address("heat", f"{COUNTY}.bin?{ALL}&radius={radius}"))
    assert answer.status_code == 400
    assert "whole metres, 50 to 50000" in answer.get_data(as_text=True)


def test_a_place_has_one_value_from_whatever_area_it_is_looked_at(
    client: FlaskClient, address: Address
) -> None:
    """Province, city, county: with one bandwidth each place has one density."""
    found = {}
    lon, lat = np.meshgrid(np.linspace(100.001, 100.019, 10), np.linspace(36.001, 36.019, 10))
    for code in (PROVINCE, CITY, COUNTY):
        head, grid = read(client.get(address("heat", f"{code}.bin?{ALL}&radius=800")).data)
        assert head["radius_m"] == 800
        found[code] = at(head, grid, lon, lat)
    assert found[COUNTY].min() > 0
    for code in (PROVINCE, CITY):
        # Nodes of different pictures lie apart by up to half of the wider one's, 5 m here.
        np.testing.assert_allclose(found[code], found[COUNTY], rtol=0.02)


def test_what_lies_beyond_the_border_of_the_scope_is_neither_known_nor_missed(
    client: FlaskClient, clients: Clients, address: Address
) -> None:
    """Integrated over the county, its leader's map has all of its incidents."""
    leader = clients(f"county:{COUNTY}")
    url = address("heat", f"{COUNTY}.bin?{ALL}&radius=800")
    head, grid = read(leader.get(url.replace(f"province-{PROVINCE}", f"county-{COUNTY}")).data)
    per_km2 = grid * (head["max_per_km2"] / 65535)
    km2 = 4 * 1.11 * 1.11 * np.cos(np.radians(36.01))
    assert per_km2.mean() * km2 == pytest.approx(head["used"], rel=0.02)
    wider, grid = read(client.get(url).data)
    assert wider["used"] == head["used"]
    # With what happens beyond its border the county's edge is denser than half of it would be.
    assert (grid * (wider["max_per_km2"] / 65535))[:, -1].mean() > 0.3 * per_km2[:, -1].mean()


def at(head: np.void, grid: np.ndarray, lon: np.ndarray, lat: np.ndarray) -> np.ndarray:
    """Read densities at places off a picture, between its nodes."""
    west, south, east, north = head["bounds"]
    y, bottom, top = (
        np.arctanh(np.sin(np.radians(degrees))) for degrees in (lat, np.array(south), north)
    )
    row = (top - y) / (top - bottom) * head["height"] - 0.5
    column = (lon - west) / (east - west) * head["width"] - 0.5
    found = map_coordinates(grid.astype(float), [row, column], order=1, mode="nearest")
    return found * head["max_per_km2"] / 65535
