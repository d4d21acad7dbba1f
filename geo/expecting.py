"""What would be expected, judged by the days before: by weekday, season and trend, and how sure.

A log-linear regression with harmonics of the year: Serfling, R. E. (1963), Methods for current
statistical analysis of excess pneumonia-influenza deaths, Public Health Reports 78, 494-506; for
counts, with limits from the negative binomial distribution: Noufaily, A. et al. (2013), An
improved algorithm for outbreak detection in multiple surveillance systems, Statistics in Medicine
32, 1206-1222. Holidays that move from year to year are not known to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom, poisson

from geo.crs import Floats
from geo.loglinear import Fit, fit_counts
from geo.rates import CONFIDENCE

LEAST_DAYS = 56
"""Days of history without which nothing is expected."""

YEAR_DAYS = 365.25
_INCIDENTS_PER_EFFECT = 10
"""Peduzzi, P. et al. (1996), Journal of Clinical Epidemiology 49, 1373-1379."""


@dataclass(frozen=True)
class Expected:
    """What is expected of n groups of days.

    Attributes:
        mean: n expectations.
        low, high: limits that a new count keeps with the confidence asked for (a prediction
            interval: chance of the count and doubt about the expectation together).
    """

    mean: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class Baseline:
    """What the history of an area lets one expect.

    Attributes:
        fit: of the history by day.
        parts: which effects it has, of ``weekday``, ``season`` and ``trend``.
        days: of history.
    """

    fit: Fit
    parts: tuple[str, ...]
    days: int

    def means(self, day: NDArray[np.integer]) -> Floats:
        """The expectation of each of n days, numbered from 1970-01-01."""
        return self.fit.expected(_design(day, self.parts))

    def over(
        self,
        day: NDArray[np.integer],
        group: NDArray[np.integer],
        confidence: float = CONFIDENCE,
        dispersion: float | None = None,
    ) -> Expected:
        """What is expected of groups of days.

        Args:
            day: n days, numbered from 1970-01-01.
            group: of each day, 0 to m-1.
            confidence: of the limits.
            dispersion: variance over mean of the groups' counts; by default that of single
                days, which is too small for groups of days that are like those before them
                (see ``scatter_by_week``).
        """
        design = _design(day, self.parts)
        means = self.fit.expected(design)
        total: Floats = np.bincount(group, means).astype(np.float64)
        slope = np.zeros((len(total), design.shape[1]))
        np.add.at(slope, group, design * means[:, None])
        doubt = np.einsum("ij,jk,ik->i", slope, self.fit.covariance, slope)
        scatter = self.fit.dispersion if dispersion is None else dispersion
        variance = scatter * total + doubt
        tail = (1 - confidence) / 2
        low, high = (_quantile(part, total, variance) for part in (tail, 1 - tail))
        return Expected(total, low, high)

    def drawn(
        self, day: NDArray[np.integer], draws: int, dispersion: float, seed: int
    ) -> NDArray[np.int64]:
        """Draw counts that chance and the doubt about the expectation could give.

        Args:
            day: n days.
            draws: how many times.
            dispersion: variance over mean of the counts.
            seed: of the random numbers, so that two runs agree.

        Returns:
            Counts of shape (draws, n).
        """
        chance = np.random.default_rng(seed)
        effects = chance.multivariate_normal(
            self.fit.coefficients, self.fit.covariance, draws, method="svd"
        )
        means = np.exp(np.clip(effects @ _design(day, self.parts).T, -30.0, 20.0))
        if dispersion <= 1.0:
            return chance.poisson(means)
        # A negative binomial count is a Poisson one whose expectation is a gamma quantity.
        return chance.poisson(chance.gamma(means / (dispersion - 1), dispersion - 1))


def baseline(day: NDArray[np.integer], counts: NDArray[np.integer]) -> Baseline | None:
    """Learn from n days of history, without gaps; numbered from 1970-01-01.

    The effects follow from what there is: a weekday needs 10 incidents for each of its seven
    effects; the season a whole year of history, the trend two, both 10 incidents for each.

    Returns:
        The baseline; ``None`` when there is too little history, or no incident in it.
    """
    total = int(np.asarray(counts).sum())
    if len(day) < LEAST_DAYS or not total:
        return None
    parts, effects = [], 1
    for part, size, least_days in (("weekday", 6, 0), ("season", 4, 365), ("trend", 1, 730)):
        if len(day) >= least_days and total >= _INCIDENTS_PER_EFFECT * (effects + size):
            parts.append(part)
            effects += size
    fit = fit_counts(_design(day, tuple(parts)), counts)
    return Baseline(fit, tuple(parts), len(day)) if fit else None


def scatter_by_week(
    model: Baseline, day: NDArray[np.integer], counts: NDArray[np.integer]
) -> float:
    """Variance over mean of the weekly sums of the history a baseline was learned from.

    Days that are like those before them scatter more together than each does alone; what is
    judged by the week must be judged by this. At least the dispersion of the days.
    """
    whole = len(day) // 7 * 7
    weeks = whole // 7
    freedom = weeks - model.fit.coefficients.size
    if freedom < 1:
        return model.fit.dispersion
    mean = model.means(day[:whole]).reshape(weeks, 7).sum(axis=1)
    seen = np.asarray(counts[:whole], np.float64).reshape(weeks, 7).sum(axis=1)
    return max(model.fit.dispersion, float(((seen - mean) ** 2 / mean).sum() / freedom))


def _design(day: NDArray[np.integer], parts: tuple[str, ...]) -> Floats:
    columns = [np.ones(len(day))]
    if "weekday" in parts:
        # 1970-01-01 was a Thursday: this is 0 on Mondays.
        weekday = (np.asarray(day) + 3) % 7
        columns += [(weekday == each).astype(np.float64) for each in range(1, 7)]
    if "season" in parts:
        turn = 2 * np.pi * np.asarray(day) / YEAR_DAYS
        columns += [wave(times * turn) for times in (1, 2) for wave in (np.sin, np.cos)]
    if "trend" in parts:
        # Of the order of 1, so that the numbers stay well conditioned.
        columns.append(np.asarray(day) / (10 * YEAR_DAYS) - 5)
    return np.column_stack(columns)


def _quantile(share: float, mean: Floats, variance: Floats) -> Floats:
    scatter = variance > mean * (1 + 1e-9)
    excess = np.where(scatter, variance - mean, 1.0)
    size = np.where(scatter, mean**2 / excess, 1.0)
    # A size of almost nothing is a count that is almost never there.
    wide = nbinom.ppf(share, np.maximum(size, 1e-12), np.where(scatter, mean / variance, 0.5))
    found: Floats = np.where(scatter, wide, poisson.ppf(share, mean))
    return found
