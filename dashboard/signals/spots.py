"""From counts to spots: what people would let one expect, then Gi* over areas that touch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.counts import Floats
from dashboard.period import Days
from dashboard.signals.answers import NO_DATA, TOO_FEW, Around, Emerging, Signals, Whole
from dashboard.signals.neighbours import Neighbours
from geo.emerging import Emergence, Pattern, emergence
from geo.excess import expected, standardised
from geo.hotspots import spots
from geo.neighbours import Weights

FALSE_SHARES = {1: 0.10, 2: 0.05, 3: 0.01}
"""Of the spots of a class and the stricter ones, the share expected to be there by chance at most.

Levels of the false discovery rate, so nothing about how sure any one spot is.
"""

FEWEST_AROUND = 5
"""Fewer incidents around an area, seen and expected, are too few for a normal score."""

FEWEST_IN_MONTHS = 20


@dataclass(frozen=True)
class Layer:
    """What is tested: the areas of a layer.

    Attributes:
        neighbours: who touches whom.
        people: people or households of each; NaN where nobody counted.
    """

    neighbours: Neighbours
    people: Floats

    @property
    def by_people(self) -> bool:
        """Whether anybody counted; where nobody did, areas are compared as they are."""
        return bool((self.people > 0).any())

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which areas can be tested."""
        return self.people > 0 if self.by_people else np.ones(len(self.people), np.bool_)


def hot_spots(layer: Layer, counts: Floats, days: Days) -> Signals:
    """Find the hot and cold spots of a period.

    Args:
        layer: n areas.
        counts: their incidents.
        days: over which they were counted.
    """
    known, weights, observed, expectation = _prepared(layer, counts[:, None], (days,))
    found = spots(standardised(observed, expectation)[:, 0], weights)
    strength = np.zeros(len(found.z), np.int8)
    for name, level in FALSE_SHARES.items():
        strength[found.p <= level] = name
    classes = strength * np.sign(found.z).astype(np.int8)
    around = _around(weights, observed, expectation, np.sign(classes))
    few = np.maximum(around.observed, around.expected) < FEWEST_AROUND
    classes = np.where(few, np.int8(TOO_FEW), classes)
    return Signals(
        layer.neighbours.rows,
        _spread(known, classes, NO_DATA),
        _spread(known, found.z, np.nan),
        _spread(known, found.p, np.nan),
        len(found.z),
        _everywhere(known, around),
        days,
        layer.by_people,
    )


def emerging_spots(layer: Layer, counts: Floats, steps: tuple[Days, ...]) -> Emerging:
    """Find how the spots of the last month came about.

    Args:
        layer: n areas.
        counts: their incidents in t months, shape (n, t).
        steps: the months.
    """
    known, weights, observed, expectation = _prepared(layer, counts, steps)
    found = emergence(standardised(observed, expectation), weights)
    now = np.where(abs(found.pattern) == Pattern.HISTORICAL, 0, np.sign(found.pattern))
    around = _around(weights, observed, expectation, now)
    few = np.maximum(around.observed, around.expected) < FEWEST_IN_MONTHS
    classes = np.where(few, np.int8(TOO_FEW), found.pattern)
    return Emerging(
        layer.neighbours.rows,
        _spread(known, classes, NO_DATA),
        _spread(known, found.z[:, -1], np.nan),
        _spread(known, found.p[:, -1], np.nan),
        found.z.size,
        _everywhere(known, around),
        Days(steps[0].since, steps[-1].until),
        layer.by_people,
        steps,
        *_history(known, found),
    )


def nothing(layer: Layer) -> Emerging:
    """Say of all areas that there is no data to tell."""
    size = len(layer.people)
    unknown, none = np.full(size, np.nan), np.zeros(size, np.int32)
    around = Around(np.zeros(size), np.zeros(size), none, none)
    classes = np.full(size, NO_DATA, np.int8)
    rows = layer.neighbours.rows
    history = (none, none, none, unknown, unknown)
    return Emerging(rows, classes, unknown, unknown, 0, around, None, layer.by_people, (), *history)


def _prepared(
    layer: Layer, counts: Floats, steps: tuple[Days, ...]
) -> tuple[NDArray[np.bool_], Weights, Floats, Floats]:
    known = layer.known
    observed = counts[known]
    people = layer.people[known] if layer.by_people else np.ones(int(known.sum()))
    lengths = np.array([len(days) for days in steps], np.float64)
    expectation = expected(observed, people, lengths / lengths.sum())
    return known, layer.neighbours.among(known), observed, expectation


def _around(
    weights: Weights, observed: Floats, expectation: Floats, sign: NDArray[np.signedinteger]
) -> Around:
    """Sum up neighbourhoods; an area is no neighbour of its own."""
    hot, cold = (sign > 0).astype(np.float64), (sign < 0).astype(np.float64)
    alike = np.where(sign > 0, weights @ hot, np.where(sign < 0, weights @ cold, 1.0)) - 1
    return Around(
        weights @ observed.sum(axis=1),
        weights @ expectation.sum(axis=1),
        (weights.sum(axis=1) - 1).astype(np.int32),
        alike.astype(np.int32),
    )


def _everywhere(known: NDArray[np.bool_], around: Around) -> Around:
    return Around(
        _spread(known, around.observed, np.nan),
        _spread(known, around.expected, np.nan),
        _spread(known, around.neighbours, 0),
        _spread(known, around.alike, 0),
    )


def _history(
    known: NDArray[np.bool_], found: Emergence
) -> tuple[Whole, Whole, Whole, Floats, Floats]:
    kind = found.kind
    same = kind[:, ::-1] == kind[:, -1:]
    run = np.where(same.all(axis=1), kind.shape[1], np.argmin(same, axis=1))
    numbers = ((kind == 1).sum(axis=1), (kind == -1).sum(axis=1), run)
    hot, cold, lasted = (_spread(known, each.astype(np.int32), 0) for each in numbers)
    trend_z, trend_p = (_spread(known, each, np.nan) for each in (found.trend_z, found.trend_p))
    return hot, cold, lasted, trend_z, trend_p


def _spread(known: NDArray[np.bool_], values: NDArray, rest: float) -> NDArray:  # type: ignore[type-arg]
    """Put values at the places that are known, and something else in all others."""
    everywhere = np.full(len(known), rest, values.dtype)
    everywhere[known] = values
    return everywhere
