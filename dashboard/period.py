"""Periods of whole local days: presets relative to the data, ranges, and their comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

DEFAULT_PRESET = "30d"
_DAYS = {"7d": 7, "30d": 30, "90d": 90, "365d": 365}
PRESETS = (*_DAYS, "ytd", "all")
_ONE_DAY = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


@dataclass(frozen=True)
class Days:
    """Whole local days from ``since`` up to and without ``until``."""

    since: date
    until: date

    @classmethod
    def between(cls, first: date | None, last: date | None) -> Days | None:
        """Return both days and all between; ``None`` if there are none or one is missing."""
        if first is None or last is None or last < first:
            return None
        if first.year < _FIRST_YEAR or last.year > _LAST_YEAR:
            return None
        return cls(first, last + _ONE_DAY)

    @classmethod
    def of_year(cls, year: int) -> Days:
        """Return the days of a calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def of_month(cls, day: date) -> Days:
        """Return the days of the calendar month that a day lies in."""
        first = day.replace(day=1)
        return cls(first, (first + timedelta(days=31)).replace(day=1))

    def __len__(self) -> int:
        return max(0, (self.until - self.since).days)

    @property
    def last(self) -> date:
        """The last day inside; a day before ``since`` when the period is empty."""
        return self.until - _ONE_DAY

    @property
    def years(self) -> range:
        """The calendar years that hold any of the days."""
        return range(self.since.year, self.last.year + 1) if self else range(0)

    def parameters(self, first: str, last: str) -> dict[str, str]:
        """Return query parameters under these names; the last day is inclusive there."""
        return {first: self.since.isoformat(), last: self.last.isoformat()}

    def clipped(self, bounds: Days) -> Days:
        """Return the days also inside ``bounds``; empty at ``since`` when there are none."""
        since = max(self.since, bounds.since)
        return Days(since, max(since, min(self.until, bounds.until)))

    def before(self) -> Days:
        """Return the period of equal length that ends where this one begins (环比)."""
        return Days(self.since - timedelta(days=len(self)), self.since)

    def year_before(self) -> Days:
        """Return the same dates one year earlier (同比).

        The 29th of February maps to the 28th as a first or last day, so a period
        that holds or touches a leap day may differ by a day a year before.
        """
        last = _year_before(self.last)
        return Days(_year_before(self.since), last + _ONE_DAY)


@dataclass(frozen=True)
class Period:
    """Days chosen by the user: a preset relative to the last day of data, or a fixed range.

    Attributes:
        preset: one of ``PRESETS``; not used when a range is given.
        since, until: the range, half-open; both set or both ``None``.
    """

    preset: str = DEFAULT_PRESET
    since: date | None = None
    until: date | None = None

    @classmethod
    def over(cls, days: Days) -> Period:
        """Return the fixed range of ``days``."""
        return cls(DEFAULT_PRESET, days.since, days.until)

    def days(self, bounds: Days) -> Days:
        """Return the days meant, given the days the data covers.

        Args:
            bounds: from the first to the last day of data.

        Returns:
            For a preset, the days up to the last day of data; they may begin
            before the first one (except for ``all``). A range is returned as it is.
        """
        if self.since is not None and self.until is not None:
            return Days(self.since, self.until)
        if self.preset == "all":
            return bounds
        if self.preset == "ytd":
            return Days(date(bounds.last.year, 1, 1), bounds.until)
        return Days(bounds.until - timedelta(days=_DAYS[self.preset]), bounds.until)

    def parameters(self) -> dict[str, str]:
        """Return the query parameters that say this; none for the default preset."""
        if self.since is not None and self.until is not None:
            return Days(self.since, self.until).parameters("from", "to")
        return {} if self.preset == DEFAULT_PRESET else {"period": self.preset}


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)
