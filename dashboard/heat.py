"""The density map of an area: what it is, which bandwidths it can have, and how it travels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.answers import Bounds
from dashboard.state import RADII_M
from geo.density import REACH_BANDWIDTHS
from geo.hierarchy import SLOTS, Hierarchy

USUAL_RADIUS_M = dict(zip(SLOTS, (12_000.0, 5_000.0, 2_000.0, 800.0, 400.0, 200.0), strict=True))
LONGEST_SIDE = 512
# A picture of so many nodes shows a bandwidth by at least two and a half of them.
_LEAST_SIDES = 200
# Incidents are counted once for all bandwidths, on a lattice as fine as the least one needs: up to
# eight nodes a bandwidth, and in all what fits into memory (``geo.bins.MAX_NODES``).
_KEPT_SIDES = 350
# Wider, an area shows hardly anything but its own outline; twice the usual can always be had.
_MOST_SIDES = 12
_M_PER_DEGREE = 111_000.0
_STOPS = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)


@dataclass(frozen=True)
class Heat:
    """A density map.

    Attributes:
        bounds: west, south, east, north edges, degrees.
        per_km2: incidents per km² over the whole period, shape (height, width), row 0 in the
            north, regular in Web Mercator; zero beyond the area.
        radius_m: bandwidth, the standard deviation of the kernel.
        used: incidents of the area that it is made of.
        left_out: incidents of the area and the same filters whose place is not known.
    """

    bounds: Bounds
    per_km2: NDArray[np.float32]
    radius_m: float
    used: int
    left_out: int

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.per_km2.nbytes


@dataclass(frozen=True)
class Radii:
    """The bandwidths that an area can be shown with.

    Attributes:
        usual_m: that of its level, the same for all areas of the level.
        stops_m: those to choose from, ascending; the usual one is among them.
    """

    usual_m: float
    stops_m: tuple[float, ...]

    @classmethod
    def of(cls, hierarchy: Hierarchy, slot: int, bounds: Bounds) -> Radii:
        """Tell them for an area of a level.

        Args:
            hierarchy: gives a level its usual bandwidth.
            slot: of the level.
            bounds: of the area, degrees.
        """
        side_m = _longest_side_m(bounds)
        level = hierarchy.at(slot)
        usual = float((level.heat_radius_m if level else None) or USUAL_RADIUS_M[SLOTS[slot]])
        most = min(RADII_M[1], max(2 * usual, side_m / _MOST_SIDES))
        kept_m = side_m + 2 * REACH_BANDWIDTHS * most
        least = math.ceil(max(RADII_M[0], side_m / _LEAST_SIDES, kept_m / _KEPT_SIDES))
        usual = float(min(max(usual, least), most))
        between = [stop for stop in _series() if least <= stop <= most]
        return cls(usual, tuple(sorted({*between, usual})))

    def chosen(self, radius_m: float | None) -> float:
        """The bandwidth used where one is asked for: the nearest that can be had."""
        if radius_m is None:
            return self.usual_m
        return min(max(float(radius_m), self.stops_m[0]), self.stops_m[-1])


def _series() -> list[float]:
    """Lengths that read well, from one metre up."""
    return [stop * power for power in (10.0, 100.0, 1e3, 1e4) for stop in _STOPS]


def _longest_side_m(bounds: Bounds) -> float:
    west, south, east, north = bounds
    wide = (east - west) * math.cos(math.radians((south + north) / 2))
    return max(wide, north - south) * _M_PER_DEGREE


def near(bounds: Bounds, radius_m: float) -> Bounds:
    """The box, in degrees, from where kernels of a bandwidth reach into another."""
    west, south, east, north = bounds
    up = radius_m * REACH_BANDWIDTHS / _M_PER_DEGREE
    aside = up / max(0.1, math.cos(math.radians(max(abs(south), abs(north)))))
    return west - aside, south - up, east + aside, north + up


def pack(heat: Heat) -> bytes:
    """Write a density map as bytes.

    Returns:
        Little-endian: f64 west, south, east, north (degrees), u32 width, height,
        f32 maximum per km², f32 bandwidth in metres, u32 used, u32 left out, and
        u16 grid[height * width], row 0 in the north, linear from 0 to the maximum,
        regular in Web Mercator.
    """
    highest = float(heat.per_km2.max())
    scaled = heat.per_km2 * (65535 / highest) if highest > 0 else np.zeros_like(heat.per_km2)
    height, width = heat.per_km2.shape
    head = np.array(
        [(heat.bounds, width, height, highest, heat.radius_m, heat.used, heat.left_out)],
        dtype="(4,)<f8, <u4, <u4, <f4, <f4, <u4, <u4",
    )
    return head.tobytes() + np.round(scaled).astype("<u2").tobytes()
