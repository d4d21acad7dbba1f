"""Which place areas take when ordered by their rates, and how sure that place is.

An area's place lies between one more than the number of those certainly above it and what is
left when those certainly below it are taken away. Which ones are certain is decided by the exact
comparison of each pair of Poisson counts (see ``geo.ratios``), at a level divided among all
comparisons of one area, so that its interval holds its true place with the confidence asked for:
Mogstad, M., Romano, J. P., Shaikh, A. M. & Wilhelm, D. (2024), Inference for ranks with
applications to mobility across neighbourhoods and academic achievement across countries, Review
of Economic Studies 91, 476-518 (their intervals of one rank, with exact tests and Bonferroni's
correction). Unlike the quantiles of simulated ranks of Goldstein, H. & Spiegelhalter, D. J.
(1996), Journal of the Royal Statistical Society A 159, 385-443, such an interval does not grow
too narrow where rates are equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, rankdata

from geo.crs import Floats
from geo.rates import CONFIDENCE

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Ranks:
    """The places of k areas among n; the first has the highest rate.

    Attributes:
        observed: by the rates as they are; equal rates share the first of their places.
        low, high: first and last place of the interval.
    """

    observed: Places
    low: Places
    high: Places


def rank_intervals(
    counts: NDArray[np.number],
    exposures: Floats,
    of: NDArray[np.integer] | None = None,
    confidence: float = CONFIDENCE,
) -> Ranks:
    """Order n areas by ``counts / exposures``, each with the interval of its place.

    Args:
        counts: n Poisson counts.
        exposures: n numbers of people, days or the like, all above zero.
        of: positions of the k areas whose places are asked for; all of them by default.
        confidence: that the interval of one area holds its true place.
    """
    observed = np.asarray(counts, np.float64)
    own = np.arange(len(observed)) if of is None else np.asarray(of)
    pairs = max(1, len(observed) - 1)
    tail = (1 - confidence) / 2 / pairs
    first, second = observed[own][:, None], observed[None, :]
    share = exposures[own][:, None] / (exposures[own][:, None] + exposures[None, :])
    together = first + second
    # Of the incidents of both, so many or more (fewer) fell to the first if the rates are equal.
    below: NDArray[np.bool_] = np.asarray(binom.sf(first - 1, together, share)) <= tail
    above: NDArray[np.bool_] = np.asarray(binom.cdf(first, together, share)) <= tail
    places = rankdata(-(observed / exposures), method="min").astype(np.int64)
    return Ranks(places[own], 1 + above.sum(axis=1), len(observed) - below.sum(axis=1))
