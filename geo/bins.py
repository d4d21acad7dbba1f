"""Incidents counted on a regular lattice in an equal-area plane, once, for any smoothing later.

The lattice is the same whatever area is looked at: its steps are powers of two of a metre and its
nodes lie at whole multiples of a step from the plane's origin. So the same incidents count at the
same nodes for a county and for its province, and what a coarser lattice would count follows from
the counts of a finer one without a look at the incidents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import Floats

Reals = NDArray[np.float32] | NDArray[np.float64]

Extent = tuple[float, float, float, float]
"""West, south, east and north in metres."""

MAX_NODES = 8_000_000
_SCANS = 4
"""Lines along which a square's share inside an area is measured; exact along each."""


def lattice_step_m(most_m: float) -> float:
    """The largest step of a lattice that is not above a length."""
    return float(2.0 ** math.floor(math.log2(most_m)))


@dataclass(frozen=True)
class Frame:
    """A part of a lattice; each node stands for the square around it.

    Attributes:
        step_m: from node to node.
        south, west: the first row and column, in steps from the plane's origin.
        shape: rows and columns.
    """

    step_m: float
    south: int
    west: int
    shape: tuple[int, int]

    @classmethod
    def over(cls, extent: Extent, step_m: float) -> Frame:
        """The nodes whose squares cover an extent, and one more all around.

        Where they are too many to be kept in memory, those of the finest coarser lattice that
        are not.
        """
        west_m, south_m, east_m, north_m = extent
        west, south = math.floor(west_m / step_m), math.floor(south_m / step_m)
        rows = math.ceil(north_m / step_m) - south + 1
        columns = math.ceil(east_m / step_m) - west + 1
        if rows * columns > MAX_NODES:
            return cls.over(extent, 2 * step_m)
        return cls(step_m, south, west, (rows, columns))

    def row(self, y_m: Reals) -> Reals:
        """Rows, with fractions."""
        return y_m / self.step_m - self.south

    def column(self, x_m: Reals) -> Reals:
        """Columns, with fractions."""
        return x_m / self.step_m - self.west

    def coarser(self) -> Frame:
        """The nodes of the lattice of twice the step that ours have a share in."""
        south, west = self.south // 2, self.west // 2
        rows = -(-(self.south + self.shape[0] - 1) // 2) - south + 1
        columns = -(-(self.west + self.shape[1] - 1) // 2) - west + 1
        return Frame(2 * self.step_m, south, west, (rows, columns))

    def grown(self, steps: int) -> Frame:
        """The frame with more nodes on every side."""
        rows, columns = self.shape
        shape = (rows + 2 * steps, columns + 2 * steps)
        return Frame(self.step_m, self.south - steps, self.west - steps, shape)

    @property
    def node_km2(self) -> float:
        """Area of a node's square."""
        return self.step_m**2 / 1e6


@dataclass(frozen=True)
class Bins:
    """Incidents by node of a frame, of the nodes that have any.

    Each incident is shared among the four nodes around it, the nearer the more, so that its place
    is kept on average. That spreads it by a sixth of a step's square along each axis on average.

    Attributes:
        frame: where the nodes lie.
        node: of each node that has any, row * columns + column; ascending.
        count: of each of these, the incidents, with fractions.
    """

    frame: Frame
    node: NDArray[np.int32]
    count: NDArray[np.float32]

    @classmethod
    def of(cls, x_m: Floats, y_m: Floats, frame: Frame) -> Bins:
        """Count n points; those beyond the outermost nodes do not count.

        Args:
            x_m: n eastings in the plane.
            y_m: n northings.
            frame: where to count.
        """
        row, column = frame.row(np.asarray(y_m, float)), frame.column(np.asarray(x_m, float))
        rows, columns = frame.shape
        inside = (row >= 0) & (row < rows - 1) & (column >= 0) & (column < columns - 1)
        counts = _shared(row[inside], column[inside], frame.shape)
        node = np.flatnonzero(counts)
        return cls(frame, node.astype(np.int32), counts[node].astype(np.float32))

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.node.nbytes + self.count.nbytes

    def on(self, frame: Frame) -> NDArray[np.float32]:
        """Tell the incidents at the nodes of a frame of the same or a coarser lattice.

        They are exactly those that counting the points there would find: the share of a node of
        twice the step in a point is the sum of the shares of the nodes at and half beside it.

        Returns:
            Counts, shape as of ``frame``; zero where our own frame does not reach.

        Raises:
            ValueError: the frame is of a finer lattice.
        """
        if frame.step_m < self.frame.step_m:
            raise ValueError(f"counted every {self.frame.step_m:g} m, not {frame.step_m:g} m")
        own = self.frame
        counts: NDArray[Any] = np.zeros(own.shape, np.float32)
        counts.ravel()[self.node] = self.count
        while own.step_m < frame.step_m:
            counts, own = _coarser(counts, own), own.coarser()
        return _cut(counts, own, frame)


def _coarser(counts: NDArray[Any], frame: Frame) -> NDArray[Any]:
    """The counts at the nodes of ``frame.coarser()``."""
    for axis, first in enumerate((frame.south, frame.west)):
        size = frame.coarser().shape[axis]
        # From the odd node before the first even one to the odd node after the last.
        before = 1 + first % 2
        after = 2 * size + 1 - before - counts.shape[axis]
        pad = [(0, 0), (0, 0)]
        pad[axis] = (before, after)
        fine = np.moveaxis(np.pad(counts, pad), axis, 0)
        counts = np.moveaxis(fine[1::2] + (fine[:-1:2] + fine[2::2]) / 2, 0, axis)
    return counts


def _cut(counts: Reals, own: Frame, wanted: Frame) -> NDArray[np.float32]:
    found = np.zeros(wanted.shape, np.float32)
    taken, put = [], []
    for first, size, other, room in (
        (own.south, own.shape[0], wanted.south, wanted.shape[0]),
        (own.west, own.shape[1], wanted.west, wanted.shape[1]),
    ):
        low, high = max(first, other), min(first + size, other + room)
        taken.append(slice(low - first, max(low, high) - first))
        put.append(slice(low - other, max(low, high) - other))
    found[tuple(put)] = counts[tuple(taken)]
    return found


def inside_share(area: BaseGeometry, frame: Frame) -> Floats:
    """How much of each node's square lies in an area, 0 to 1.

    Measured exactly along a few lines of each row. A line enters and leaves the area where it
    crosses an edge; to the east of an edge everything is counted in or out again, and the sum
    over all edges is what is left.

    Args:
        area: polygons in the plane of the frame, valid.
        frame: the nodes.
    """
    rows, columns = frame.shape
    line, at, way = _crossings(area, frame)
    at = np.clip(at, 0, columns)
    column = at.astype(np.intp)
    beyond = at - column
    first = line // _SCANS * (columns + 2) + column
    size = rows * (columns + 2)
    entered = np.bincount(first, way * (1 - beyond), size)
    entered += np.bincount(first + 1, way * beyond, size)
    share = np.cumsum(entered.reshape(rows, columns + 2), axis=1)[:, :columns] / _SCANS
    # A sum of many fractions is off by their rounding.
    clipped: Floats = np.clip(np.round(share, 9), 0.0, 1.0)
    return clipped


def _crossings(area: BaseGeometry, frame: Frame) -> tuple[NDArray[np.intp], Floats, Floats]:
    """Where scan lines cross the edges of an area.

    Returns:
        For each crossing its line, counted from the south; where along it, in columns; and 1
        where the area lies to the east of the edge, -1 where to the west.
    """
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(area)))
    places, ring = shapely.get_coordinates(rings, return_index=True)
    # From the south-western corner of the first node's square.
    x = frame.column(places[:, 0]) + 0.5
    y = (frame.row(places[:, 1]) + 0.5) * _SCANS
    edge = np.flatnonzero(ring[1:] == ring[:-1])
    low, high = np.minimum(y[edge], y[edge + 1]), np.maximum(y[edge], y[edge + 1])
    # Line i runs at i + 0.5; one through a corner belongs to the edge above it alone.
    first = np.clip(np.ceil(low - 0.5), 0, frame.shape[0] * _SCANS).astype(np.intp)
    last = np.clip(np.ceil(high - 0.5), 0, frame.shape[0] * _SCANS).astype(np.intp)
    times = last - first
    of_edge = np.repeat(edge, times)
    line = np.arange(times.sum()) + np.repeat(first - (np.cumsum(times) - times), times)
    rise = y[of_edge + 1] - y[of_edge]
    at = x[of_edge] + (line + 0.5 - y[of_edge]) / rise * (x[of_edge + 1] - x[of_edge])
    # Outer rings run counterclockwise: down along their western side.
    return line, at, np.where(rise < 0, 1.0, -1.0)


def _shared(row: Reals, column: Reals, shape: tuple[int, int]) -> Floats:
    """Share points, none in the last row or column, among the nodes around them; flat."""
    rows, columns = shape
    south, west = row.astype(np.intp), column.astype(np.intp)
    node = south * columns + west
    north_share, east_share = row - south, column - west
    south_share = 1 - north_share
    size = rows * columns
    sums = np.bincount(node, south_share * (1 - east_share), size).astype(np.float64)
    sums += np.bincount(node + 1, south_share * east_share, size)
    sums += np.bincount(node + columns, north_share * (1 - east_share), size)
    sums += np.bincount(node + columns + 1, north_share * east_share, size)
    return sums
