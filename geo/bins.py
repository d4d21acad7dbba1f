"""Incidents counted on a regular grid in an equal-area plane, once, for any smoothing later."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.crs import Floats

Extent = tuple[float, float, float, float]
"""West, south, east and north in metres."""

MAX_NODES = 4_000_000
_SAMPLES = 3
"""Along each side of a node's square, to see how much of it lies inside an area."""


@dataclass(frozen=True)
class Frame:
    """Where the nodes of a grid lie: row r and column c at the middle of a square.

    Attributes:
        west_m, south_m: edges of the grid in the plane.
        step_m: side of a square.
        shape: rows and columns.
    """

    west_m: float
    south_m: float
    step_m: float
    shape: tuple[int, int]

    @classmethod
    def over(cls, extent: Extent, step_m: float) -> Frame:
        """The smallest grid of whole squares that covers an extent."""
        west_m, south_m, east_m, north_m = extent
        rows = max(1, math.ceil((north_m - south_m) / step_m))
        columns = max(1, math.ceil((east_m - west_m) / step_m))
        return cls(west_m, south_m, step_m, (rows, columns))

    def row(self, y_m: Floats) -> Floats:
        """Rows, with fractions; a node's middle has a whole number."""
        return (y_m - self.south_m) / self.step_m - 0.5

    def column(self, x_m: Floats) -> Floats:
        """Columns, with fractions."""
        return (x_m - self.west_m) / self.step_m - 0.5

    def coarser(self, times: int) -> Frame:
        """The frame whose squares are made of ``times`` x ``times`` of ours."""
        rows, columns = (-(-side // times) for side in self.shape)
        return Frame(self.west_m, self.south_m, self.step_m * times, (rows, columns))

    @property
    def node_km2(self) -> float:
        """Area of a node's square."""
        return self.step_m**2 / 1e6


@dataclass(frozen=True)
class Bins:
    """Incidents by node.

    Attributes:
        frame: where the nodes lie.
        counts: incidents by node, shape as of the frame; they sum to the incidents given.
        variance: how far counting by node spreads an incident along an axis, in squares of a step.
    """

    frame: Frame
    counts: Floats
    variance: float = 1 / 6

    @classmethod
    def around(cls, x_m: Floats, y_m: Floats, step_m: float, margin_m: float) -> Bins:
        """Count points on a grid of their own, with a margin; coarser if need be for memory."""
        if not len(x_m):
            return cls(Frame(0.0, 0.0, step_m, (1, 1)), np.zeros((1, 1)))
        extent = (
            float(x_m.min()) - margin_m,
            float(y_m.min()) - margin_m,
            float(x_m.max()) + margin_m,
            float(y_m.max()) + margin_m,
        )
        return cls.of(x_m, y_m, Frame.over(extent, bounded_step_m(extent, step_m)))

    @classmethod
    def of(cls, x_m: Floats, y_m: Floats, frame: Frame) -> Bins:
        """Share each point among the four nodes around it, the nearer the more.

        So its place is kept on average, not to the next node alone. Points beyond the frame
        count at its edge.

        Args:
            x_m: n eastings in the plane.
            y_m: n northings.
            frame: where to count.
        """
        return cls(frame, _shared(frame.row(y_m), frame.column(x_m), frame.shape))

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.counts.nbytes

    def coarser(self, times: int) -> Bins:
        """The same incidents in larger squares."""
        if times == 1:
            return self
        frame = self.frame.coarser(times)
        rows, columns = frame.shape
        blocks = np.zeros((rows * times, columns * times))
        blocks[: self.counts.shape[0], : self.counts.shape[1]] = self.counts
        summed: Floats = blocks.reshape(rows, times, columns, times).sum(axis=(1, 3))
        return Bins(frame, summed, (self.variance + (times**2 - 1) / 12) / times**2)


def bounded_step_m(extent: Extent, step_m: float) -> float:
    """The step wished for, or the finest at which a grid over the extent takes bounded memory."""
    west_m, south_m, east_m, north_m = extent
    return max(step_m, math.sqrt((east_m - west_m) * (north_m - south_m) / MAX_NODES))


def inside_share(area: BaseGeometry, frame: Frame) -> Floats:
    """How much of each node's square lies in an area, 0 to 1, sampled at nine places.

    Args:
        area: in the plane of the frame.
        frame: the nodes.
    """
    shapely.prepare(area)
    offsets = (np.arange(_SAMPLES) + 0.5) / _SAMPLES * frame.step_m
    rows, columns = frame.shape
    x_m = frame.west_m + np.arange(columns) * frame.step_m
    y_m = frame.south_m + np.arange(rows) * frame.step_m
    share = np.zeros(frame.shape)
    for north_m in offsets:
        for east_m in offsets:
            share += shapely.contains_xy(area, *np.meshgrid(x_m + east_m, y_m + north_m))
    return share / _SAMPLES**2


def _shared(row: Floats, column: Floats, shape: tuple[int, int]) -> Floats:
    rows, columns = shape
    row, column = np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)
    south, west = row.astype(np.intp), column.astype(np.intp)
    north_share, east_share = row - south, column - west
    north = np.minimum(south + 1, rows - 1) * columns
    south = south * columns
    east = np.minimum(west + 1, columns - 1)
    sums: Floats = np.zeros(rows * columns)
    sums += np.bincount(south + west, (1 - north_share) * (1 - east_share), rows * columns)
    sums += np.bincount(south + east, (1 - north_share) * east_share, rows * columns)
    sums += np.bincount(north + west, north_share * (1 - east_share), rows * columns)
    sums += np.bincount(north + east, north_share * east_share, rows * columns)
    shared: Floats = sums.reshape(shape)
    return shared
