"""How many incidents per km² there are around a place: a kernel estimate with a unit.

The kernel is a Gaussian of fixed bandwidth in metres, in an equal-area plane, so that an
estimate means the same at every zoom and latitude. It is computed on a grid in that plane
and then read off at the points of a grid that is regular in Web Mercator, as maps draw it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from geo.bins import Bins, Frame
from geo.crs import DISPLAY_CRS, STORED_CRS, Floats, transformer

Inside = Callable[[Frame], Floats]
Bounds = tuple[float, float, float, float]

# Finer grids are summed up until a bandwidth has so many steps, not fewer: a square's incidents
# then all count at its middle, and the error stays under 2 % of the maximum.
_STEPS_PER_BANDWIDTH = 8
# Beyond this many bandwidths the kernel is under 0.04 % of its height.
REACH_BANDWIDTHS = 4.0
_M2_PER_KM2 = 1e6
_LEAST_SHARE = 1 / 18


@dataclass(frozen=True)
class DensityGrid:
    """Incidents per km² at the centres of a grid regular in Web Mercator.

    Attributes:
        bounds: west, south, east, north edges, degrees (EPSG:4326).
        per_km2: estimates, shape (height, width), row 0 in the north.
        radius_m: bandwidth, the standard deviation of the kernel.
    """

    bounds: Bounds
    per_km2: Floats
    radius_m: float


def direct_density(
    x_m: Floats, y_m: Floats, at_x_m: Floats, at_y_m: Floats, radius_m: float
) -> Floats:
    """Sum the kernels of all points, the definition that the grid approximates.

    Args:
        x_m: n eastings of incidents in an equal-area plane.
        y_m: n northings.
        at_x_m: m eastings of the places to estimate at.
        at_y_m: m northings.
        radius_m: standard deviation of the kernel.

    Returns:
        m estimates, incidents per km². Costs n times m.
    """
    square = (at_x_m[:, None] - x_m) ** 2 + (at_y_m[:, None] - y_m) ** 2
    height = _M2_PER_KM2 / (2 * math.pi * radius_m**2)
    sums: Floats = np.exp(-square / (2 * radius_m**2)).sum(axis=1) * height
    return sums


class Density:
    """Estimates over one set of incidents.

    With an area given, nothing is spread over its border: each incident's kernel is divided by
    the part of it that lies inside, so that the integral over the area is the number of its
    incidents and a border town is as dense as it is. Diggle, P. J. (1985), A kernel method for
    smoothing point process data, Applied Statistics 34, 138-147. Without one, what an incident
    adds beyond a border is missing inside, and the integral over the plane is the number.
    """

    def __init__(self, bins: Bins, radius_m: float, inside: Inside | None = None) -> None:
        """Sum kernels on a grid.

        Args:
            bins: incidents by node; the grid reaches further than they do by four bandwidths,
                and its step is at most a quarter of one.
            radius_m: bandwidth, the standard deviation of the kernel.
            inside: tells the share of each node's square that lies in the area of the
                incidents; ``None`` for no correction.
        """
        self.radius_m = radius_m
        coarse = bins.coarser(max(1, int(radius_m / _STEPS_PER_BANDWIDTH / bins.frame.step_m)))
        self._frame = coarse.frame
        self._share = np.ones(1) if inside is None else inside(coarse.frame)
        # What is counted lies inside, though all places sampled of its square lie beyond.
        self._share = np.where(
            coarse.counts > 0, np.maximum(self._share, _LEAST_SHARE), self._share
        )
        self._per_km2 = self._smoothed(coarse, corrected=inside is not None)

    @property
    def total(self) -> float:
        """The integral: the number of incidents."""
        return float((self._per_km2 * self._share).sum() * self._frame.node_km2)

    def at(self, x_m: Floats, y_m: Floats) -> Floats:
        """Read estimates off at m places in the plane; zero far from every incident."""
        places = [self._frame.row(y_m), self._frame.column(x_m)]
        found: Floats = map_coordinates(self._per_km2, places, order=1, mode="constant")
        return found

    def _smoothed(self, bins: Bins, *, corrected: bool) -> Floats:
        steps = self.radius_m / bins.frame.step_m
        # Counting by node spreads an incident, reading between the nodes does too, by a sixth of a
        # step's square on average; the kernel is narrowed by both.
        sigma = math.sqrt(max(steps**2 - bins.variance - 1 / 6, 1 / 12))
        counts = bins.counts
        if corrected:
            counts = np.divide(
                counts, _spread(self._share, sigma), out=np.zeros_like(counts), where=counts > 0
            )
        per_km2: Floats = _spread(counts, sigma) / bins.frame.node_km2
        return np.where(self._share > 0, per_km2, 0.0) if corrected else per_km2


def _spread(values: Floats, sigma: float) -> Floats:
    """Convolve with a Gaussian; nothing lies beyond the grid."""
    spread: Floats = gaussian_filter(values, sigma, mode="constant", truncate=REACH_BANDWIDTHS)
    return spread


def mercator_grid(
    density: Density, bounds: Bounds, measuring_crs: str, longest_side: int
) -> DensityGrid:
    """Read a density off on a grid regular in Web Mercator.

    Args:
        density: in the plane of ``measuring_crs``.
        bounds: west, south, east, north of the area shown, degrees; the grid reaches
            further by the kernel's reach.
        measuring_crs: an equal-area CRS in metres.
        longest_side: most columns or rows.
    """
    west, south, east, north = _widened(bounds, density.radius_m * REACH_BANDWIDTHS)
    to_mercator = transformer(STORED_CRS, DISPLAY_CRS)
    (left, right), (bottom, top) = to_mercator.transform([west, east], [south, north])
    step = max(right - left, top - bottom) / longest_side
    width = max(1, round((right - left) / step))
    height = max(1, round((top - bottom) / step))
    x = left + (np.arange(width) + 0.5) * (right - left) / width
    y = top - (np.arange(height) + 0.5) * (top - bottom) / height
    x_m, y_m = transformer(DISPLAY_CRS, measuring_crs).transform(*np.meshgrid(x, y))
    per_km2 = density.at(x_m.ravel(), y_m.ravel()).reshape(height, width)
    return DensityGrid((west, south, east, north), per_km2, density.radius_m)


def _widened(bounds: Bounds, by_m: float) -> Bounds:
    west, south, east, north = bounds
    up = by_m / 111_000.0
    aside = up / max(0.1, math.cos(math.radians(max(abs(south), abs(north)))))
    return (
        max(-180.0, west - aside),
        max(-85.0, south - up),
        min(180.0, east + aside),
        min(85.0, north + up),
    )
