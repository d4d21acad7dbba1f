"""The periods of which figures are published: calendar months, quarters and years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard.period import Days
from geo.disclosure import QUARTER_MONTHS, YEAR_MONTHS

UNITS = {"month": 1, "quarter": QUARTER_MONTHS, "year": YEAR_MONTHS}
_UNIT_OF = {months: unit for unit, months in UNITS.items()}


@dataclass(frozen=True)
class Span:
    """A calendar month, quarter or year.

    Attributes:
        unit: one of ``UNITS``.
        first: its first month, in months since year 0.
    """

    unit: str
    first: int

    @property
    def days(self) -> Days:
        """Its days."""
        return Days(first_day(self.first), first_day(self.first + UNITS[self.unit]))


def span_of(days: Days) -> Span | None:
    """Return the month, quarter or year that these days are, if they are one."""
    first, end = month_of(days.since), month_of(days.until)
    unit = _UNIT_OF.get(end - first)
    if unit is None or first % UNITS[unit] or days.since.day != 1 or days.until.day != 1:
        return None
    return Span(unit, first)


def closed_months(covered: Days | None) -> range:
    """Return the months of all calendar quarters of which every day has data."""
    if not covered:
        return range(0)
    start = month_of(covered.since) + (covered.since.day > 1)
    first = -(-start // QUARTER_MONTHS) * QUARTER_MONTHS
    end = month_of(covered.until) // QUARTER_MONTHS * QUARTER_MONTHS
    return range(first, max(first, end))


def spans(months: range, unit: str) -> list[Span]:
    """Return the periods of a unit that lie within months of whole quarters, latest first."""
    size = UNITS[unit]
    first = -(-months.start // size) * size
    found = [Span(unit, at) for at in range(first, months.stop - size + 1, size)]
    return found[::-1]


def month_of(day: date) -> int:
    """Return the months since year 0 to a day's month."""
    return YEAR_MONTHS * day.year + day.month - 1


def first_day(month: int) -> date:
    """Return the first day of a month, counted since year 0."""
    year, month = divmod(month, YEAR_MONTHS)
    return date(year, month + 1, 1)
