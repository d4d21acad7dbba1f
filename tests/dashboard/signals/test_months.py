from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.signals.months import MOST_MONTHS, months_back

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))


@given(DAYS, st.integers(0, 1500))
def test_months_follow_each_other_and_end_with_the_period(until: date, history: int) -> None:
    since = until - timedelta(days=history)
    steps = months_back(until, since)
    assert len(steps) <= MOST_MONTHS
    assert all(before.until == after.since for before, after in itertools.pairwise(steps))
    assert all(28 <= len(step) <= 31 for step in steps)
    if steps:
        assert steps[-1].until == until
        assert steps[0].since >= since
    # No whole month is left out at the beginning.
    assert len(steps) == MOST_MONTHS or history < 31 * (len(steps) + 1)


@pytest.mark.parametrize(
    ("until", "starts"),
    [
        (date(2024, 4, 1), [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]),
        (date(2024, 3, 31), [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]),
        (date(2026, 11, 22), [date(2026, 8, 22), date(2026, 9, 22), date(2026, 10, 22)]),
    ],
)
def test_a_month_too_short_gives_its_last_day(until: date, starts: list[date]) -> None:
    assert [step.since for step in months_back(until, starts[0])] == starts
