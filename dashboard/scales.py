"""Metrics of areas and the class limits they are coloured by."""

from __future__ import annotations

import math

import numpy as np
from mapclassify import Percentiles, Quantiles
from numpy.typing import NDArray

from dashboard.answers import Breaks
from dashboard.counts import Floats

PEOPLE_PER_RATE = 1000.0
# Few areas share the classes evenly; of many, the upper classes take ever fewer, because the
# map is read for its extremes.
_FEW = 60
_FEW_CLASSES = 5
_MANY_PERCENTILES = (20, 40, 60, 80, 92, 98, 100)
_NICE = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


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
    base = area_km2 if metric == "density" else population / PEOPLE_PER_RATE
    with np.errstate(divide="ignore", invalid="ignore"):
        values: NDArray[np.float64] = np.where(base > 0, counts / base, np.nan)
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
    positive = values[values > 0]
    if not len(positive):
        return Breaks((), None, None)
    lowest, highest = float(positive.min()), float(positive.max())
    if lowest == highest:
        return Breaks((), lowest, highest)
    limits = sorted({_limit(bin_, whole) for bin_ in _bins(positive)[:-1]})
    inside = [limit for limit in limits if lowest < limit <= highest]
    return Breaks(tuple(_occupied(inside, positive)), lowest, highest)


def nice(value: float) -> float:
    """Round a positive number to one that reads well: 1, 1.2, 1.5, 2, 2.5, 3, 4 … × 10ⁿ."""
    power = 10.0 ** math.floor(math.log10(value))
    nearest = min(_NICE, key=lambda step: abs(step - value / power))
    return float(f"{nearest * power:.6g}")


def _bins(positive: NDArray[np.float64]) -> list[float]:
    """The largest value of each class."""
    different = len(np.unique(positive))
    if len(positive) < _FEW or different <= _FEW_CLASSES:
        bins = Quantiles(positive, k=min(_FEW_CLASSES, different)).bins
    else:
        bins = Percentiles(positive, pct=_MANY_PERCENTILES).bins
    return [float(bin_) for bin_ in bins]


def _limit(highest: float, whole: bool) -> float:
    """The limit above a class whose largest value is given."""
    if not whole:
        return nice(highest)
    above = math.floor(highest) + 1
    return float(above) if above < 10 else float(round(nice(above)))


def _occupied(limits: list[float], positive: NDArray[np.float64]) -> list[float]:
    counts = np.histogram(positive, [0.0, *limits, np.inf])[0] if limits else np.zeros(0)
    return [limit for limit, below in zip(limits, counts, strict=False) if below]
