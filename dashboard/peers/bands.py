"""Bands of size: areas of one kind are compared with those of about as many people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboard.counts import Floats

BANDS = ("small", "medium", "large")
LEAST_FOR_BANDS = 9
"""Fewer areas of a kind are not divided: three of each size are the least to compare."""


def size_bands(people: Floats) -> NDArray[np.int8] | None:
    """Divide n areas into thirds by size; areas of the same size stay together.

    Args:
        people: n numbers above zero.

    Returns:
        n indices into ``BANDS``; ``None`` where they are not divided, because they are too few
        or so alike that a band would hold fewer than two.
    """
    if len(people) < LEAST_FOR_BANDS:
        return None
    limits = np.quantile(people, [1 / 3, 2 / 3])
    bands = np.searchsorted(limits, people, side="left").astype(np.int8)
    return bands if (np.bincount(bands, minlength=len(BANDS)) > 1).all() else None
