"""By how much two shares differ, and how sure that is.

Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions:
comparison of eleven methods, Statistics in Medicine 17, 873-890, method 10: the limits of each
share after Wilson, E. B. (1927), put together. It holds for small numbers, for 0 % and 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import nan, sqrt

from scipy.stats import norm

from geo.rates import CONFIDENCE


@dataclass(frozen=True)
class Difference:
    """One share less another.

    Attributes:
        by: -1 to 1; ``NaN`` where one of the shares is of nothing.
        low, high: limits of the interval.
    """

    by: float
    low: float
    high: float

    @property
    def is_distinct(self) -> bool:
        """Whether chance does not explain the difference: the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


def share_difference(
    hits: int, trials: int, other_hits: int, other_trials: int, confidence: float = CONFIDENCE
) -> Difference:
    """Subtract ``other_hits / other_trials`` from ``hits / trials``, independent of each other."""
    if trials <= 0 or other_trials <= 0:
        return Difference(nan, nan, nan)
    own, other = hits / trials, other_hits / other_trials
    low, high = wilson(hits, trials, confidence)
    other_low, other_high = wilson(other_hits, other_trials, confidence)
    by = own - other
    return Difference(
        by,
        by - sqrt((own - low) ** 2 + (other_high - other) ** 2),
        by + sqrt((high - own) ** 2 + (other - other_low) ** 2),
    )


def wilson(hits: int, trials: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """The score interval of a share, by Wilson; ``trials`` above zero."""
    z = float(norm.ppf(0.5 + confidence / 2))
    share = hits / trials
    middle = share + z * z / (2 * trials)
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
