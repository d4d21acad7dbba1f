"""A source whose answers give no small count away: what is not known to be safe is refused."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from dashboard.album import Album
from dashboard.answers import AreaSummary, Breaks, Found, Summary, Trend
from dashboard.areas import Areas
from dashboard.counts import Floats
from dashboard.filters import Filters
from dashboard.lineage import Rows
from dashboard.picture import Picture
from dashboard.publishing.edition import CountyTable, Edition, county_table
from dashboard.publishing.errors import NotPublishableError
from dashboard.publishing.lattice import UNITS, Span, closed_months, span_of, spans
from dashboard.scales import RateOf, class_breaks, metric_values
from dashboard.source import Source
from dashboard.state import MapState
from dashboard.store import Store
from geo.disclosure import STEP
from geo.errors import NotFoundError
from geo.hierarchy import COUNTY, TOWNSHIP
from geo.viewer import Viewer

TREND_MONTHS = 12
_SEARCHED = 10
_PRESETS = {"7d": "month", "30d": "month", "90d": "quarter", "365d": "year"}
"""The published period that a period relative to the last day of data stands for."""
_SAFE = frozenset(
    {"attribution", "coverage", "hierarchy", "home", "known", "labels", "radii", "revisions"}
    | {"terms", "viewer"}
)
"""What a source says about areas, dictionaries and versions, not about incidents."""
_PROTECTED = frozenset(
    {"area", "areas", "breaks", "children", "counts", "edition", "filters", "offered", "picture"}
    | {"scale_filters", "search", "summary", "trend"}
)
"""What is answered here."""
_OWN = frozenset(
    {"_plain", "_album", "_store", "_months", "_span", "_by_row", "_at", "_table", "_key"}
    | {"_values"}
)


class Withheld:
    """Stands where single counts would be; whoever looks is refused."""

    def __getattr__(self, name: str) -> NoReturn:
        """Refuse to say anything.

        Raises:
            NotPublishableError: always.
        """
        raise NotPublishableError("figure")


class PublishedSource(Source):
    """The publishable answers of a source.

    Any other question raises ``NotPublishableError``, also one that a later ``Source`` learns
    to answer: what is not named in this module is not published.
    """

    def __init__(self, engine: Engine, viewer: Viewer, store: Store) -> None:
        self._plain = Source(engine, viewer, store)
        self._album = Album(engine, viewer, store)
        self._store = store

    def __getattribute__(self, name: str) -> Any:
        """Find an answer.

        Raises:
            NotPublishableError: it is not among those that are published.
        """
        if name.startswith("__") or name in _PROTECTED or name in _OWN:
            return super().__getattribute__(name)
        if name in _SAFE:
            return getattr(self._plain, name)
        raise NotPublishableError("figure")

    @cached_property
    def picture(self) -> Picture:
        """The areas, dictionaries and versions; the counts are withheld."""
        nothing: Any = Withheld()
        return replace(self._plain.picture, open_incidents=nothing)

    @cached_property
    def areas(self) -> Areas:
        """The areas of the picture, by row."""
        return Areas(self.picture)

    @cached_property
    def edition(self) -> Edition:
        """The published counts of every county in scope.

        Raises:
            NotPublishableError: the scope is smaller than a county, in which alone can be
                decided what a township may show.
        """
        if self.viewer.scope_slot > COUNTY:
            raise NotPublishableError("scope")
        codes = self.picture.basics.tokens.counties
        made = {code: self._table(code) for code in codes}
        return Edition(
            self.picture.lineage,
            {code: table for code, table in made.items() if table is not None},
        )

    def offered(self, unit: str) -> list[Span]:
        """Return the published periods of a unit, latest first."""
        return spans(self._months, unit)

    def filters(self, state: MapState) -> Filters:
        """Turn a page's state into filters.

        The last days up to a number of them are those of the last month, quarter or year
        published.
        """
        filters = self._plain.filters(state)
        unit = _PRESETS.get(state.period.preset) if state.period.since is None else None
        latest = self.offered(unit)[:1] if unit else []
        return filters.during(latest[0].days) if latest else filters

    def scale_filters(self, state: MapState) -> Filters:
        """Return the same over the days that class breaks are computed over."""
        filters = self.filters(state)
        return filters.during(state.scale) if state.scale else filters

    def area(self, code: str) -> AreaSummary:
        """Introduce an area, with the layers of which figures are published."""
        found = self._plain.area(code)
        if found.slot > TOWNSHIP:
            raise NotFoundError(f"no area {code} is published")
        layers = tuple(key for key in found.layers if self.areas.slot(key) <= TOWNSHIP)
        return replace(
            found,
            layers=layers,
            child_level=next(iter(layers), None),
            areas_per_layer={key: found.areas_per_layer[key] for key in layers},
        )

    def summary(self, code: str, filters: Filters) -> Summary:
        """Return an area's counts; ``None`` where they are not published."""
        span, plain = self._span(filters), self._plain.picture
        covered = plain.covered
        size = UNITS[span.unit]
        counted = (
            self._at(code, replace(span, first=span.first - before))
            for before in (0, size, UNITS["year"])
        )
        total, previous, last_year = counted
        first, last = (covered.since, covered.last) if covered else (None, None)
        return Summary(total, previous, last_year, *(None,) * 4, first, last, plain.as_of)

    def children(self, code: str, filters: Filters, layer: str | None = None) -> pd.DataFrame:
        """Count the areas of a layer inside an area; ``NaN`` where that is not published."""
        area = self.area(code)
        wanted = layer or area.child_level
        if wanted is None:
            return self.areas.counted(np.zeros(0, np.int32), None)
        return self.areas.counted(*self.counts(code, self.areas.slot(wanted), filters))

    def counts(self, code: str, slot: int, filters: Filters) -> tuple[Rows, Floats | None]:
        """Count each area of a layer inside an area; ``NaN`` where that is not published."""
        lineage = self.picture.lineage
        row = lineage.row(code)
        if max(slot, int(lineage.slots[row])) > TOWNSHIP:
            raise NotPublishableError("layer")
        rows = lineage.features(slot, row)
        return rows, self._by_row(self._span(filters))[rows]

    def trend(self, code: str, filters: Filters) -> Trend:
        """Return the published counts by month, of a month those of the year that it ends."""
        span = self._span(filters)
        end = span.first + UNITS[span.unit]
        length = TREND_MONTHS if span.unit == "month" else UNITS[span.unit]
        months = [Span("month", at) for at in range(end - length, end)]
        past = [replace(month, first=month.first - UNITS["year"]) for month in months]
        return Trend(
            "month",
            tuple(month.days.since for month in months),
            tuple(self._at(code, month) for month in months),
            tuple(self._at(code, month) for month in past),
        )

    def breaks(
        self, layer: str, metric: str, filters: Filters, rate: RateOf | None = None
    ) -> Breaks:
        """Return class limits over the published counts of a layer in the viewer's scope.

        Raises:
            NotPublishableError: rates are smoothed, which those of hidden counts take part in.
        """
        rate = rate or RateOf()
        if rate.smooth:
            raise NotPublishableError("figure")
        key = self._key("breaks", layer, metric, filters, rate)
        found = self._store.get(key, self.revisions)
        if not isinstance(found, Breaks):
            rows, counts = self.counts(self.home, self.areas.slot(layer), filters)
            values = self._values(metric, rows, np.asarray(counts), rate)
            found = _steps(values) if metric == "count" else class_breaks(values, whole=False)
            self._store.put(key, self.revisions, found)
        return found

    def search(self, text: str, limit: int = 20) -> list[Found]:
        """Find areas of which figures are published."""
        found = self._plain.search(text, _SEARCHED * limit)
        return [area for area in found if area.slot <= TOWNSHIP][:limit]

    def _values(self, metric: str, rows: Rows, counts: Floats, rate: RateOf) -> Floats:
        """The figures of those areas whose counts are published."""
        shown = ~np.isnan(counts)
        rows, counts = rows[shown], counts[shown]
        numbers = self.picture.lineage.numbers
        if metric == "rate":
            values = rate.shown(counts, numbers(rate.column)[rows])
        else:
            values = metric_values(
                metric, counts, numbers("population")[rows], numbers("area_km2")[rows]
            )
        return values[~np.isnan(values)]

    @property
    def _months(self) -> range:
        return closed_months(self.coverage())

    def _span(self, filters: Filters) -> Span:
        """Return the published period that is counted.

        Raises:
            NotPublishableError: it is none, or only some incidents are counted.
        """
        if filters.categories or filters.channels or filters.statuses:
            raise NotPublishableError("terms")
        span = span_of(filters.days)
        if span is None or span not in self.offered(span.unit):
            raise NotPublishableError("period")
        return span

    def _at(self, code: str, span: Span) -> int | None:
        count = self._by_row(span)[self.picture.lineage.row(code)]
        return None if np.isnan(count) else int(count)

    def _by_row(self, span: Span) -> Floats:
        return self.edition.counts(span)

    def _table(self, code: str) -> CountyTable | None:
        """Decide what is published of a county, once as long as its incidents stay the same."""
        picture, months = self._plain.picture, self._months
        key = self._key("county", code)
        version = (*picture.basics.tokens.of(code).items(), picture.revisions.area, months)
        found = self._store.get(key, version)
        if isinstance(found, CountyTable):
            return found
        years = range(months.start // 12, months.stop // 12 + 1)
        counts = self._album.by_cell(picture, [code], years)
        made = county_table(picture.lineage, code, list(counts.values()), months)
        if made is not None:
            self._store.put(key, version, made)
        return made

    def _key(self, *parts: Hashable) -> tuple[Hashable, ...]:
        return (self.viewer.scope_key, "published", *parts)


def _steps(counts: Floats) -> Breaks:
    """Choose class limits among the numbers that counts are rounded to."""
    found = class_breaks(counts / STEP, whole=True)
    if found.lowest is None or found.highest is None:
        return found
    limits = tuple(STEP * limit for limit in found.limits)
    return Breaks(limits, STEP * found.lowest, STEP * found.highest)


def published(source: Source) -> PublishedSource:
    """Return the publishable answers of a source."""
    return source if isinstance(source, PublishedSource) else source.reopened(PublishedSource)
