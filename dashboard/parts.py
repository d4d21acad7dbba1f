"""Which counts answer for a period: by whole months and years as far as it holds any."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TypeAlias

from dashboard.album import Album
from dashboard.blocks import Unit
from dashboard.counts import COLLAPSED, Counts
from dashboard.period import Days
from dashboard.picture import Picture

_CLOSED_YEARS = 2
"""Fewer years need not be added up in advance."""

Months: TypeAlias = Collection[date]


@dataclass(frozen=True)
class Part:
    """Counts, and those of their days that are meant."""

    counts: Counts
    days: Days


@dataclass(frozen=True)
class Parts:
    """The counts of one picture, in parts that follow the period asked for.

    What a period costs depends on its ends, not on the history before them: whole months of
    counties are counted without their days, and years before the last one without even months.

    Attributes:
        counties: those asked for by cell.
    """

    album: Album
    picture: Picture
    counties: list[str]

    def by_county(self, days: Days, daily: Months | None = ()) -> list[Part]:
        """Return the counts of all counties in scope; of whole months on their first day.

        Args:
            days: those counted; clipped to the days with data.
            daily: months, by their first day, to be counted day by day; ``None`` for all.
        """
        covered = self.picture.covered
        if not days or covered is None:
            return []
        spans = list(_spans(days, lambda month: _unit(month, days, covered, daily)))
        wanted = dict.fromkeys((unit, span.since.year) for unit, span in spans)
        counts = dict(zip(wanted, self.album.by_county(self.picture, list(wanted)), strict=True))
        return [Part(counts[unit, span.since.year], span) for unit, span in spans]

    def by_cell(self, days: Days) -> list[Part]:
        """Return the counts of the counties by cell, year by year."""
        found = self.album.by_cell(self.picture, self.counties, days.years)
        return [Part(part, days.clipped(Days.of_year(year))) for (_, year), part in found.items()]

    def by_feature(self, days: Days, slot: int) -> list[Part]:
        """Return the counts of the counties by cell; of years long gone by area of a layer."""
        years = self._closed(days)
        if len(years) < _CLOSED_YEARS:
            return self.by_cell(days)
        before = Days(days.since, date(years.start, 1, 1))
        after = Days(date(years.stop, 1, 1), days.until)
        past = self.album.past(self.picture, self.counties, years, slot)
        return [
            *(Part(counts, COLLAPSED) for counts in past),
            *(part for span in (before, after) for part in self.by_cell(span)),
        ]

    def _closed(self, days: Days) -> range:
        """The whole years before the last one with data, which is still being added to."""
        covered = self.picture.covered
        if not days or covered is None:
            return range(0)
        first = days.since.year
        starts = days.since <= max(date(first, 1, 1), covered.since)
        ends = min(days.until.year, covered.last.year)
        return range(first if starts else first + 1, ends)


def _unit(month: Days, days: Days, covered: Days, daily: Months | None) -> Unit:
    known = month.clipped(covered)
    whole = days.since <= known.since and known.until <= days.until
    return "months" if daily is not None and whole and month.since not in daily else "days"


def _spans(days: Days, unit: Callable[[Days], Unit]) -> Iterator[tuple[Unit, Days]]:
    """Part days where the unit or the year changes; months stay whole where they are counted so."""
    for (_, kind), months in groupby(_months(days), lambda m: (m.since.year, unit(m))):
        span = list(months)
        whole = Days(span[0].since, span[-1].until)
        yield kind, whole if kind == "months" else whole.clipped(days)


def _months(days: Days) -> Iterator[Days]:
    start = days.since
    while start < days.until:
        month = Days.of_month(start)
        yield month
        start = month.until
