"""Turning the page of a period: to the one before it, or after it."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from dashboard.period import Days, Period
from dashboard.state import MapState

_ONE_DAY = timedelta(days=1)
_FIRST_DAY, _LAST_DAY = date(1901, 1, 1), date(2199, 12, 31)


def turned(days: Days, pages: int) -> Days | None:
    """Return the period so many pages on (negative: back).

    Whole calendar months turn by as many months, everything else by its number of
    days. ``None`` where the calendar of the page ends.
    """
    months = _whole_months(days)
    if months:
        turned_days = Days(
            _month_later(days.since, months * pages), _month_later(days.until, months * pages)
        )
    else:
        by = timedelta(days=len(days) * pages)
        turned_days = Days(days.since + by, days.until + by)
    inside = turned_days.since >= _FIRST_DAY and turned_days.last <= _LAST_DAY
    return turned_days if inside and len(days) else None


def turn(state: MapState, days: Days, pages: int, coverage: Days) -> MapState | None:
    """Return the state so many pages on, its classes still those of the first page.

    Args:
        state: the state now.
        days: the days it shows.
        pages: how many to turn.
        coverage: the days that have data.

    Returns:
        ``None`` when no day of the new period has data.
    """
    there = turned(days, pages)
    if there is None or there.until <= coverage.since or there.since >= coverage.until:
        return None
    return state.with_(period=Period.over(there), scale=state.scale or days)


def _whole_months(days: Days) -> int:
    if days.since.day != 1 or days.until.day != 1:
        return 0
    return 12 * (days.until.year - days.since.year) + days.until.month - days.since.month


def _month_later(day: date, months: int) -> date:
    month = 12 * day.year + day.month - 1 + months
    year, month = max(1, min(9998, month // 12)), month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
