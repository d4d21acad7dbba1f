"""The steps of time over which spots emerge and areas leave their peers behind: months back."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from dashboard.period import Days

MOST_MONTHS = 36
FEWEST_MONTHS = 10
"""Fewer steps say nothing about how a spot came about."""


def months_back(until: date, since: date, most: int = MOST_MONTHS) -> tuple[Days, ...]:
    """Whole months that end with a day, oldest first; they need not be months of the calendar.

    Args:
        until: the day after the last one.
        since: no month begins before it.
        most: how many months at most.
    """
    starts: list[date] = []
    while len(starts) < most and _earlier(until, len(starts) + 1) >= since:
        starts.append(_earlier(until, len(starts) + 1))
    # Each ends where the one after it begins.
    ends = [until, *starts]
    return tuple(Days(first, end) for first, end in zip(starts, ends, strict=False))[::-1]


def _earlier(day: date, months: int) -> date:
    """The same day so many months before; the last one of a month that is too short for it."""
    month = day.year * 12 + day.month - 1 - months
    year, place = divmod(month, 12)
    last = monthrange(year, place + 1)[1]
    return date(year, place + 1, min(day.day, last))
