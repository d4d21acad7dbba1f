"""Sums over one picture: by area, by day, by category, and an area's summary."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dashboard.album import Album
from dashboard.answers import Summary, Trend
from dashboard.counts import Floats, day_number, summed
from dashboard.filters import Filters
from dashboard.lineage import Rows
from dashboard.parts import Part, Parts
from dashboard.period import Days
from dashboard.picture import Picture
from dashboard.terms import OPEN, RESOLVED
from geo.hierarchy import COUNTY

DAILY_UP_TO_DAYS = 92


@dataclass(frozen=True)
class LayerCounts:
    """The counts of a whole layer in the viewer's scope.

    Attributes:
        rows: n rows of the lineage, ascending.
        counts: n counts; ``None`` when no day of the period has data.
    """

    rows: Rows
    counts: NDArray[np.uint32] | None

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.rows.nbytes + (0 if self.counts is None else self.counts.nbytes)

    def of(self, rows: Rows) -> Floats | None:
        """Return the counts of some of the rows, ascending."""
        if self.counts is None:
            return None
        return self.counts[np.searchsorted(self.rows, rows)].astype(np.float64)


@dataclass(frozen=True)
class Tally:
    """The sums of one area in one picture.

    Attributes:
        row: the area's row in the lineage.
        album: where counts come from that belong to the picture.
    """

    picture: Picture
    row: int
    album: Album

    def by_feature(self, layer: int, filters: Filters) -> tuple[Rows, Floats | None]:
        """Count each area displayed in a layer inside this area.

        Returns:
            The m rows of the areas, by area id, and m counts; ``None`` in their place
            when no day of the period has data.
        """
        lineage = self.picture.lineage
        features = lineage.features(layer, self.row)
        days = self._with_data(filters.days)
        if not days:
            return features, None
        allowed = self._allowed(filters)
        parts = self._parts
        by_county = self._needs_no_cells(layer)
        shown, found = [np.empty(0, np.int32)], [np.empty(0)]
        for part in parts.by_county(days) if by_county else parts.by_feature(days, layer):
            shown.append(lineage.feature[layer][part.counts.rows])
            found.append(part.counts.by_place(part.days, allowed))
        row, count = np.concatenate(shown), np.concatenate(found)
        inside = row >= 0
        sums = summed(row[inside], count[inside], len(lineage.area_ids))
        return features, sums[features]

    def by_feature_and_step(self, layer: int, filters: Filters, starts: Sequence[date]) -> Floats:
        """Count each area displayed in a layer inside this area, step by step.

        Args:
            layer: slot of the layer.
            filters: what is counted, over days none of which lies before the first step.
            starts: first day of each of T steps, ascending.

        Returns:
            Counts, shape (T, m), of the areas in order of their ids.
        """
        lineage = self.picture.lineage
        features = lineage.features(layer, self.row)
        size = len(starts) * len(features)
        place = np.full(len(lineage.area_ids) + 1, -1, np.int64)
        place[features] = np.arange(len(features))
        first_days = np.array([day_number(start) for start in starts], np.int32)
        index, incidents = [np.empty(0, np.int64)], [np.empty(0, np.uint32)]
        for part in self._held(layer, self._with_data(filters.days), None):
            day, at, n = part.counts.entries(part.days, self._allowed(filters))
            # The last place, beyond all rows, is that of areas without a feature.
            area = place[lineage.feature[layer][part.counts.rows][at]]
            step = np.searchsorted(first_days, day, side="right") - 1
            index.append(np.where(area >= 0, step * len(features) + area, size))
            incidents.append(n)
        sums = summed(np.concatenate(index), np.concatenate(incidents), size + 1)
        return sums[:size].reshape(len(starts), len(features))

    def by_category(self, filters: Filters) -> Floats:
        """Count by id of category; zero everywhere when no day has data."""
        shape = self.picture.basics.terms.shape
        by_combination = self._by_combination(filters.days) * self._allowed(filters)
        sums: Floats = by_combination.reshape(shape).sum(axis=(1, 2))
        return sums

    def summary(self, filters: Filters) -> Summary:
        """Return the figures of the period and of the two it is compared with.

        A period that reaches past the last day of data ends there, so that it is
        compared with as many days.
        """
        covered, days = self.picture.covered, self._with_data(filters.days)
        if covered is None or not days:
            first, last = (covered.since, covered.last) if covered else (None, None)
            return Summary(*(None,) * 7, first, last, self.picture.as_of)
        allowed = self._allowed(filters)
        by_status = self._by_status(days, allowed)
        # Days before the first one of data make the comparison unfair in the same way.
        whole = filters.days.since >= covered.since
        return Summary(
            total=int(by_status.sum()),
            previous=self._total_if_covered(days.before(), allowed) if whole else None,
            last_year=self._total_if_covered(days.year_before(), allowed) if whole else None,
            resolved=int(by_status[RESOLVED]),
            open=int(by_status[OPEN]),
            overdue=self._overdue(days, allowed),
            overdue_in_all=self._overdue(covered, allowed),
            first_day=covered.since,
            last_day=covered.last,
            as_of=self.picture.as_of,
        )

    def trend(self, filters: Filters) -> Trend:
        """Return counts by day, or by month over more than ``DAILY_UP_TO_DAYS``."""
        unit = "day" if len(filters.days) <= DAILY_UP_TO_DAYS else "month"
        buckets = list(_buckets(filters.days, unit))
        allowed = self._allowed(filters)
        return Trend(
            unit,
            tuple(bucket.since for bucket in buckets),
            self._bucket_counts(buckets, allowed),
            self._year_before(buckets, allowed),
        )

    def by_day(self, filters: Filters) -> tuple[Days, NDArray[np.int64]]:
        """Count day by day, over those days of the period that have data."""
        return self._by_day(filters.days, self._allowed(filters))

    def _year_before(
        self, buckets: list[Days], allowed: NDArray[np.bool_]
    ) -> tuple[int | None, ...]:
        """The same dates a year earlier; none where this year's or last year's lack data."""
        covered = self.picture.covered
        if covered is None:
            return (None,) * len(buckets)
        now = [bucket.clipped(covered) for bucket in buckets]
        then = [bucket.year_before() for bucket in now]
        counts = self._bucket_counts(then, allowed)
        known = [bool(a) and b.since >= covered.since for a, b in zip(now, then, strict=True)]
        return tuple(n if fair else None for n, fair in zip(counts, known, strict=True))

    def _bucket_counts(
        self, buckets: list[Days], allowed: NDArray[np.bool_]
    ) -> tuple[int | None, ...]:
        if not buckets:
            return ()
        every = Days(buckets[0].since, buckets[-1].until)
        days, sums = self._by_day(every, allowed, self._broken_months(buckets))
        if not days:
            return (None,) * len(buckets)
        upto = np.concatenate([[0], np.cumsum(sums)])

        def count(bucket: Days) -> int | None:
            part = bucket.clipped(days)
            if not part:
                return None
            first = (part.since - days.since).days
            return int(upto[first + len(part)] - upto[first])

        return tuple(count(bucket) for bucket in buckets)

    def _broken_months(self, buckets: list[Days]) -> set[date]:
        """First days of the months in which a bucket or the data begins or ends."""
        spans = [*buckets, self._with_data(Days(date.min, date.max))]
        edges = [edge for span in spans for edge in (span.since, span.until)]
        return {edge.replace(day=1) for edge in edges if edge.day > 1}

    def _by_day(
        self, days: Days, allowed: NDArray[np.bool_], daily: Collection[date] | None = None
    ) -> tuple[Days, NDArray[np.int64]]:
        days = self._with_data(days)
        sums = np.zeros(len(days), np.int64)
        inside = self.picture.lineage.inside(self.row)
        for part in self._held(self._slot, days, daily):
            first = (part.days.since - days.since).days
            found = part.counts.by_day(part.days, allowed, inside[part.counts.rows])
            sums[first : first + len(found)] += found
        return days, sums

    def _overdue(self, days: Days, allowed: NDArray[np.bool_]) -> int | None:
        as_of = self.picture.as_of
        if as_of is None:
            return None
        inside = self.picture.lineage.inside(self.row)
        return self.picture.open_incidents.overdue(as_of, days, allowed, inside)

    def _total_if_covered(self, days: Days, allowed: NDArray[np.bool_]) -> int | None:
        covered = self.picture.covered
        if covered is None or days.since < covered.since:
            return None
        return int(self._by_combination(days)[allowed].sum())

    def _by_status(self, days: Days, allowed: NDArray[np.bool_]) -> Floats:
        shape = self.picture.basics.terms.shape
        by_combination = self._by_combination(days) * allowed
        sums: Floats = by_combination.reshape(shape).sum(axis=(0, 1))
        return sums

    def _by_combination(self, days: Days) -> Floats:
        days = self._with_data(days)
        sums = np.zeros(self.picture.basics.terms.combinations)
        inside = self.picture.lineage.inside(self.row)
        for part in self._held(self._slot, days):
            sums += part.counts.by_combination(part.days, inside[part.counts.rows])
        return sums

    def _held(self, layer: int, days: Days, daily: Collection[date] | None = ()) -> list[Part]:
        """The counts that hold those of a layer; ``daily`` as of ``Parts.by_county``."""
        if self._needs_no_cells(layer):
            return self._parts.by_county(days, daily)
        return self._parts.by_cell(days)

    def _needs_no_cells(self, layer: int) -> bool:
        """Whether the counts of whole counties tell those of a layer inside this area."""
        lineage = self.picture.lineage
        widest = int(lineage.slots[lineage.row(lineage.scope_code)])
        return widest <= COUNTY and layer <= COUNTY and self._slot < COUNTY

    @property
    def _slot(self) -> int:
        return int(self.picture.lineage.slots[self.row])

    @cached_property
    def _parts(self) -> Parts:
        return Parts(self.album, self.picture, self.counties)

    @property
    def counties(self) -> list[str]:
        """Codes of the counties that hold this area's incidents."""
        lineage = self.picture.lineage
        county = int(lineage.above[COUNTY][self.row])
        if lineage.slots[self.row] >= COUNTY and county >= 0:
            return [lineage.text("code", county) or ""]
        inside = lineage.inside(self.row)
        codes = self.picture.basics.tokens.counties
        if self._slot > COUNTY:
            return codes
        return [code for code in codes if inside[lineage.standing_for(code)]]

    def _allowed(self, filters: Filters) -> NDArray[np.bool_]:
        return self.picture.basics.terms.allowed(filters)

    def _with_data(self, days: Days) -> Days:
        covered = self.picture.covered
        return days.clipped(covered) if covered else Days(days.since, days.since)


def _buckets(days: Days, unit: str) -> list[Days]:
    starts: list[date] = []
    day = days.since
    while day < days.until:
        starts.append(day)
        day = day + timedelta(days=1) if unit == "day" else Days.of_month(day).until
    return [Days(a, b) for a, b in zip(starts, [*starts[1:], days.until], strict=True)]
