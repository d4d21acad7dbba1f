"""What chance does not explain when many things are tested at once.

Benjamini, Y. & Hochberg, Y. (1995), Controlling the false discovery rate, Journal of the Royal
Statistical Society B 57, 289-300.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import false_discovery_control

FALSE_DISCOVERIES = 0.05
"""The share of things found that may be so by chance."""


def beyond_chance(p: ArrayLike, false_discoveries: float = FALSE_DISCOVERIES) -> NDArray[np.bool_]:
    """Tell which of n tests found something.

    Args:
        p: n probabilities by chance; ``NaN`` where nothing could be tested, which finds nothing
            and counts for no test.
        false_discoveries: the share of those found that may be wrong.
    """
    chances = np.asarray(p, np.float64)
    known = np.isfinite(chances)
    found = np.zeros(len(chances), np.bool_)
    if known.any():
        found[known] = false_discovery_control(chances[known]) <= false_discoveries
    return found
