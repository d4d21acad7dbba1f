"""Both sides day by day, laid over each other from their first days on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.comparing.comparison import Comparison, Side
from dashboard.comparing.pairs import exposure
from dashboard.period import Days
from dashboard.tally import DAILY_UP_TO_DAYS
from geo.rates import PER

_STEPS = ((DAILY_UP_TO_DAYS, 1), (2 * 366, 7))
_LONGEST_STEP = 28


@dataclass(frozen=True)
class Overlay:
    """Two series whose steps begin with the first day of each side.

    Attributes:
        step_days: length of a step; days that fill no whole step at the end are left out.
        starts, other_starts: the first days of the steps.
        values, other_values: incidents in each step, or incidents per 1,000 people (or
            households) where ``per_people``; ``None`` where a step has a day without data.
    """

    step_days: int
    starts: tuple[date, ...]
    other_starts: tuple[date, ...]
    values: tuple[float | None, ...]
    other_values: tuple[float | None, ...]
    per_people: bool

    @property
    def is_empty(self) -> bool:
        """Whether neither side has data."""
        return all(value is None for value in (*self.values, *self.other_values))


def overlay(comparison: Comparison) -> Overlay:
    """Count both sides step by step; two areas by 1,000 people where both are counted."""
    first, second = comparison.sides
    longest = max(len(first.days), len(second.days))
    step = next((step for upto, step in _STEPS if longest <= upto), _LONGEST_STEP)
    over = exposure(comparison)
    per_people = over.unit != "days" and over.first > 0 and over.second > 0
    scales = (PER / over.first, PER / over.second) if per_people else (1.0, 1.0)
    own, other = (
        _steps(side, step, scale) for side, scale in zip((first, second), scales, strict=True)
    )
    return Overlay(step, own[0], other[0], own[1], other[1], per_people)


def daily(side: Side) -> list[int | None]:
    """Count day by day; ``None`` on days that the data does not cover.

    The source counts by day up to ``DAILY_UP_TO_DAYS`` at a time.
    """
    counts: list[int | None] = []
    since = side.days.since
    while since < side.days.until:
        until = min(since + timedelta(days=DAILY_UP_TO_DAYS), side.days.until)
        part = side.filters.during(Days(since, until))
        counts += side.source.trend(side.area.code, part).counts
        since = until
    return counts


def _steps(
    side: Side, step_days: int, scale: float
) -> tuple[tuple[date, ...], tuple[float | None, ...]]:
    counts = daily(side)
    at = range(0, len(counts) - step_days + 1, step_days)
    starts = tuple(side.days.since + timedelta(days=first) for first in at)
    return starts, tuple(_sum(counts[first : first + step_days], scale) for first in at)


def _sum(counts: list[int | None], scale: float) -> float | None:
    known = [count for count in counts if count is not None]
    return scale * sum(known) if len(known) == len(counts) else None
