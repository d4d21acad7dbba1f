"""Runs whose first and last day can be told by hand: chance is left out of the counts.

``test_expecting`` holds the strength of runs to likelihoods, and finds them among chance.
"""

import numpy as np
import pytest

from geo.onset import Run, find_runs

DAYS = 72
"""Ten whole weeks, counted back from the last day: the first one begins on day 2."""
CALM = np.ones((99, DAYS), int)
# What a tenth of the draws shows: three a day in a week, a strength of 21 log 3 - 14 = 9.
CALM[:10, -7:] = 3


def runs_of(*spans: tuple[int, int, int], drawn: np.ndarray = CALM) -> list[Run]:
    """Find runs where one incident a day is expected and seen but in some spans."""
    observed = np.ones(DAYS, int)
    for first, end, count in spans:
        observed[first:end] = count
    return find_runs(observed, np.ones(DAYS), drawn)


@pytest.mark.parametrize("first", [0, 1, 2, 36, 37, 40, 42, 43, 44])
@pytest.mark.parametrize("count", [0, 5, 30])
def test_a_run_begins_on_its_first_day_not_on_that_of_a_week(first: int, count: int) -> None:
    """It is one run: the days before its first whole week are not told a second time."""
    lasts = DAYS - first
    (run,) = runs_of((first, DAYS, count))
    assert run == Run(first, DAYS, count * lasts, float(lasts), 0.01)
    assert run.is_more == (count > 1)


def test_a_run_ends_with_a_week() -> None:
    """Of the week from day 23 on, only one day is as busy: the run ends with day 22."""
    (run,) = runs_of((9, 24, 6))
    assert run == Run(9, 23, 84, 14.0, 0.01)


def test_runs_share_no_day() -> None:
    """Days 42 and 43 are as quiet as what follows, but of the week of the run before."""
    more, fewer = runs_of((37, 42, 10), (42, DAYS, 0))
    assert more == Run(37, 44, 50, 7.0, 0.01)
    assert fewer == Run(44, DAYS, 0, 28.0, 0.01)


def test_runs_that_follow_each_other_the_same_way_are_one() -> None:
    """A week of 20 a day, then 2 a day: first found apart, for the week alone is clearer."""
    assert runs_of((37, 44, 20), (44, DAYS, 2)) == [Run(37, DAYS, 196, 35.0, 0.01)]
    apart = runs_of((37, 44, 20), (51, DAYS, 3))
    assert apart == [Run(37, 44, 140, 7.0, 0.01), Run(51, DAYS, 63, 21.0, 0.01)]


def test_of_runs_as_clear_the_one_of_more_incidents_is_first_and_four_are_told() -> None:
    """By strength they are found as 178 (first), 91 (third), 70 (second), 55 (fifth) and 47."""
    observed = np.full(DAYS, 10)
    for first, count in ((2, 40), (16, 0), (30, 30), (44, 1), (58, 25)):
        observed[first : first + 7] = count
    found = find_runs(observed, np.full(DAYS, 10.0), 10 * np.ones((99, DAYS), int))
    assert [(run.first, run.observed) for run in found] == [(2, 280), (30, 210), (58, 175), (16, 0)]


@pytest.mark.parametrize(("stronger", "found"), [(0, 0.01), (4, 0.05), (5, None)])
def test_the_probability_counts_the_draws_that_are_as_strong(
    stronger: int, found: float | None
) -> None:
    drawn = np.ones((99, DAYS), int)
    drawn[:stronger, -7:] = 5
    runs = runs_of((DAYS - 7, DAYS, 5), drawn=drawn)
    assert [run.p for run in runs] == ([] if found is None else [found])


def test_less_than_a_week_is_not_searched() -> None:
    assert find_runs(np.full(6, 9), np.ones(6), np.ones((99, 6), int)) == []
    (run,) = find_runs(np.full(7, 9), np.ones(7), np.ones((99, 7), int))
    assert (run.first, run.end) == (0, 7)


def test_a_run_from_the_first_day_on_though_the_last_week_is_another() -> None:
    clear, early = runs_of((0, 9, 6), (65, DAYS, 30))
    assert clear == Run(65, DAYS, 210, 7.0, 0.01)
    assert early == Run(0, 9, 54, 9.0, 0.01)
