"""Who is whose neighbour: binary weights as sparse matrices, the area itself included."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.spatial import KDTree

from geo.crs import Floats

Weights = csr_array


def touching(polygons: NDArray[np.object_]) -> Weights:
    """Areas that share a border or a corner ("queen"), and each area itself.

    Args:
        polygons: n polygons of one coverage, in one CRS.

    Returns:
        n x n ones. Symmetric.
    """
    first, second = shapely.STRtree(polygons).query(polygons, predicate="intersects")
    return _symmetric(first, second, len(polygons))


def within(x_m: Floats, y_m: Floats, radius_m: float) -> Weights:
    """Areas whose centres lie within a radius of each other, and each area itself.

    Args:
        x_m: n eastings of centres in a plane in metres.
        y_m: n northings.
        radius_m: the largest distance, inclusive.
    """
    pairs = KDTree(np.column_stack([x_m, y_m])).query_pairs(radius_m, output_type="ndarray")
    return _symmetric(pairs[:, 0], pairs[:, 1], len(x_m))


def _symmetric(first: NDArray[np.intp], second: NDArray[np.intp], size: int) -> Weights:
    itself = np.arange(size)
    rows = np.concatenate([first, second, itself])
    columns = np.concatenate([second, first, itself])
    found = csr_array((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    found.data[:] = 1.0
    return found
