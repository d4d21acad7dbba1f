"""The days a brief is about: the last day with data, the last whole week or month, any range."""

from __future__ import annotations

from datetime import date, timedelta

from dashboard.period import Days
from dashboard.tally import DAILY_UP_TO_DAYS
from dashboard.visit import Visit

SPANS = ("day", "week", "month")
_ONE_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_SHORTEST_TREND_DAYS = 91


def span_days(span: str, covered: Days) -> Days:
    """Return the last day, whole week (Monday to Sunday) or whole month that has data.

    Args:
        span: one of ``SPANS``.
        covered: from the first to the last day of data.

    Returns:
        A week or month that ends with the data or before it, so that no day of it is to
        come; it may begin before the first day of data.
    """
    if span == "day":
        return Days(covered.last, covered.until)
    if span == "week":
        monday = covered.until - timedelta(days=covered.until.weekday())
        return Days(monday - _WEEK, monday)
    first = covered.until.replace(day=1)
    return Days((first - _ONE_DAY).replace(day=1), first)


def is_daily(visit: Visit) -> bool:
    """Whether a brief counts the trend by day; over longer periods it counts by month."""
    return len(visit.days_with_data) <= DAILY_UP_TO_DAYS


def trend_days(visit: Visit) -> Days:
    """Return the days of the trend: the period's, and as many before it to see where it stands.

    Of a short period more come before it; months begin with their first day. None where the
    data begins after the period.
    """
    period = visit.days_with_data
    before = max(len(period), _SHORTEST_TREND_DAYS - len(period))
    since = period.since - timedelta(days=before)
    if not is_daily(visit):
        since = since.replace(day=1)
    return Days(max(since, visit.coverage.since), period.until) if period else period


def read_range(text: str) -> Days | None:
    """Read ``2026-01-01..2026-03-31``, both days included; ``None`` for anything else."""
    first, dots, last = text.partition("..")
    if not dots:
        return None
    try:
        return Days.between(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        return None
