"""Hot and cold spots in space and time, and how each place got there: eight usual classes.

A bin is one area in one step of time. Gi* compares the bins around it, its neighbours' of the
same step and of the step before, with all bins of the whole time. The classes are those that
practitioners know from the emerging hot spot analysis of ArcGIS; they are defined in ``_CLASSES``
in our own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.stats import false_discovery_control, norm

from geo.chance import FALSE_DISCOVERIES
from geo.crs import Floats
from geo.trends import mann_kendall

MOST_STEPS = 0.9
"""Hot in at least so many of all steps is hot nearly always."""

TREND_LEVEL = 0.05
"""Probability by chance below which a place's scores rise or fall."""

Kinds = NDArray[np.int8]


class Pattern(IntEnum):
    """How a place came to be hot (positive) or cold (the same with a minus), or 0 for neither."""

    NONE = 0
    NEW = 1
    CONSECUTIVE = 2
    INTENSIFYING = 3
    PERSISTENT = 4
    DIMINISHING = 5
    SPORADIC = 6
    OSCILLATING = 7
    HISTORICAL = 8


@dataclass(frozen=True)
class Emergence:
    """The pattern of n areas over t steps.

    Attributes:
        pattern: n values of ``Pattern``, negative for cold.
        z: scores of all bins, shape (n, t).
        p: two-sided probabilities of so extreme scores by chance, corrected over all bins.
        kind: 1 hot, -1 cold, 0 neither; shape (n, t).
        trend_z: n scores of the trend of z.
        trend_p: their probabilities by chance.
    """

    pattern: Kinds
    z: Floats
    p: Floats
    kind: Kinds
    trend_z: Floats
    trend_p: Floats


def emergence(
    values: Floats, weights: csr_array, false_discoveries: float = FALSE_DISCOVERIES
) -> Emergence:
    """Classify areas by how their hot and cold bins lie in time.

    Args:
        values: of n areas in t steps of equal length, in order of time, shape (n, t), finite.
        weights: n x n ones and zeros, each area being its own neighbour.
        false_discoveries: the share of all bins found hot or cold that may be wrong.
    """
    z = bin_scores(values, weights)
    p = false_discovery_control(2 * norm.sf(np.abs(z.ravel()))).reshape(z.shape) if z.size else z
    kind = np.where(p <= false_discoveries, np.sign(z), 0).astype(np.int8)
    trend = mann_kendall(z)
    rises = np.where(trend.p < TREND_LEVEL, np.sign(trend.z), 0).astype(np.int8)
    hot = classify(kind == 1, kind == -1, rises)
    cold = classify(kind == -1, kind == 1, -rises)
    # A last step is hot or cold or neither; "historical" is all that both could be.
    pattern = np.where(hot > 0, hot, -cold).astype(np.int8)
    return Emergence(pattern, z, p, kind, trend.z, trend.p)


def bin_scores(values: Floats, weights: csr_array) -> Floats:
    """Standard scores of Gi* of all bins, shape (n, t)."""
    areas, steps = values.shape
    number = values.size
    if number < 2:
        return np.zeros(values.shape)
    around = weights @ values
    around[:, 1:] += around[:, :-1].copy()
    neighbours = np.outer(weights.sum(axis=1), np.r_[1, np.full(steps - 1, 2)])
    mean = values.mean()
    variance = ((values - mean) ** 2).mean()
    spread = np.sqrt(variance * neighbours * (number - neighbours) / (number - 1))
    result = np.zeros((areas, steps))
    np.divide(around - mean * neighbours, spread, out=result, where=spread > 0)
    return result


def classify(hot: NDArray[np.bool_], cold: NDArray[np.bool_], rises: Kinds) -> Kinds:
    """Name the pattern of areas that are hot, given where they are cold; swap both for cold ones.

    Args:
        hot: whether a bin is so, shape (n, t).
        cold: whether it is the opposite.
        rises: 1 where an area's scores rise over time, -1 where they fall.
    """
    steps = hot.shape[1]
    now = hot[:, -1]
    often = hot.sum(axis=1) >= MOST_STEPS * steps
    # The run of hot steps that ends with the last one.
    run = np.where(hot.all(axis=1), steps, np.argmin(hot[:, ::-1], axis=1))
    only_run = hot.sum(axis=1) == run
    conditions = [
        (~now & often, Pattern.HISTORICAL),
        (~now, Pattern.NONE),
        (often & (rises > 0), Pattern.INTENSIFYING),
        (often & (rises < 0), Pattern.DIMINISHING),
        (often, Pattern.PERSISTENT),
        (only_run & (run == 1) & ~cold.any(axis=1), Pattern.NEW),
        (only_run & (run > 1) & ~cold.any(axis=1), Pattern.CONSECUTIVE),
        (cold.any(axis=1), Pattern.OSCILLATING),
    ]
    holds, names = zip(*conditions, strict=True)
    found: Kinds = np.select(holds, [np.int8(name) for name in names], np.int8(Pattern.SPORADIC))
    return found
