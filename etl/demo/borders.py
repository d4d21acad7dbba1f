"""Where cell lines meet a border that two counties share, both get the same corner."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from etl.demo.plane import Area, Points
from etl.demo.tessellation import Ridges

Corners = dict[bytes, list[Points]]
"""Corners to add, in order, by the straight piece of border (its four numbers as bytes)."""


@dataclass(frozen=True)
class Crossings:
    """Where the lines of a county's cells cross its border, n of them, in degrees."""

    piece: NDArray[np.float64]
    """The straight piece of border crossed, lower end first: (n, 4) x0 y0 x1 y1."""
    place: NDArray[np.float64]
    """How far along the piece, 0..1."""
    points: Points


def cross(ridges: Ridges, county: Area) -> tuple[Ridges, Crossings]:
    """Cut the ridges at the county's border.

    Args:
        ridges: lines in degrees.
        county: its polygon in degrees.

    Returns:
        The ridges with a point added at each crossing, and the crossings, which the
        border must then get too (`add_corners`), on both of its sides.
    """
    border = _pieces(county)
    tree = shapely.STRtree(np.asarray(shapely.linestrings(border.reshape(-1, 2, 2))))
    inner = np.flatnonzero(ridges.owner[:-1] == ridges.owner[1:])
    lines = shapely.linestrings(np.stack([ridges.points[inner], ridges.points[inner + 1]], axis=1))
    line, piece = tree.query(lines, predicate="intersects")
    a, b = border[piece, :2], border[piece, 2:]
    p, q = ridges.points[inner[line]], ridges.points[inner[line] + 1]
    scale = _wedge(b - a, q - p)
    place, share = _wedge(p - a, q - p) / scale, _wedge(p - a, b - a) / scale
    points = a + place[:, None] * (b - a)
    return _insert(ridges, inner[line] + share, points), Crossings(border[piece], place, points)


def corners_of(crossings: Iterable[Crossings]) -> Corners:
    """Collect the crossings of all counties by the piece of border they lie on."""
    parts = list(crossings)
    piece = np.concatenate([part.piece for part in parts])
    place = np.concatenate([part.place for part in parts])
    points = np.concatenate([part.points for part in parts])
    order = np.lexsort([place, *piece.T])
    found: Corners = {}
    for key, point in zip(piece[order], points[order], strict=True):
        found.setdefault(key.tobytes(), []).append(point)
    return found


def add_corners(county: Area, corners: Corners) -> Area:
    """Give a county's border the corners of all counties that lie on it.

    Two counties that share a piece of border get the same corners, so they still match.

    Args:
        county: polygon in degrees.
        corners: those elsewhere are ignored.
    """
    polygons = [
        shapely.Polygon(
            _densified(part.exterior, corners),
            [_densified(hole, corners) for hole in part.interiors],
        )
        for part in shapely.get_parts(county)
    ]
    return shapely.MultiPolygon(polygons) if len(polygons) > 1 else polygons[0]


def _densified(ring: shapely.LinearRing, found: Corners) -> Points:
    corners = shapely.get_coordinates(ring)
    grown: list[Points] = []
    for a, b in pairwise(corners):
        forward = tuple(a) < tuple(b)
        extra = found.get(np.concatenate([a, b] if forward else [b, a]).tobytes(), [])
        grown.extend([a, *(extra if forward else extra[::-1])])
    return np.array([*grown, corners[-1]])


def _pieces(county: Area) -> NDArray[np.float64]:
    """The straight pieces of all rings, lower end first, so that both sides agree."""
    rings = shapely.get_rings(shapely.get_parts(county))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.flatnonzero(ring[:-1] == ring[1:])
    a, b = points[inner], points[inner + 1]
    swapped = (a[:, 0] > b[:, 0]) | ((a[:, 0] == b[:, 0]) & (a[:, 1] > b[:, 1]))
    return np.where(swapped[:, None], np.hstack([b, a]), np.hstack([a, b]))


def _wedge(a: Points, b: Points) -> NDArray[np.float64]:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _insert(ridges: Ridges, where: NDArray[np.float64], points: Points) -> Ridges:
    """Insert points at fractional positions of ``ridges.points``."""
    position = np.concatenate([np.arange(len(ridges.points), dtype=float), where])
    owner = np.concatenate([ridges.owner, ridges.owner[where.astype(np.int64)]])
    order = np.lexsort([position, owner])
    counts = np.bincount(owner, minlength=len(ridges.sides))
    return replace(
        ridges,
        start=np.concatenate([[0], np.cumsum(counts)]),
        points=np.concatenate([ridges.points, points])[order],
    )
