"""What is said of a course of time that is known day by day: no database, counts made by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from dashboard.answers import Trend
from dashboard.counts import day_number
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.timing.answers import Departure
from dashboard.timing.reading import _departure, band, standing
from geo.expecting import baseline, scatter_by_week
from geo.onset import Run
from tests.dashboard.made import MadeSource, Place

FIRST = date(2022, 1, 3)


class Counted:
    """A source whose only area has these counts by day."""

    def __init__(self, counts: np.ndarray) -> None:
        self._counts = np.asarray(counts, np.int64)
        self._covered = Days(FIRST, FIRST + timedelta(days=len(counts)))

    def coverage(self) -> Days:
        return self._covered

    def tally(self, _code: str) -> Counted:
        return self

    def by_day(self, filters: Filters) -> tuple[Days, np.ndarray]:
        days = filters.days.clipped(self._covered)
        first = (days.since - FIRST).days
        return days, self._counts[first : first + len(days)]

    def kept(self, _key: object, make: Callable[[], Any]) -> Any:
        return make()

    def standing(self, days: Days | None = None) -> Any:
        """The standing at the end of some days, of all by default."""
        return standing(self, "", Filters(days or self._covered))  # type: ignore[arg-type]


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


@pytest.mark.parametrize(
    ("length", "after", "lasts"),
    [
        # A run of 5 a day where 1 is expected, until day 60; what 10 days after it show.
        (70, 48, True),
        (70, 10, False),
        # Four weeks may pass before it is called over, and not a day more.
        (88, 140, True),
        (89, 145, False),
        (60, 0, True),
    ],
)
def test_a_departure_lasts_if_the_few_weeks_after_it_go_on_as_it_did(
    length: int, after: int, *, lasts: bool
) -> None:
    observed, searched = np.ones(length, np.int64), Days(FIRST, day(length))
    observed[20:60] = 5
    observed[60:] = 0
    observed[60:61] = after
    found = _departure(Run(20, 60, 200, 40.0, 0.01), searched, observed, np.ones(length))
    end = length if lasts else 60
    seen = 200 + (after if lasts else 0)
    assert found == Departure(Days(day(20), day(end)), seen, float(end - 20), 0.01, lasts)


def test_the_day_a_level_changed_is_named() -> None:
    """Three a day for years, nine a day for the last 40 days; before, 30 days of fifteen."""
    counts = np.full(1_600, 3)
    counts[-40:] = 9
    counts[-200:-170] = 15
    found = Counted(counts).standing()
    assert found.searched == Days(day(1_600 - 364), day(1_600))
    assert found.learned == Days(day(1_600 - 364 - 1_098), day(1_600 - 364)), "three years"
    lasting, past = found.departures
    assert (lasting.days, lasting.observed) == (Days(day(1_560), day(1_600)), 360)
    assert lasting.expected == pytest.approx(120, rel=0.01)
    assert (lasting.is_lasting, lasting.is_more) == (True, True)
    assert found.lasting == lasting
    # A run ends with a week: 170 days before the end is two days after one.
    assert past.days.since == day(1_400)
    assert abs((past.days.until - day(1_430)).days) <= 5
    assert not past.is_lasting
    # At an earlier end of the period, what came later is not known.
    earlier = Counted(counts).standing(Days(day(1_500), day(1_550)))
    assert earlier.searched == Days(day(1_550 - 364), day(1_550))
    assert earlier.lasting is None


@pytest.mark.parametrize(
    ("days", "searched"), [(104, None), (105, 49), (111, 49), (112, 56), (900, 364)]
)
def test_half_of_what_is_known_is_searched_and_eight_weeks_are_learned_from(
    days: int, searched: int | None
) -> None:
    """Whole weeks of the later half, a year at most."""
    found = Counted(np.full(days, 2)).standing()
    assert (found and len(found.searched)) == searched
    if found:
        assert len(found.learned) == days - len(found.searched)
        assert found.departures == ()


def test_without_any_data_nothing_is_expected() -> None:
    source: Any = MadeSource([Place("620121", 2)], {}, FIRST)
    days = Filters(Days(FIRST, day(100)))
    trend = Trend("day", (FIRST,), (None,), (None,))
    assert standing(source, "620121", days) is None
    assert band(source, "620121", days, trend) is None
    known: Any = Counted(np.full(300, 2))
    assert band(known, "", Filters(Days(day(200), day(200))), Trend("day", (), (), ())) is None


def test_months_are_expected_to_scatter_as_weeks_do_and_days_as_days() -> None:
    """Weeks that differ more than their days: a month's limits are wider than chance has them."""
    draw = np.random.default_rng(8)
    counts = draw.poisson(6 * np.repeat(draw.gamma(20, 1 / 20, 104), 7))
    source, days = Counted(counts), Days(date(2023, 11, 1), date(2024, 1, 1))
    history = np.arange(day_number(FIRST), day_number(days.since))
    model = baseline(history, counts[: len(history)])
    assert model is not None
    scatter = scatter_by_week(model, history, counts[: len(history)])
    assert scatter > 1.5
    ahead = np.arange(day_number(days.since), day_number(days.until))
    for unit, starts, group, spread in (
        ("month", [days.since, date(2023, 12, 1)], np.repeat([0, 1], [30, 31]), scatter),
        ("day", [days.since + timedelta(days=n) for n in range(61)], np.arange(61), None),
    ):
        nothing = (None,) * len(starts)
        trend = Trend(unit, tuple(starts), nothing, nothing)
        found = band(source, "", Filters(days), trend)  # type: ignore[arg-type]
        expected = model.over(ahead, group, dispersion=spread)
        assert found is not None
        assert found.learned == Days(FIRST, days.since)
        assert found.mean == pytest.approx(expected.mean)
        assert (found.low, found.high) == (tuple(expected.low), tuple(expected.high))
