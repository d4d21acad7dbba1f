"""The periods of which figures are published, against the calendar day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.period import Days
from dashboard.publishing.lattice import Span, closed_months, first_day, month_of, span_of, spans

DAYS = st.dates(date(2019, 11, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("since", "until", "unit"),
    [
        ("2024-02-01", "2024-03-01", "month"),
        ("2024-01-01", "2024-04-01", "quarter"),
        ("2023-12-01", "2024-03-01", None),
        ("2024-01-01", "2025-01-01", "year"),
        ("2023-04-01", "2024-04-01", None),
        ("2024-02-02", "2024-03-01", None),
        ("2024-02-01", "2024-03-02", None),
        ("2024-02-15", "2024-03-15", None),
        ("2024-01-01", "2024-03-01", None),
        ("2024-02-01", "2024-02-01", None),
    ],
)
def test_only_whole_months_quarters_and_years_of_the_calendar(
    since: str, until: str, unit: str | None
) -> None:
    days = Days(date.fromisoformat(since), date.fromisoformat(until))
    found = span_of(days)
    assert (found and found.unit) == unit
    assert found is None or found.days == days


@example(date(2023, 1, 1), 90)
@example(date(2023, 1, 2), 454)
@example(date(2023, 1, 1), 365)
@given(DAYS, st.integers(0, 900))
def test_a_closed_quarter_has_data_on_all_of_its_days(since: date, length: int) -> None:
    covered = Days(since, since + timedelta(days=length))
    closed = []
    for quarter in range(4 * 2019, 4 * 2028):
        first, end = first_day(3 * quarter), first_day(3 * quarter + 3)
        if covered.since <= first and end <= covered.until:
            closed += [3 * quarter, 3 * quarter + 1, 3 * quarter + 2]
    assert list(closed_months(covered)) == closed
    for unit, size in (("month", 1), ("quarter", 3), ("year", 12)):
        whole = [m for m in closed if m % size == 0 and m + size - 1 in closed]
        found = spans(closed_months(covered), unit)
        assert found == [Span(unit, first) for first in reversed(whole)]
        for span in found:
            assert span_of(span.days) == span
            assert covered.since <= span.days.since < span.days.until <= covered.until


@given(DAYS)
def test_months_are_counted_since_year_0(day: date) -> None:
    assert first_day(month_of(day)) == day.replace(day=1)


def test_without_data_no_quarter_is_closed() -> None:
    assert list(closed_months(None)) == []
    assert spans(closed_months(None), "month") == []
