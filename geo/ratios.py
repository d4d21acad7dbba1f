"""How many times as high one rate is as another, and how sure that is.

Given how many incidents two Poisson counts have together, the first one is binomial: the share
p of the first has an exact interval, and p / (1 - p) times the exposures gives the ratio's.
Przyborowski, J. and Wilenski, H. (1940), Homogeneity of results in testing samples from Poisson
series, Biometrika 31, 313-323; Clopper, C. J. and Pearson, E. S. (1934), The use of confidence
or fiducial limits illustrated in the case of the binomial, Biometrika 26, 404-413.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta, binom

from geo.crs import Floats
from geo.rates import CONFIDENCE


@dataclass(frozen=True)
class Ratio:
    """One rate divided by another.

    Attributes:
        ratio: infinite where only the second count is zero, ``NaN`` where both are.
        low, high: limits of the interval, exact where ``rate_ratio`` gives them; 0 and infinity
            where nothing is known.
        p: two-sided probability of so large a difference by chance; it lies below
            1 - confidence just where the interval leaves out 1 (``rate_ratio`` doubles the
            smaller tail for that).
    """

    ratio: float
    low: float
    high: float
    p: float

    @property
    def is_distinct(self) -> bool:
        """Whether chance does not explain the difference: the interval leaves out 1."""
        return self.low > 1.0 or self.high < 1.0


@dataclass(frozen=True)
class Ratios:
    """The same of n pairs of rates, as arrays."""

    ratio: Floats
    low: Floats
    high: Floats
    p: Floats

    @property
    def is_distinct(self) -> NDArray[np.bool_]:
        """Where chance does not explain the difference."""
        distinct: NDArray[np.bool_] = (self.low > 1.0) | (self.high < 1.0)
        return distinct


def rate_ratio(
    count: float,
    other: float,
    exposure: float = 1.0,
    other_exposure: float = 1.0,
    confidence: float = CONFIDENCE,
) -> Ratio:
    """Divide ``count / exposure`` by ``other / other_exposure``.

    Args:
        count: incidents.
        other: incidents it is compared with, a Poisson count of its own.
        exposure: what ``count`` is counted over (days, people), above zero.
        other_exposure: the same of ``other``.
        confidence: of the interval, which is never narrower than that.
    """
    found = rate_ratios(count, other, exposure, other_exposure, confidence)
    return Ratio(*(float(part) for part in (found.ratio, found.low, found.high, found.p)))


def rate_ratios(
    counts: ArrayLike,
    others: ArrayLike,
    exposures: ArrayLike = 1.0,
    other_exposures: ArrayLike = 1.0,
    confidence: float = CONFIDENCE,
) -> Ratios:
    """Divide n rates by n others; exposures that are zero or unknown give ``NaN`` throughout."""
    first, second, own, their = np.broadcast_arrays(
        *(np.asarray(part, np.float64) for part in (counts, others, exposures, other_exposures))
    )
    scale = np.where((own > 0) & (their > 0), their, np.nan) / np.where(own > 0, own, np.nan)
    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        # A quantile of beta is undefined where a count is zero: the limit is the end then.
        low = np.where(first > 0, beta.ppf(tail, first, second + 1), 0.0)
        high = np.where(second > 0, beta.ppf(1 - tail, first + 1, second), 1.0)
        return Ratios(
            first / second * scale,
            low / (1 - low) * scale,
            high / (1 - high) * scale,
            _two_sided(first, second, scale),
        )


def by_chance(counts: ArrayLike, others: ArrayLike) -> Floats:
    """Return the probabilities ``p`` of n ratios of counts over equal exposures, and no more."""
    first, second = (np.asarray(part, np.float64) for part in (counts, others))
    with np.errstate(invalid="ignore"):
        return _two_sided(first, second, np.ones_like(first))


def _two_sided(first: Floats, second: Floats, scale: Floats) -> Floats:
    """Twice the smaller tail of the binomial with the share that equal rates would give."""
    share = 1 / (1 + scale)
    together = first + second
    tails = binom.cdf(first, together, share), binom.sf(first - 1, together, share)
    p: Floats = np.minimum(1.0, 2 * np.minimum(*tails))
    return np.where(together > 0, p, np.where(np.isnan(scale), np.nan, 1.0))
