"""Turning the pages of a period."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.paging import turn, turned
from dashboard.period import Days, Period
from dashboard.state import MapState

COVERAGE = Days(date(2024, 1, 1), date(2026, 1, 1))


def days(first: str, until: str) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(until))


@pytest.mark.parametrize(
    ("now", "pages", "there"),
    [
        (days("2025-03-08", "2025-03-15"), -1, days("2025-03-01", "2025-03-08")),
        (days("2025-03-08", "2025-03-15"), 2, days("2025-03-22", "2025-03-29")),
        (days("2025-03-01", "2025-04-01"), -1, days("2025-02-01", "2025-03-01")),
        (days("2025-03-01", "2025-04-01"), 1, days("2025-04-01", "2025-05-01")),
        (days("2025-01-01", "2026-01-01"), -1, days("2024-01-01", "2025-01-01")),
        (days("2025-01-01", "2025-04-01"), -1, days("2024-10-01", "2025-01-01")),
    ],
    ids=["week back", "two weeks on", "month back", "month on", "year back", "quarter back"],
)
def test_days_and_whole_months_turn(now: Days, pages: int, there: Days) -> None:
    assert turned(now, pages) == there


@given(
    since=st.dates(date(1950, 1, 1), date(2100, 1, 1)),
    length=st.integers(1, 800),
    pages=st.integers(1, 5),
)
def test_turning_there_and_back_gives_the_period_back(since: date, length: int, pages: int) -> None:
    now = Days(since, date.fromordinal(since.toordinal() + length))
    there = turned(now, pages)
    assert there is not None
    assert turned(there, -pages) == now


def test_pages_follow_each_other_without_a_gap() -> None:
    now = days("2025-03-08", "2025-03-15")
    before, after = turned(now, -1), turned(now, 1)
    assert before is not None
    assert before.until == now.since
    assert after is not None
    assert after.since == now.until


def test_the_first_turn_fixes_the_classes_and_later_ones_keep_them() -> None:
    now = COVERAGE.__class__(date(2025, 12, 2), date(2026, 1, 1))
    once = turn(MapState(), now, -1, COVERAGE)
    assert once is not None
    assert once.scale == now
    assert once.period == Period.over(days("2025-11-02", "2025-12-02"))
    twice = turn(once, once.period.days(COVERAGE), -1, COVERAGE)
    assert twice is not None
    assert twice.scale == now


def test_there_is_no_page_where_there_is_no_data() -> None:
    last = days("2025-12-02", "2026-01-01")
    assert turn(MapState(), last, 1, COVERAGE) is None
    assert turn(MapState(), days("2024-01-01", "2024-02-01"), -1, COVERAGE) is None
    assert turn(MapState(), COVERAGE, -1, Days(COVERAGE.since, COVERAGE.since)) is None


def test_the_calendar_has_ends() -> None:
    assert turned(days("1901-01-01", "1901-02-01"), -1) is None
    assert turned(days("2199-12-01", "2200-01-01"), 1) is None
