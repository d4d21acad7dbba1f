"""Which bandwidths a density map can have, and why."""

from __future__ import annotations

import pytest

from dashboard.heat import Radii, near
from dashboard.state import RADII_M
from geo.bins import MAX_NODES
from geo.density import frame_for, kept_frame
from geo.hierarchy import load_hierarchy

CHINA = load_hierarchy("china")


def square(side_m: float) -> tuple[float, float, float, float]:
    """A square near the equator, where a degree is as wide as high."""
    half = side_m / 111_000 / 2
    return (103.0 - half, -half, 103.0 + half, half)


@pytest.mark.parametrize(
    ("slot", "side_m", "usual_m"),
    [(0, 1_600_000, 12_000), (1, 250_000, 5_000), (2, 20_000, 2_000), (5, 400, 200)],
)
def test_a_level_has_a_usual_bandwidth_among_those_to_choose(
    slot: int, side_m: float, usual_m: float
) -> None:
    radii = Radii.of(CHINA, slot, square(side_m))
    assert radii.usual_m == usual_m
    assert usual_m in radii.stops_m
    assert list(radii.stops_m) == sorted(set(radii.stops_m))
    assert RADII_M[0] <= radii.stops_m[0] <= side_m
    assert usual_m < radii.stops_m[-1] <= RADII_M[1]
    assert radii.chosen(None) == usual_m
    assert radii.chosen(1) == radii.stops_m[0]
    assert radii.chosen(10**6) == radii.stops_m[-1]


@pytest.mark.parametrize("slot", range(6))
@pytest.mark.parametrize("side_m", [50.0, 4_000.0, 90_000.0, 5_000_000.0])
def test_every_bandwidth_can_be_had_from_what_is_kept(slot: int, side_m: float) -> None:
    """On a lattice as fine as the least one needs, with as many nodes as memory allows."""
    radii = Radii.of(CHINA, slot, square(side_m))
    extent = (0.0, 0.0, side_m, side_m)
    kept = kept_frame(extent, radii.stops_m[0], radii.stops_m[-1])
    assert kept.shape[0] * kept.shape[1] <= MAX_NODES
    for radius_m in radii.stops_m:
        frame = frame_for(extent, radius_m)
        assert frame.step_m >= kept.step_m
        assert frame.step_m <= radius_m / 4


def test_a_box_is_widened_by_the_reach_of_the_kernels() -> None:
    west, south, east, north = near((103.0, 36.0, 104.0, 37.0), 10_000.0)
    assert south == pytest.approx(36.0 - 40 / 111)
    assert north == pytest.approx(37.0 + 40 / 111)
    assert 103.0 - west == pytest.approx(east - 104.0)
    assert 103.0 - west > 40 / 111
