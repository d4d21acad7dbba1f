"""Whether series rise or fall: the Mann-Kendall test, for many series at once.

Mann, H. B. (1945), Nonparametric tests against trend, Econometrica 13, 245-259; Kendall, M. G.
(1975), Rank Correlation Methods. The variance is corrected for ties, the score for continuity.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from geo.crs import Floats


@dataclass(frozen=True)
class Trends:
    """The test of n series.

    Attributes:
        z: standard scores; positive where the series rises.
        p: two-sided probabilities of so clear a trend by chance.
    """

    z: Floats
    p: Floats


def mann_kendall(series: NDArray[np.number]) -> Trends:
    """Test n series of t values in order of time, shape (n, t); t values alike have no trend."""
    values = np.asarray(series)
    steps = values.shape[1]
    rises = np.zeros(len(values), np.int64)
    for later in range(1, steps):
        rises += np.sign(values[:, later, None] - values[:, :later]).sum(axis=1).astype(np.int64)
    variance = (steps * (steps - 1) * (2 * steps + 5) - _of_ties(values)) / 18
    z = np.zeros(len(values))
    np.divide(rises - np.sign(rises), np.sqrt(variance), out=z, where=variance > 0)
    return Trends(z, 2 * norm.sf(np.abs(z)))


def _of_ties(values: NDArray[np.number]) -> NDArray[np.int64]:
    """What values that occur m times take from the variance: m(m-1)(2m+5), summed."""
    ordered = np.sort(values, axis=1)
    count, steps = ordered.shape
    taken = np.zeros(count, np.int64)
    run = np.ones(count, np.int64)
    for step in range(1, steps + 1):
        ends = ordered[:, step] != ordered[:, step - 1] if step < steps else np.ones(count, bool)
        taken += np.where(ends, run * (run - 1) * (2 * run + 5), 0)
        run = np.where(ends, 1, run + 1)
    return taken
