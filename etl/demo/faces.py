"""Clip cells to their county and see which touch which, exactly."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from etl.demo.plane import Area, Points


@dataclass(frozen=True)
class Contacts:
    """Pairs of polygons that share a border, each pair once with a < b."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    length: NDArray[np.float64]
    """Length of the shared border, in the units of the coordinates."""


def clip(regions: NDArray[np.object_], seeds: Points, county: Area) -> NDArray[np.object_]:
    """Clip regions to the county; what is cut off from its seed joins a neighbour.

    Args:
        regions: n polygons in degrees that cover the county, whose crossings with its
            border are corners of both.
        seeds: the points (n, 2) they grew from, all inside the county.
        county: its polygon.

    Returns:
        n polygons; a cell has several parts only where the county has.
    """
    shapely.prepare(county)
    inside = shapely.contains_properly(county, regions)
    clipped = regions.copy()
    clipped[~inside] = shapely.intersection(regions[~inside], county)
    faces, cell = shapely.get_parts(clipped, return_index=True)
    solid = shapely.area(faces) > 0
    faces, cell = faces[solid], cell[solid]
    owner = _adopt(faces, cell, _home(faces, cell, seeds))
    order = np.argsort(owner, kind="stable")
    return merge(faces[order], owner[order], len(regions))


def merge(
    polygons: NDArray[np.object_], group: NDArray[np.int64], count: int
) -> NDArray[np.object_]:
    """Union the polygons of each group 0..count-1 of a coverage; ``group`` ascends.

    Only borders inside a group vanish, every other corner stays, so that the unions of
    a coverage are a coverage again.
    """
    edges = np.searchsorted(group, np.arange(count + 1))
    merged = np.empty(count, dtype=object)
    for i, (first, last) in enumerate(pairwise(edges)):
        merged[i] = (
            polygons[first]
            if last - first == 1
            else shapely.coverage_union_all(polygons[first:last])
        )
    return merged


def contacts(polygons: NDArray[np.object_]) -> Contacts:
    """Find the polygons of a coverage that share a piece of border."""
    points, owner = shapely.get_coordinates(polygons, return_index=True)
    _, number = np.unique(points.view(np.complex128).ravel(), return_inverse=True)
    rings = shapely.get_rings(shapely.get_parts(polygons))
    ring = np.repeat(np.arange(len(rings)), shapely.get_num_coordinates(rings))
    inner = np.flatnonzero(ring[:-1] == ring[1:])
    low = np.minimum(number[inner], number[inner + 1])
    high = np.maximum(number[inner], number[inner + 1])
    order = np.lexsort([high, low])
    low, high, piece = low[order], high[order], inner[order]
    twin = np.flatnonzero((low[:-1] == low[1:]) & (high[:-1] == high[1:]))
    length = np.hypot(*(points[piece[twin]] - points[piece[twin] + 1]).T)
    sides = np.sort(np.stack([owner[piece[twin]], owner[piece[twin + 1]]]), axis=0)
    pairs, which = np.unique(sides, axis=1, return_inverse=True)
    return Contacts(pairs[0], pairs[1], np.bincount(which, length, pairs.shape[1]).astype(float))


def _home(faces: NDArray[np.object_], cell: NDArray[np.int64], seeds: Points) -> NDArray[np.bool_]:
    """Mark the face of each cell that holds its seed, or else its largest one."""
    holds = shapely.contains_xy(faces, *seeds[cell].T)
    order = np.lexsort([-shapely.area(faces), ~holds, cell])
    _, first = np.unique(cell[order], return_index=True)
    home = np.zeros(len(faces), dtype=bool)
    home[order[first]] = True
    return home


def _adopt(
    faces: NDArray[np.object_], cell: NDArray[np.int64], home: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Give each homeless face to the neighbour it shares the longest border with.

    Faces that touch no other (an exclave smaller than a cell) stay with their cell.
    """
    owner = np.where(home, cell, -1)
    near = contacts(faces)
    a, b = np.concatenate([near.a, near.b]), np.concatenate([near.b, near.a])
    length = np.concatenate([near.length, near.length])
    while True:
        open_ = (owner[a] < 0) & (owner[b] >= 0)
        if not open_.any():
            return np.where(owner < 0, cell, owner)
        face, neighbour = a[open_], b[open_]
        order = np.lexsort([length[open_], face])
        _, last = np.unique(face[order][::-1], return_index=True)
        best = order[::-1][last]
        owner[face[best]] = owner[neighbour[best]]
