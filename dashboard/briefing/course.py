"""What the trend of a brief shows: the period, what came before it, what was to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dashboard.answers import Trend
from dashboard.briefing.spans import is_daily, trend_days
from dashboard.counts import Floats, day_number
from dashboard.period import Days
from dashboard.timing.answers import Band
from dashboard.timing.reading import band
from dashboard.visit import Visit


@dataclass(frozen=True)
class Course:
    """Counts up to the end of a period.

    Attributes:
        days: those counted, the period's and those before it.
        period: the days of the period that have data.
        trend: the counts, by day or by month.
        expected: what the days before the period let one expect of its buckets; ``None`` where
            too few are known.
    """

    days: Days
    period: Days
    trend: Trend
    expected: Band | None

    @property
    def cut(self) -> tuple[bool, ...]:
        """Whether a bucket is a month of which only a part is counted."""
        months = self.trend.unit == "month"
        return tuple(
            months and (start.day != 1 or Days.of_month(start).until > self.days.until)
            for start in self.trend.starts
        )

    def places(self, *days: date) -> Floats:
        """Return where days begin, in buckets from the middle of the first one.

        A day inside a month lies inside its bucket.
        """
        ends = [*self.trend.starts, self.days.until]
        known = np.array([day_number(end) for end in ends], np.float64)
        wanted = np.array([day_number(day) for day in days], np.float64)
        found: Floats = np.interp(wanted, known, np.arange(len(known)) - 0.5)
        return found


def course(visit: Visit) -> Course:
    """Count the trend of a visit's brief."""
    days, period = trend_days(visit), visit.days_with_data
    filters = visit.filters.during(days)
    if not days:
        return Course(days, period, Trend("day", (), (), ()), None)
    if is_daily(visit):
        trend = _by_day(visit, days)
    else:
        trend = visit.source.trend(visit.area.code, filters)
    return Course(days, period, trend, _expected(visit, trend))


def _expected(visit: Visit, trend: Trend) -> Band | None:
    """Say what the days before the period let one expect, of the buckets that lie in it.

    A month in which the period begins holds days before it: nothing is expected of such a month.
    """
    period = visit.days_with_data
    since = period.since
    found = band(visit.source, visit.area.code, visit.filters.during(period), trend)
    if found is None or trend.starts[-1] < since:
        return None

    def within(values: Sequence[float | None]) -> tuple[float | None, ...]:
        pairs = zip(trend.starts, values, strict=True)
        return tuple(value if start >= since else None for start, value in pairs)

    return Band(within(found.mean), within(found.low), within(found.high), found.learned)


def _by_day(visit: Visit, days: Days) -> Trend:
    """Count day by day, over however many; all of them have data."""
    known, counts = visit.source.tally(visit.area.code).by_day(visit.filters.during(days))
    starts = tuple(known.since + timedelta(days=at) for at in range(len(known)))
    return Trend("day", starts, tuple(counts.tolist()), (None,) * len(starts))
