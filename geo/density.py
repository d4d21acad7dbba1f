"""How many incidents per km² there are around a place: a kernel estimate with a unit.

The kernel is a Gaussian of fixed bandwidth in metres, in an equal-area plane, so that an
estimate means the same at every zoom and latitude. It is computed on a lattice of that plane
that depends on the bandwidth alone, not on the area looked at, and then read off where a map
needs it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates
from shapely.geometry.base import BaseGeometry

from geo.bins import Bins, Extent, Frame, Reals, inside_share, lattice_step_m
from geo.crs import DISPLAY_CRS, STORED_CRS, Floats, transformer

Bounds = tuple[float, float, float, float]
"""West, south, east and north in degrees."""

REACH_BANDWIDTHS = 4.0
"""Beyond so many bandwidths the kernel is under 0.04 % of its height."""

# The error of the grid then stays under 2 % of the maximum.
_STEPS_PER_BANDWIDTH = 4
_M2_PER_KM2 = 1e6
# Less than this part of a kernel lies inside only for incidents well beyond the border, whose
# place is wrong; to raise what they add would spread the error.
_LEAST_PART = 0.05
_COARSE = 64
"""Meshes along a map's side whose corners are converted exactly, all else between them."""


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


def frame_for(extent: Extent, radius_m: float) -> Frame:
    """The nodes that estimates inside an extent are computed from."""
    return Frame.over(widened(extent, radius_m), lattice_step_m(radius_m / _STEPS_PER_BANDWIDTH))


def kept_frame(extent: Extent, least_radius_m: float, most_radius_m: float) -> Frame:
    """The nodes to count incidents at, once for all bandwidths of a range."""
    step_m = lattice_step_m(least_radius_m / _STEPS_PER_BANDWIDTH)
    return Frame.over(widened(extent, most_radius_m), step_m)


def widened(extent: Extent, radius_m: float) -> Extent:
    """An extent with all around it that kernels of a bandwidth reach it from."""
    west_m, south_m, east_m, north_m = extent
    margin_m = REACH_BANDWIDTHS * radius_m
    return (west_m - margin_m, south_m - margin_m, east_m + margin_m, north_m + margin_m)


@dataclass(frozen=True)
class Edge:
    """What part of the kernel around each node of a frame lies inside an area.

    Attributes:
        part: 0 to 1, shape as of the frame.
    """

    frame: Frame
    radius_m: float
    part: NDArray[np.float32]

    @classmethod
    def along(cls, area: BaseGeometry, frame: Frame, radius_m: float) -> Edge:
        """Measure it, for an area in the plane of the frame."""
        steps = radius_m / frame.step_m
        # Kernels around the outermost nodes reach further than the nodes do.
        margin = math.ceil(REACH_BANDWIDTHS * steps)
        part = _spread(inside_share(area, frame.grown(margin)), steps)
        part = part[margin:-margin, margin:-margin]
        return cls(frame, radius_m, np.where(part < _LEAST_PART, 1.0, part).astype(np.float32))

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.part.nbytes


class Density:
    """Estimates over one set of incidents.

    With an edge given, nothing is spread over the border of its area: each incident's kernel is
    divided by the part of it that lies inside, so that the integral over the area is the number
    of its incidents and a border town is as dense as it is. Diggle, P. J. (1985), A kernel method
    for smoothing point process data, Applied Statistics 34, 138-147. Without one, what an
    incident adds beyond a border is missing inside.
    """

    def __init__(self, bins: Bins, frame: Frame, radius_m: float, edge: Edge | None = None) -> None:
        """Sum kernels on a grid.

        Args:
            bins: the incidents, on a lattice at least as fine as the frame's.
            frame: of ``frame_for``.
            radius_m: bandwidth, the standard deviation of the kernel.
            edge: of the same frame and bandwidth; ``None`` for no correction.
        """
        self.frame = frame
        # Counting by node spreads an incident, reading between the nodes does too, by a sixth of a
        # step's square on average; the kernel is narrowed by both.
        steps = radius_m / frame.step_m
        sigma = math.sqrt(max(steps**2 - 1 / 6 - 1 / 6, 1 / 12))
        counts = bins.on(frame)
        if edge is not None:
            counts /= edge.part
        self.per_km2 = _spread(counts, sigma) / frame.node_km2

    def at(self, x_m: Reals, y_m: Reals) -> Reals:
        """Read estimates off at places in the plane; zero beyond the frame.

        Beyond the border of an area they are what the kernels inside it would add: no estimates.
        """
        places = [self.frame.row(y_m), self.frame.column(x_m)]
        found: Reals = map_coordinates(self.per_km2, places, order=1, mode="constant")
        return found


