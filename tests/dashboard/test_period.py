from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.period import Days, Period

BOUNDS = Days(date(2022, 3, 10), date(2024, 7, 16))
some_days = st.builds(
    lambda since, length: Days(since, date.fromordinal(since.toordinal() + length)),
    st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    st.integers(1, 800),
)


@pytest.mark.parametrize(
    ("preset", "since"),
    [
        ("7d", date(2024, 7, 9)),
        ("30d", date(2024, 6, 16)),
        ("90d", date(2024, 4, 17)),
        ("365d", date(2023, 7, 17)),
        ("ytd", date(2024, 1, 1)),
        ("all", date(2022, 3, 10)),
    ],
)
def test_presets_end_with_the_data(preset: str, since: date) -> None:
    assert Period(preset=preset).days(BOUNDS) == Days(since, BOUNDS.until)


def test_a_range_is_what_it_says() -> None:
    days = Days(date(2020, 1, 1), date(2020, 2, 1))
    assert Period.over(days).days(BOUNDS) == days
    assert Period.over(days).parameters() == {"from": "2020-01-01", "to": "2020-01-31"}
    # One end alone is no range.
    for half in (Period("all", since=days.since), Period("all", until=days.until)):
        assert half.days(BOUNDS) == BOUNDS
        assert half.parameters() == {"period": "all"}
    assert Period().parameters() == {}


def test_a_year_has_all_its_days_and_no_other() -> None:
    assert [len(Days.of_year(year)) for year in (1900, 2000, 2023, 2024)] == [365, 366, 365, 366]
    assert Days.of_year(2023).until == Days.of_year(2024).since == date(2024, 1, 1)


@given(days=some_days)
def test_the_preceding_period_is_as_long_and_ends_where_this_begins(days: Days) -> None:
    before = days.before()
    assert len(before) == len(days)
    assert before.until == days.since


@example(days=Days(date(2024, 2, 29), date(2024, 3, 1)))
@example(days=Days(date(2024, 2, 29), date(2024, 3, 5)))
@example(days=Days(date(2023, 12, 1), date(2024, 3, 1)))
@example(days=Days(date(2025, 2, 1), date(2025, 3, 1)))
@given(days=some_days)
def test_a_year_before_keeps_the_dates(days: Days) -> None:
    then = days.year_before()
    for now, past in ((days.since, then.since), (days.last, then.last)):
        assert past.year == now.year - 1
        leap = (now.month, now.day) == (2, 29)
        assert (past.month, past.day) == ((2, 28) if leap else (now.month, now.day))
    assert abs(len(then) - len(days)) <= 1


@given(days=some_days, bounds=some_days)
def test_clipped_days_lie_in_both(days: Days, bounds: Days) -> None:
    both = set(_all(days)) & set(_all(bounds))
    assert set(_all(days.clipped(bounds))) == both


def test_days_between() -> None:
    day = date(2024, 2, 29)
    assert Days.between(day, day) == Days(day, date(2024, 3, 1))
    assert Days.between(day, date(2024, 2, 28)) is None
    assert Days.between(None, day) is None
    assert Days.between(day, None) is None
    # Years of four digits that mean something: from 1900 to 2199.
    for first, last in ((date(1900, 1, 1), day), (day, date(2199, 12, 31))):
        assert Days.between(first, last) == Days(first, last + timedelta(days=1))
    for first, last in ((date(1899, 12, 31), day), (day, date(2200, 1, 1))):
        assert Days.between(first, last) is None
    assert not Days(day, day)


def _all(days: Days) -> list[date]:
    return [date.fromordinal(n) for n in range(days.since.toordinal(), days.until.toordinal())]


@given(some_days)
def test_years_are_those_that_hold_a_day(days: Days) -> None:
    held = {(days.since + timedelta(number)).year for number in range(len(days))}
    assert list(days.years) == sorted(held)
    assert not Days(days.since, days.since).years
