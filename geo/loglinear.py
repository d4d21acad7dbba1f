"""Log-linear regression of counts that may scatter more than chance alone would have them.

McCullagh, P. and Nelder, J. A. (1989), Generalized Linear Models, 2nd edition, chapters 6 and 9:
Poisson regression by iteratively reweighted least squares; the variance is a multiple of the
mean (quasi-Poisson), estimated by Pearson's chi-square over the degrees of freedom and taken as
no less than 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.crs import Floats

_ROUNDS = 60
_TOLERANCE = 1e-10
_LOWEST = -30.0
"""Of a logarithm of an expectation: where a group has no incident at all, it falls for ever."""


@dataclass(frozen=True)
class Fit:
    """A fitted regression with k coefficients.

    Attributes:
        coefficients: k effects, logarithms of ratios.
        covariance: of the coefficients, k by k, the dispersion included.
        dispersion: how many times the variance is the mean; at least 1.
        freedom: degrees of freedom left.
    """

    coefficients: Floats
    covariance: Floats
    dispersion: float
    freedom: int

    def expected(self, design: Floats) -> Floats:
        """The expectations of n further counts, given their rows of the design."""
        means: Floats = np.exp(np.clip(design @ self.coefficients, _LOWEST, None))
        return means


def fit_counts(design: Floats, counts: NDArray[np.number]) -> Fit | None:
    """Fit n counts.

    Args:
        design: n rows of k columns, of full rank.
        counts: n counts.

    Returns:
        The fit; ``None`` when there is no incident, or no degree of freedom left.
    """
    observed = np.asarray(counts, np.float64)
    freedom = len(observed) - design.shape[1]
    if freedom < 1 or not observed.any():
        return None
    means = observed + 0.5 * (observed.mean() + 0.1)
    deviance = np.inf
    for _ in range(_ROUNDS):
        weight = np.sqrt(means)
        working = np.log(means) + (observed - means) / means
        coefficients = np.linalg.lstsq(design * weight[:, None], working * weight, rcond=None)[0]
        means = np.exp(np.clip(design @ coefficients, _LOWEST, None))
        former, deviance = deviance, _deviance(observed, means)
        if abs(former - deviance) <= _TOLERANCE * (abs(deviance) + 0.1):
            break
    pearson = float(((observed - means) ** 2 / means).sum())
    dispersion = max(1.0, pearson / freedom)
    information = design.T @ (design * means[:, None])
    return Fit(coefficients, np.linalg.pinv(information) * dispersion, dispersion, freedom)


def _deviance(observed: Floats, means: Floats) -> float:
    positive = observed > 0
    logs = np.log(observed[positive] / means[positive])
    return float(2 * ((observed[positive] * logs).sum() - (observed - means).sum()))
