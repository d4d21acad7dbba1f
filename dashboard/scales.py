"""Metrics of areas and the class limits they are coloured by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from mapclassify import Percentiles
from numpy.typing import NDArray

from dashboard.answers import Breaks
from dashboard.counts import Floats
from geo.rates import PER, prior_of, too_few

# Few areas share the classes evenly; of many, the upper classes take ever fewer, because the
# map is read for its extremes.
_FEW = 60
_FEW_PERCENTILES = (20, 40, 60, 80, 100)
_MANY_PERCENTILES = (20, 40, 60, 80, 92, 98, 100)
_ENOUGH = 1_000


@dataclass(frozen=True)
class RateOf:
    """What a rate is of.

    Attributes:
        per: whom it is per 1,000 of, ``people`` or ``households``.
        smooth: whether it is drawn towards the overall rate where there are few of them.
    """

    per: str = "people"
    smooth: bool = False

    @property
    def column(self) -> str:
        """The column of the lineage that holds how many there are."""
        return "population" if self.per == "people" else self.per

    def shown(self, counts: Floats, people: Floats) -> Floats:
        """The rates of n areas that have a colour; NaN where too little is known for one."""
        if not self.smooth:
            values = metric_values("rate", counts, people, people)
            return np.where((counts > 0) & too_few(counts), np.nan, values)
        prior = prior_of(counts, people)
        return np.full(len(people), np.nan) if prior is None else prior.drawn(counts, people)


def metric_values(
    metric: str, counts: Floats, population: Floats, area_km2: Floats
) -> NDArray[np.float64]:
    """Turn counts into what a map shows.

    Args:
        metric: ``count``; ``density``, incidents per km²; or ``rate``, incidents per
            1,000 people, over the whole period.
        counts: m incidents.
        population: m people; NaN where unknown.
        area_km2: m areas.

    Returns:
        m values; NaN where the denominator is unknown or zero.
    """
    if metric == "count":
        return counts
    base, of = (area_km2, 1) if metric == "density" else (population, PER)
    with np.errstate(divide="ignore", invalid="ignore"):
        # Divided once: equal shares of different numbers are equal rates, and share a place.
        values: NDArray[np.float64] = np.where(base > 0, of * counts / base, np.nan)
    return values


def class_breaks(values: NDArray[np.float64], *, whole: bool) -> Breaks:
    """Choose class limits for the positive ones of some values, rounded to be read.

    Args:
        values: in any order; NaN, zero and negative values have classes of their own.
        whole: whether values are whole numbers, so that limits must be.

    Returns:
        At most six limits, each with at least one value in the class below it; none
        when fewer than two different positive values are left.
    """
    positive = np.sort(values[values > 0])
    if not len(positive):
        return Breaks((), None, None)
    lowest, highest = float(positive[0]), float(positive[-1])
    limits = [limit for limit in _limits(positive, whole=whole) if lowest < limit <= highest]
    return Breaks(tuple(_occupied(limits, positive)), lowest, highest)


def rounded(numbers: Sequence[float]) -> list[float]:
    """Round ascending numbers to ones that read well, each as far as its neighbours allow.

    The steps are 1, 2 or 5 × 10ⁿ, at most 0.8 of the smaller gap to a neighbour (zero is
    the first one's) and at most a half of the number itself.
    """
    found: list[float] = []
    for at, number in enumerate(numbers):
        gaps = [number - (numbers[at - 1] if at else 0.0), number / 2]
        gaps += [after - number for after in numbers[at + 1 : at + 2]]
        step = _step_below(0.8 * min(gaps))
        found.append(round(round(number / step) * step, max(0, -math.floor(math.log10(step)))))
    return sorted(set(found))


def _limits(positive: NDArray[np.float64], *, whole: bool) -> list[float]:
    """The limits between classes: above the largest value of each but the last."""
    # Sorted values evenly thinned out have the same percentiles, in a fraction of the time.
    thinned = positive[:: max(1, len(positive) // _ENOUGH)]
    wanted = _FEW_PERCENTILES if len(positive) < _FEW else _MANY_PERCENTILES
    highest = np.unique(Percentiles(thinned, pct=list(wanted)).bins)[:-1]
    if not whole:
        return rounded(highest.tolist())
    above = np.unique(np.floor(highest) + 1)
    return sorted({max(1.0, float(round(limit))) for limit in rounded(above.tolist())})


def _step_below(size: float) -> float:
    """The largest of 1, 2 and 5 × 10ⁿ that is not above a size."""
    power = 10.0 ** math.floor(math.log10(size))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= size * (1 + 1e-9))


def _occupied(limits: list[float], positive: NDArray[np.float64]) -> list[float]:
    counts = np.histogram(positive, [0.0, *limits, np.inf])[0] if limits else np.zeros(0)
    return [limit for limit, below in zip(limits, counts, strict=False) if below]
