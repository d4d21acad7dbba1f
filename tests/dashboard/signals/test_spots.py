"""Spots of a square of squares, drawn by chance but for what is planted in it."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from esda.getisord import G_Local
from libpysal.graph import Graph

from dashboard.period import Days
from dashboard.signals.answers import NO_DATA, TOO_FEW
from dashboard.signals.neighbours import Neighbours
from dashboard.signals.spots import Layer, emerging_spots, hot_spots, nothing
from geo.emerging import Pattern
from geo.excess import expected, standardised
from geo.neighbours import touching
from tests.geo.test_hotspots import grid

SIDE = 16
WEEK = Days(date(2024, 1, 1), date(2024, 1, 8))


def layer(people: np.ndarray, side: int = SIDE) -> Layer:
    rows = np.arange(10, 10 + side * side, dtype=np.int32)
    return Layer(Neighbours(rows, touching(grid(side))), people)


def drawn(seed: int, months: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """People, and incidents that follow them, by month."""
    draw = np.random.default_rng(seed)
    people = draw.integers(200, 2000, SIDE * SIDE).astype(float)
    return people, draw.poisson(people[:, None] / 80, (len(people), months)).astype(float)


def corner(rows: slice, columns: slice) -> np.ndarray:
    found = np.zeros((SIDE, SIDE), bool)
    found[rows, columns] = True
    return found.ravel()


def test_scores_equal_the_reference() -> None:
    people, counts = drawn(1)
    found = hot_spots(layer(people), counts[:, 0], WEEK)
    values = standardised(counts, expected(counts, people, np.ones(1)))[:, 0]
    graph = Graph.from_sparse(touching(grid(SIDE)))
    # The reference divides by the sum of its values: only their differences count for scores.
    reference = G_Local(values - values.min() + 1, graph, transform="B", star=True, permutations=0)
    assert found.z == pytest.approx(np.asarray(reference.Zs))
    assert found.tests == len(people)


def test_more_than_the_people_explain_is_hot_and_many_people_are_not() -> None:
    people, counts = drawn(2)
    crowded, planted = corner(slice(0, 4), slice(0, 4)), corner(slice(9, 13), slice(9, 13))
    people[crowded] *= 5
    counts[crowded] *= 5
    counts[planted] *= 4
    found = hot_spots(layer(people), counts[:, 0], WEEK)
    core = corner(slice(10, 12), slice(10, 12))
    assert (found.classes[core] == 3).all()
    assert (found.classes[crowded] <= 0).all()
    assert found.by_people
    around = touching(grid(SIDE)) @ counts[:, 0]
    assert found.around.observed == pytest.approx(around)
    assert (found.around.neighbours[core] == 8).all()
    assert (found.around.alike[core] == 8).all()


def test_the_class_is_the_false_discovery_rate_it_keeps_to() -> None:
    people, counts = drawn(3)
    counts[corner(slice(3, 9), slice(3, 9))] *= 1.6
    counts[corner(slice(11, 15), slice(11, 15))] *= 0.3
    found = hot_spots(layer(people), counts[:, 0], WEEK)
    judged = found.classes != TOO_FEW
    strength = np.select([found.p <= 0.01, found.p <= 0.05, found.p <= 0.10], [3, 2, 1], 0)
    assert (found.classes == strength * np.sign(found.z))[judged].all()
    assert set(np.abs(found.classes[judged])) == {0, 1, 2, 3}


def test_where_nobody_is_counted_there_is_no_data_and_no_part_in_the_rest() -> None:
    people, counts = drawn(4)
    unknown = corner(slice(0, 2), slice(0, 2))
    people[unknown] = np.nan
    whole = hot_spots(layer(people), counts[:, 0], WEEK)
    assert (whole.classes[unknown] == NO_DATA).all()
    assert np.isnan(whole.z[unknown]).all()
    counts[unknown] = 999
    assert (hot_spots(layer(people), counts[:, 0], WEEK).z == whole.z)[~unknown].all()


def test_where_nobody_at_all_is_counted_areas_are_compared_as_they_are() -> None:
    counts = drawn(5)[1]
    found = hot_spots(layer(np.full(SIDE * SIDE, np.nan)), counts[:, 0], WEEK)
    graph = Graph.from_sparse(touching(grid(SIDE)))
    reference = G_Local(counts[:, 0], graph, transform="B", star=True, permutations=0)
    assert found.z == pytest.approx(np.asarray(reference.Zs))
    assert not found.by_people


def test_few_incidents_are_too_few_to_judge() -> None:
    people = np.full(SIDE * SIDE, 100.0)
    counts = np.zeros(SIDE * SIDE)
    counts[[0, 100, 200]] = 2
    found = hot_spots(layer(people), counts, WEEK)
    assert (found.classes == TOO_FEW).all()


def test_histories_are_told_month_by_month() -> None:
    people, counts = drawn(6, months=24)
    always, lately = corner(slice(1, 5), slice(1, 5)), corner(slice(10, 14), slice(10, 14))
    counts[always] *= 5
    counts[np.ix_(lately, range(21, 24))] *= 6
    steps = tuple(
        Days(date(2022, 1, 1) + timedelta(days=30 * n), date(2022, 1, 31) + timedelta(days=30 * n))
        for n in range(24)
    )
    found = emerging_spots(layer(people), counts, steps)
    core, young = corner(slice(2, 4), slice(2, 4)), corner(slice(11, 13), slice(11, 13))
    lasting = (Pattern.PERSISTENT, Pattern.INTENSIFYING, Pattern.DIMINISHING)
    assert np.isin(found.classes[core], lasting).all()
    assert (found.classes[young] == Pattern.CONSECUTIVE).all()
    assert (found.months_hot[young] == 3).all()
    assert (found.months_hot[core] == 24).all()
    at = int(np.flatnonzero(young)[0])
    assert found.since(at) == steps[21].since
    assert found.around.alike[at] >= 5
    assert found.tests == counts.size


def test_without_data_nothing_is_said() -> None:
    found = nothing(layer(np.ones(SIDE * SIDE)))
    assert set(found.classes) == {NO_DATA}
    assert found.since(0) is None
