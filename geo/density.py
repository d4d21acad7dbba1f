"""How many incidents per km² there are around a place: a kernel estimate with a unit.

The kernel is a Gaussian of fixed bandwidth in metres, in an equal-area plane, so that an
estimate means the same at every zoom and latitude. It is computed on a grid in that plane
and then read off at the points of a grid that is regular in Web Mercator, as maps draw it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter, map_coordinates

from geo.crs import DISPLAY_CRS, STORED_CRS, Floats, transformer

Bounds = tuple[float, float, float, float]

# The plane's grid divides the bandwidth by this; the error stays under 1 % of the maximum.
_STEPS_PER_BANDWIDTH = 4
# Beyond this many bandwidths the kernel is under 0.04 % of its height.
REACH_BANDWIDTHS = 4.0
_M2_PER_KM2 = 1e6
MAX_NODES = 4_000_000


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

    No correction is made at borders: what an incident at a border adds beyond it is missing
    inside, and the integral over the whole plane is the number of incidents.
    """

    def __init__(self, x_m: Floats, y_m: Floats, radius_m: float) -> None:
        """Sum kernels on a grid in the plane.

        Args:
            x_m: n eastings of incidents in an equal-area plane, finite.
            y_m: n northings.
            radius_m: standard deviation of the kernel.
        """
        self.radius_m = radius_m
        self._step_m = _step_m(x_m, y_m, radius_m)
        margin_m = REACH_BANDWIDTHS * radius_m + 2 * self._step_m
        self._west_m = float(x_m.min()) - margin_m if len(x_m) else 0.0
        self._south_m = float(y_m.min()) - margin_m if len(y_m) else 0.0
        self._per_km2 = self._smoothed(x_m, y_m, margin_m)

    @property
    def total(self) -> float:
        """The integral over the plane: the number of incidents, but for the kernel's tail."""
        return float(self._per_km2.sum() * self._step_m**2 / _M2_PER_KM2)

    def at(self, x_m: Floats, y_m: Floats) -> Floats:
        """Read estimates off at m places in the plane; zero far from every incident."""
        rows = (y_m - self._south_m) / self._step_m - 0.5
        columns = (x_m - self._west_m) / self._step_m - 0.5
        found: Floats = map_coordinates(self._per_km2, [rows, columns], order=1, mode="constant")
        return found

    def _smoothed(self, x_m: Floats, y_m: Floats, margin_m: float) -> Floats:
        if not len(x_m):
            return np.zeros((1, 1))
        column = (x_m - self._west_m) / self._step_m - 0.5
        row = (y_m - self._south_m) / self._step_m - 0.5
        margin = math.ceil(margin_m / self._step_m) + 1
        shape = (int(row.max()) + margin, int(column.max()) + margin)
        # Sharing an incident among the nodes around it spreads it by a sixth of a step's square
        # on average, reading between the nodes by as much; the kernel is narrowed by both.
        sigma = math.sqrt(max((self.radius_m / self._step_m) ** 2 - 1 / 3, 1 / 3))
        smooth = gaussian_filter(
            _shared(row, column, shape), sigma, mode="constant", truncate=REACH_BANDWIDTHS
        )
        per_km2: Floats = smooth * (_M2_PER_KM2 / self._step_m**2)
        return per_km2


def _shared(row: Floats, column: Floats, shape: tuple[int, int]) -> Floats:
    """Share each incident among the four nodes around it, the nearer the more."""
    south, west = np.floor(row).astype(np.intp), np.floor(column).astype(np.intp)
    north_share, east_share = row - south, column - west
    sums = np.zeros(shape[0] * shape[1])
    for step_north, north in ((0, 1 - north_share), (1, north_share)):
        for step_east, east in ((0, 1 - east_share), (1, east_share)):
            node = (south + step_north) * shape[1] + west + step_east
            sums += np.bincount(node, weights=north * east, minlength=len(sums))
    return sums.reshape(shape)


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


def _step_m(x_m: Floats, y_m: Floats, radius_m: float) -> float:
    step = radius_m / _STEPS_PER_BANDWIDTH
    if len(x_m):
        reach = 2 * REACH_BANDWIDTHS * radius_m
        area = (float(np.ptp(x_m)) + reach) * (float(np.ptp(y_m)) + reach)
        # Points spread over half the world must not take all memory.
        step = max(step, math.sqrt(area / MAX_NODES))
    return step
