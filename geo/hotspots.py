"""Where values cluster more than chance would have it: the local statistic Gi*.

Getis, A. & Ord, J. K. (1992), The analysis of spatial association by use of distance
statistics, Geographical Analysis 24, 189-206; in the standardised form of Ord & Getis (1995),
Geographical Analysis 27, 286-306. Of thousands of areas tested at once some look special by
chance: which ones count is decided by Benjamini, Y. & Hochberg, Y. (1995), Controlling the false
discovery rate, Journal of the Royal Statistical Society B 57, 289-300.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control, norm

from geo.chance import FALSE_DISCOVERIES
from geo.crs import Floats


@dataclass(frozen=True)
class Spots:
    """Gi* of n areas.

    Attributes:
        z: standard scores; high where high values lie together, 0 where all values are alike.
        p: two-sided probabilities of so extreme a score by chance, after the correction.
        kind: 1 hot, -1 cold, 0 neither.
    """

    z: Floats
    p: Floats
    kind: NDArray[np.int8]


def spots(
    values: Floats, weights: csr_array, false_discoveries: float = FALSE_DISCOVERIES
) -> Spots:
    """Find hot and cold spots.

    Args:
        values: of n areas, finite.
        weights: n x n ones and zeros, each area being its own neighbour.
        false_discoveries: the share of areas found that may be wrong.
    """
    z = scores(values, weights)
    p = false_discovery_control(2 * norm.sf(np.abs(z))) if len(z) else z
    kind = np.where(p <= false_discoveries, np.sign(z), 0).astype(np.int8)
    return Spots(z, p, kind)


def scores(values: Floats, weights: csr_array) -> Floats:
    """Standard scores of Gi*; 0 for all where all values, or all areas, are neighbours alike."""
    number = len(values)
    if number < 2:
        return np.zeros(number)
    neighbours = weights.sum(axis=1)
    mean = values.mean()
    expected = mean * neighbours
    # By the differences: the difference of sums of squares loses the digits of large values.
    variance = ((values - mean) ** 2).mean()
    spread = np.sqrt(variance * neighbours * (number - neighbours) / (number - 1))
    result = np.zeros(number)
    np.divide(weights @ values - expected, spread, out=result, where=spread > 0)
    return result
