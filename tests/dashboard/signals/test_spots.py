"""Spots of a square of squares, drawn by chance but for what is planted in it."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import numpy as np
import pytest
from esda.getisord import G_Local
from libpysal.graph import Graph

from dashboard.period import Days
from dashboard.signals.answers import NO_DATA, TOO_FEW
from dashboard.signals.neighbours import Neighbours
from dashboard.signals.spots import Layer, emerging_spots, hot_spots, nothing
from geo.emerging import Pattern, emergence
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


@pytest.mark.parametrize(("least", "months", "total"), [(5, 1, 120), (20, 12, 480)])
def test_too_few_are_those_around_which_neither_were_seen_nor_expected_so_many(
    least: int, months: int, total: int
) -> None:
    """Both are summed over the area and those that touch it, and over all the time looked at."""
    draw = np.random.default_rng(8)
    people = draw.integers(100, 900, SIDE * SIDE).astype(float)
    people[corner(slice(4, 7), slice(4, 7))] = 5_000.0
    counts = np.zeros((SIDE * SIDE, months))
    np.add.at(counts, (draw.integers(0, SIDE * SIDE, total), draw.integers(0, months, total)), 1)
    counts[corner(slice(4, 7), slice(4, 7))] = 0
    around = touching(grid(SIDE)) @ np.stack([counts.sum(axis=1), people]).T
    seen, expectation = around[:, 0], around[:, 1] / people.sum() * counts.sum()
    found = (
        hot_spots(layer(people), counts[:, 0], WEEK)
        if months == 1
        else emerging_spots(layer(people), counts, calendar(months))
    )
    few = (seen < least) & (expectation < least)
    assert ((found.classes == TOO_FEW) == few).all()
    assert found.around.observed == pytest.approx(seen)
    assert found.around.expected == pytest.approx(expectation)
    # Both limits are met to the number, and where many were expected none is no "too few".
    assert {least - 1, least} <= set(seen[expectation < least - 1])
    assert ((seen < least) & (expectation >= least)).any()


def calendar(months: int) -> tuple[Days, ...]:
    """So many periods of 30 days."""
    first = date(2022, 1, 1)
    ends = [first + timedelta(days=30 * n) for n in range(months + 1)]
    return tuple(Days(a, b) for a, b in itertools.pairwise(ends))


def test_neighbours_alike_are_counted_one_by_one() -> None:
    people, counts = drawn(3)
    counts[corner(slice(3, 9), slice(3, 9))] *= 1.6
    counts[corner(slice(9, 15), slice(3, 9))] *= 0.3
    found = hot_spots(layer(people), counts[:, 0], WEEK)
    signs, touch = np.sign(found.classes), touching(grid(SIDE)).toarray() > 0
    assert set(signs) == {-1, 0, 1}
    for at, sign in enumerate(signs):
        others = np.flatnonzero(touch[at] & (np.arange(SIDE * SIDE) != at))
        alike = (signs[others] == sign).sum() if sign else 0
        assert (found.around.neighbours[at], found.around.alike[at]) == (len(others), alike)


def test_an_emerging_spot_is_that_of_the_last_month() -> None:
    people, counts = drawn(7, months=18)
    counts[np.ix_(corner(slice(1, 5), slice(1, 5)), range(12, 18))] *= 5
    counts[np.ix_(corner(slice(9, 13), slice(9, 13)), range(6))] = 0
    steps = calendar(18)
    found = emerging_spots(layer(people), counts, steps)
    lengths = np.full(18, 1 / 18)
    whole = emergence(standardised(counts, expected(counts, people, lengths)), touching(grid(SIDE)))
    assert found.z.tolist() == whole.z[:, -1].tolist()
    assert found.p.tolist() == whole.p[:, -1].tolist()
    assert found.days == Days(steps[0].since, steps[-1].until)
    for months, kind in ((found.months_hot, 1), (found.months_cold, -1)):
        assert months.tolist() == [sum(each == kind for each in row) for row in whole.kind]
        assert months.max() >= 4
    runs = [len(list(next(itertools.groupby(row[::-1]))[1])) for row in whole.kind]
    assert found.run.tolist() == runs


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


def test_what_is_past_is_like_no_neighbour() -> None:
    """A spot of all months but the last ones is historical: it counts for no spot beside it."""
    people, counts = drawn(6, months=24)
    hot, cold = corner(slice(1, 7), slice(1, 7)), corner(slice(9, 15), slice(1, 7))
    counts[np.ix_(hot, range(23))] *= 4
    counts[np.ix_(cold, range(23))] *= 0.1
    # Beside the past ones there are some that are still so.
    for block, factor in (
        (corner(slice(1, 7), slice(7, 10)), 4),
        (corner(slice(9, 15), slice(7, 10)), 0.1),
    ):
        counts[block] *= factor
    found = emerging_spots(layer(people), counts, calendar(24))
    classes, touch = found.classes, touching(grid(SIDE)).toarray() > 0
    assert {-Pattern.HISTORICAL, Pattern.HISTORICAL} <= set(classes)
    sign = np.where(abs(classes) == Pattern.HISTORICAL, 0, np.sign(classes))
    beside_past = 0
    for at in np.flatnonzero(classes != TOO_FEW):
        others = np.flatnonzero(touch[at] & (np.arange(SIDE * SIDE) != at))
        alike = (sign[others] == sign[at]).sum() if sign[at] else 0
        assert found.around.alike[at] == alike
        beside_past += bool(sign[at]) and (classes[others] == sign[at] * Pattern.HISTORICAL).any()
    assert beside_past > 5


def test_an_empty_area_is_unknown_where_people_are_counted_and_one_person_is_known() -> None:
    people, counts = drawn(4, months=12)
    people[:3] = [0, 1, np.nan]
    found = emerging_spots(layer(people), counts, calendar(12))
    assert found.classes[0] == found.classes[2] == NO_DATA != found.classes[1]
    for at in (0, 2):
        numbers = (found.around.neighbours, found.around.alike, found.run, found.months_hot)
        assert [each[at] for each in numbers] == [0, 0, 0, 0]
        assert found.since(at) is None
        scores = (found.z, found.p, found.trend_z, found.trend_p, found.around.observed)
        assert np.isnan([each[at] for each in scores]).all()
    # Its neighbours do not know it either.
    assert found.around.neighbours[SIDE] == 5 - 1
    nobody = hot_spots(layer(np.zeros(SIDE * SIDE)), counts[:, 0], WEEK)
    assert (nobody.by_people, nobody.tests) == (False, SIDE * SIDE)
    one = np.zeros(SIDE * SIDE)
    one[7] = 1
    assert hot_spots(layer(one), counts[:, 0], WEEK).by_people


def test_without_data_nothing_is_said() -> None:
    found = nothing(layer(np.ones(SIDE * SIDE)))
    assert set(found.classes) == {NO_DATA}
    assert found.since(0) is None
    assert found.tests == 0
    for each in (found.around, found.months_hot, found.months_cold, found.run):
        numbers = each if isinstance(each, np.ndarray) else np.stack([*vars(each).values()])
        assert not numbers.any()
