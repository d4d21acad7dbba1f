from collections.abc import Callable

import numpy as np
import pytest
from flask.testing import FlaskClient

from tests.areas import COUNTY, PROVINCE, SPECIAL
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
    assert west < 100.0 < east
    assert south < 36.0 < north


def test_nothing_is_a_map_of_zeros(client: FlaskClient, address: Address) -> None:
    url = address("heat", f"{SPECIAL}.bin?from=2025-01-01&to=2025-01-02")
    head, grid = read(client.get(url).data)
    assert head["used"] == 0
    assert head["max_per_km2"] == 0.0
    assert grid.max() == 0
