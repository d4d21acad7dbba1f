"""Number cells within their village: rows from north to south, each from west to east."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


def number_cells(polygons: NDArray[np.object_], village: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the cells of each village from 1.

    A village of n cells has about √n rows of equally many cells by latitude; ties go to
    the cell given first.

    Args:
        polygons: n cells in degrees.
        village: the village of each, 0, 1, ….

    Returns:
        n numbers, 1 … cells of the village.
    """
    centre = shapely.get_coordinates(shapely.centroid(polygons))
    size = np.bincount(village)
    rank = _rank(village, [-centre[:, 1]])
    rows = np.round(np.sqrt(size)).astype(np.int64)
    row = rank * rows[village] // size[village]
    return _rank(village, [centre[:, 0], row]) + 1


def _rank(group: NDArray[np.int64], keys: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Rank each item within its group by keys, the last one first; from 0."""
    order = np.lexsort([*keys, group])
    start = np.cumsum(np.bincount(group)) - np.bincount(group)
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - start[group[order]]
    return rank
