"""Incidents per 1,000 people: how high, how sure, and smoothed where few people live.

A rate is always a sum of incidents over a sum of people; rates are never averaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from geo.crs import Floats

PER = 1000
"""Rates are per so many people, or households."""

CONFIDENCE = 0.95
TOO_FEW = 20
"""Fewer incidents than these make a rate whose exact interval is wider than ±45 % of itself."""


@dataclass(frozen=True)
class Interval:
    """Lower and upper limits of n quantities, in the quantity's own unit."""

    low: Floats
    high: Floats


def poisson_interval(counts: NDArray[np.number], confidence: float = CONFIDENCE) -> Interval:
    """The exact interval of the expectation behind each of n Poisson counts.

    Garwood, F. (1936), Fiducial limits for the Poisson distribution, Biometrika 28, 437-442:
    from chi-square quantiles, never narrower than it says. The lower limit of zero is zero, of
    an unknown count (``NaN``) both are unknown.
    """
    observed = np.asarray(counts, np.float64)
    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(observed == 0, 0.0, chi2.ppf(tail, 2 * observed) / 2)
    high: Floats = np.asarray(chi2.ppf(1 - tail, 2 * observed + 2)) / 2
    return Interval(low, high)


def rates(counts: NDArray[np.number], people: Floats) -> Floats:
    """Incidents per 1,000 people in n areas; ``NaN`` where nobody is known to live."""
    known = np.where(np.asarray(people, np.float64) > 0, people, np.nan)
    result: Floats = np.asarray(counts, np.float64) / known * PER
    return result


def rate_interval(
    counts: NDArray[np.number], people: Floats, confidence: float = CONFIDENCE
) -> Interval:
    """The exact Poisson interval of n rates, the number of people being taken as known."""
    limits = poisson_interval(counts, confidence)
    return Interval(rates(limits.low, people), rates(limits.high, people))


@dataclass(frozen=True)
class Prior:
    """What is known of a rate before an area is looked at: those of all areas together.

    Attributes:
        overall: incidents per person.
        variance: how far the areas' own rates differ, beyond what chance spreads them by.
    """

    overall: float
    variance: float

    def drawn(self, counts: NDArray[np.number], people: Floats) -> Floats:
        """Rates per 1,000 drawn towards the overall one; ``NaN`` where nobody is known to live."""
        own = rates(counts, people)
        with np.errstate(divide="ignore", invalid="ignore"):
            noise = self.variance + self.overall / np.asarray(people, np.float64)
            weight = np.where(noise > 0, self.variance / noise, 0.0)
        result: Floats = PER * self.overall + weight * (own - PER * self.overall)
        return result


def prior_of(counts: NDArray[np.number], people: Floats) -> Prior | None:
    """Learn from n areas what to expect of each; ``None`` where nobody is known to live.

    Empirical Bayes by the method of moments: Marshall, R. J. (1991), Mapping disease and
    mortality rates using empirical Bayes estimators, Applied Statistics 40, 283-294.
    """
    observed, population = (np.asarray(column, np.float64) for column in (counts, people))
    known = (population > 0) & ~np.isnan(observed)
    if not known.any():
        return None
    observed, population = observed[known], population[known]
    overall = float(observed.sum() / population.sum())
    spread = float((population * (observed / population - overall) ** 2).sum() / population.sum())
    # What chance alone would spread them by is not the areas' own difference.
    return Prior(overall, max(0.0, spread - overall / float(population.mean())))


def smoothed_rates(counts: NDArray[np.number], people: Floats) -> Floats:
    """Rates per 1,000 drawn towards the overall one, the more so the fewer people there are.

    Returns:
        n rates; ``NaN`` where nobody is known to live, which counts for nothing elsewhere.
    """
    prior = prior_of(counts, people)
    return np.full(len(people), np.nan) if prior is None else prior.drawn(counts, people)


def too_few(counts: NDArray[np.number]) -> NDArray[np.bool_]:
    """Where a rate says too little to be coloured: fewer than ``TOO_FEW`` incidents."""
    return np.asarray(counts) < TOO_FEW
