"""How large a share is, and how sure that is.

Clopper, C. J. & Pearson, E. S. (1934), The use of confidence or fiducial limits illustrated in
the case of the binomial, Biometrika 26, 404-413.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import beta

from geo.rates import CONFIDENCE, Interval


def share_interval(hits: ArrayLike, trials: ArrayLike, confidence: float = CONFIDENCE) -> Interval:
    """The exact interval of n shares ``hits / trials``; 0 to 1 where there is no trial."""
    own, all_ = (np.asarray(part, np.float64) for part in (hits, trials))
    missed, tail = all_ - own, (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        # A quantile of beta is undefined where nothing, or everything, is a hit.
        low = np.where(own > 0, beta.ppf(tail, own, missed + 1), 0.0)
        high = np.where(missed > 0, beta.ppf(1 - tail, own + 1, missed), 1.0)
    return Interval(low, high)