def _pixels(
    area: BaseGeometry, corner: tuple[float, float], step: float, shape: tuple[int, int]
) -> Floats:
    """The share inside an area of squares counted from a south-western corner."""
    shifted = shapely.transform(area, lambda places: (places - corner) / step - 0.5)
    return inside_share(shifted, Frame(1.0, 0, 0, shape))


def _spread(values: Reals, sigma: float) -> Reals:
    """Convolve with a Gaussian; nothing lies beyond the grid."""
    spread: Reals = gaussian_filter(values, sigma, mode="constant", truncate=REACH_BANDWIDTHS)
    return spread


@dataclass(frozen=True)
class Plate:
    """The nodes of a picture that is regular in Web Mercator, as maps draw it.

    Attributes:
        bounds: edges of the picture, degrees (EPSG:4326).
        x_m, y_m: where the nodes lie in an equal-area plane, shape (height, width), row 0 in
            the north.
        inside: whether most of a node's square lies in the area shown.
    """

    bounds: Bounds
    x_m: Reals
    y_m: Reals
    inside: NDArray[np.bool_]

    @classmethod
    def of(cls, area: BaseGeometry, bounds: Bounds, measuring_crs: str, longest_side: int) -> Plate:
        """Lay out the picture of an area.

        Args:
            area: in Web Mercator.
            bounds: of the area, degrees.
            measuring_crs: an equal-area CRS in metres.
            longest_side: nodes along it.
        """
        west, south, east, north = bounds
        to_mercator = transformer(STORED_CRS, DISPLAY_CRS)
        (left, right), (bottom, top) = to_mercator.transform([west, east], [south, north])
        step = max(right - left, top - bottom) / longest_side
        rows, columns = max(1, round((top - bottom) / step)), max(1, round((right - left) / step))
        pixels = _pixels(area, (left, bottom), step, (rows, columns))
        x = np.linspace(left, right, _COARSE + 1)
        y = np.linspace(bottom, top, _COARSE + 1)
        corners = transformer(DISPLAY_CRS, measuring_crs).transform(*np.meshgrid(x, y))
        nodes = np.meshgrid(
            (np.arange(rows)[::-1] + 0.5) / rows * _COARSE,
            (np.arange(columns) + 0.5) / columns * _COARSE,
            indexing="ij",
        )
        x_m, y_m = (
            map_coordinates(corner, nodes, order=1, mode="nearest").astype(np.float32)
            for corner in corners
        )
        return cls(bounds, x_m, y_m, pixels[::-1] >= 0.5)

    @property
    def extent(self) -> Extent:
        """The box in the plane that holds all nodes."""
        x_m, y_m = self.x_m, self.y_m
        return float(x_m.min()), float(y_m.min()), float(x_m.max()), float(y_m.max())

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.x_m.nbytes + self.y_m.nbytes + self.inside.nbytes

    def read(self, density: Density) -> NDArray[np.float32]:
        """Read a density off at the nodes inside the area; zero beyond them.

        Returns:
            Incidents per km², shape (height, width).
        """
        found = np.zeros(self.inside.shape, np.float32)
        found[self.inside] = density.at(self.x_m[self.inside], self.y_m[self.inside])
        return found
