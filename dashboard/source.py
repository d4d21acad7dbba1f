"""The one place pages ask for figures; each answer is seen through the viewer's scope."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import TypeVar, cast

import numpy as np
import pandas as pd
import shapely
from sqlalchemy import Engine, text

from dashboard.album import Album
from dashboard.answers import (
    AreaSummary,
    Attribution,
    Bounds,
    Breaks,
    Found,
    Summary,
    Term,
    Trend,
)
from dashboard.areas import Areas
from dashboard.briefing.shapes import read_shapes
from dashboard.counts import Floats
from dashboard.errors import DataMovedError
from dashboard.filters import Filters
from dashboard.frames import Frames, count_frames
from dashboard.handling.answers import Handling
from dashboard.handling.reading import read_handling
from dashboard.heat import Heat, Radii
from dashboard.hours import WeekHours, week_hours
from dashboard.lineage import Rows
from dashboard.located import Location, location
from dashboard.period import Days
from dashboard.picture import Picture
from dashboard.scales import RateOf, class_breaks, metric_values
from dashboard.search import search_rows
from dashboard.signals.answers import Emerging, Signals
from dashboard.signals.finding import Finder
from dashboard.state import MapState
from dashboard.store import Store
from dashboard.surfaces import Surfaces
from dashboard.tally import LayerCounts, Tally
from geo.database import read_sql_file, transaction
from geo.hierarchy import COUNTY, Hierarchy
from geo.revisions import Revisions
from geo.viewer import Viewer

Value = TypeVar("Value")
_ALL: frozenset[int] = frozenset()


class Source:
    """Answers about areas and counts for one viewer, within one request.

    All answers of one source come from the same version of the data, read when the first
    one is asked for. Any of them raises ``DatabaseUnavailableError`` when the database does
    not answer, ``DataMovedError`` when it holds another version by then (``of_one_picture``
    asks again), and ``NotFoundError`` for an area outside the viewer's scope, as for one
    that does not exist.
    """

    def __init__(self, engine: Engine, viewer: Viewer, store: Store) -> None:
        self.viewer = viewer
        self._engine = engine
        self._store = store
        self._album = Album(engine, viewer, store)

    def reopened(self, kind: Callable[[Engine, Viewer, Store], Value]) -> Value:
        """Return a source of another kind for the same viewer."""
        return kind(self._engine, self.viewer, self._store)

    @cached_property
    def picture(self) -> Picture:
        """The data all answers come from."""
        return self._album.take()

    @cached_property
    def areas(self) -> Areas:
        """The areas of the picture, by row."""
        return Areas(self.picture)

    @property
    def revisions(self) -> Revisions:
        """The versions of areas and incidents this source answers from."""
        return self.picture.revisions

    @property
    def hierarchy(self) -> Hierarchy:
        """The levels of the areas and what they are called."""
        return self.picture.basics.hierarchy

    @property
    def home(self) -> str:
        """Code of the viewer's own area, the top of everything they see."""
        return self.viewer.scope_code

    def attribution(self) -> Attribution:
        """Return what the page must say about the origin of the data."""
        return self.picture.basics.attribution

    def coverage(self) -> Days | None:
        """Return the days from the first to the last incident of all, if there is one."""
        return self.picture.covered

    def terms(self, kind: str) -> list[Term]:
        """Return the terms of a kind: category, channel, status or scale."""
        return list(self.picture.basics.terms.by_kind.get(kind, ()))

    def known(self, state: MapState) -> tuple[MapState, tuple[str, ...]]:
        """Leave out of a state the codes that name no term.

        Returns:
            The state, and the names of the parameters that lost a code.
        """
        terms = self.picture.basics.terms
        given = {"category": state.categories, "channel": state.channels, "status": state.statuses}
        lost = {kind: set(terms.unknown(kind, codes)) for kind, codes in given.items()}
        if not any(lost.values()):
            return state, ()
        kept = {
            kind: tuple(code for code in codes if code not in lost[kind])
            for kind, codes in given.items()
        }
        state = state.with_(
            categories=kept["category"], channels=kept["channel"], statuses=kept["status"]
        )
        return state, tuple(kind for kind, codes in lost.items() if codes)

    def filters(self, state: MapState) -> Filters:
        """Turn a page's state into filters; codes that name no term are left out."""
        terms = self.picture.basics.terms
        return Filters(
            state.period.days(self._bounds_of_time()),
            terms.ids("category", state.categories),
            terms.ids("channel", state.channels),
            terms.ids("status", state.statuses),
        )

    def scale_filters(self, state: MapState) -> Filters:
        """Return the same over the days that class breaks are computed over."""
        filters = self.filters(state)
        return filters.during(state.scale) if state.scale else filters

    def area(self, code: str) -> AreaSummary:
        """Introduce an area."""
        row = self.picture.lineage.row(code)
        key, version = (self.viewer.scope_key, "area", row), self.revisions.area
        found = self._store.get(key, version)
        if not isinstance(found, AreaSummary):
            found = self.areas.introduce(row, self._bounds(row))
            self._store.put(key, version, found)
        return found

    def summary(self, code: str, filters: Filters) -> Summary:
        """Return an area's figures over the period and the two it is compared with."""
        return self.tally(code).summary(filters)

    def children(self, code: str, filters: Filters, layer: str | None = None) -> pd.DataFrame:
        """Count the areas of a layer inside an area.

        Args:
            code: the area.
            filters: what is counted.
            layer: key of a level; by default the area's ``child_level``.

        Returns:
            A row per area, in order of ``area_id``: area_id, code, name, name_en, count,
            population and area_km2 (``NaN`` where unknown). ``count`` is ``NaN`` in every
            row when no day of the period has data. Without a row when nothing smaller is
            known inside the area.
        """
        row = self.picture.lineage.row(code)
        slot = self.areas.slot(layer) if layer else self.areas.child_slot(row)
        if slot is None:
            return self.areas.counted(np.zeros(0, np.int32), None)
        return self.areas.counted(*self.counts(code, slot, filters))

    def counts(self, code: str, slot: int, filters: Filters) -> tuple[Rows, Floats | None]:
        """Count each area displayed in a layer inside an area.

        Returns:
            The m rows of the areas in the lineage, by area id, and m counts; ``None`` in
            their place when no day of the period has data.
        """
        whole = self._store.get(self._layer_key(slot, filters), self.revisions)
        if isinstance(whole, LayerCounts):
            lineage = self.picture.lineage
            rows = lineage.features(slot, lineage.row(code))
            return rows, whole.of(rows)
        return self.tally(code).by_feature(slot, filters)

    def labels(self, code: str, layer: str, limit: int = 2000) -> pd.DataFrame:
        """Return where to write the names of a layer's areas inside an area.

        Returns:
            area_id, code, name, name_en, lon and lat in degrees, the most populous first
            (the largest, where nobody counted); at most ``limit`` rows.
        """
        row = self.picture.lineage.row(code)
        return self.areas.labels(self.areas.slot(layer), row, limit)

    def trend(self, code: str, filters: Filters) -> Trend:
        """Return the counts day by day, or month by month over long periods."""
        return self.tally(code).trend(filters)

    def composition(self, code: str, filters: Filters) -> pd.DataFrame:
        """Count by category, most frequent first: category, code, name_zh, name_en, count.

        Categories that the filter leaves out are not listed; those without an incident
        count zero.
        """
        counts = self.tally(code).by_category(filters)
        chosen = filters.categories
        terms = [term for term in self.terms("category") if not chosen or term.id in chosen]
        terms.sort(key=lambda term: (-counts[term.id], term.id))
        ids = np.array([term.id for term in terms], np.int64)
        names = {
            "code": [term.code for term in terms],
            "name_zh": [term.name_zh for term in terms],
            "name_en": [term.name_en for term in terms],
        }
        texts = {name: pd.Series(column, dtype=object) for name, column in names.items()}
        return pd.DataFrame({"category": ids, **texts, "count": counts[ids].astype(np.int64)})

    def breaks(
        self, layer: str, metric: str, filters: Filters, rate: RateOf | None = None
    ) -> Breaks:
        """Return class limits over all areas of a layer in the viewer's scope.

        They depend on nothing else, and so stay put while the user drills down. Of rates, those
        of too few incidents to judge have no part in them.
        """
        rate = rate or RateOf()
        key = (self.viewer.scope_key, "breaks", layer, metric, filters, rate)
        found = self._store.get(key, self.revisions)
        if not isinstance(found, Breaks):
            found = self._breaks(layer, metric, filters, rate)
            self._store.put(key, self.revisions, found)
        return found

    def radii(self, code: str) -> Radii:
        """Return the bandwidths that an area's density map can have."""
        area = self.area(code)
        return Radii.of(self.hierarchy, area.slot, area.bounds)

    def heat(self, code: str, filters: Filters, radius_m: float | None = None) -> Heat:
        """Return the density map of an area, of its level's bandwidth unless one is given."""
        radii = self.radii(code)
        radius_m = radii.chosen(radius_m)
        key = (self.viewer.scope_key, "heat", code, filters, radius_m)
        found = self._store.get(key, self.revisions)
        if not isinstance(found, Heat):
            surfaces = Surfaces(self._engine, self.viewer, self._store, self._album, self.picture)
            bounds = self.area(code).bounds
            found = surfaces.heat(self.tally(code), filters, bounds, radii, radius_m)
            self._store.put(key, self.revisions, found)
        return found

    def shapes(self, slot: int, rows: Rows, band: int) -> list[shapely.Geometry]:
        """Return how a layer's areas are drawn, in Web Mercator, in the order of ``rows``."""
        area_ids = self.picture.lineage.area_ids[rows].tolist()
        with transaction(self._engine, self.viewer) as connection:
            found = read_shapes(connection, slot, band, area_ids)
        if len(found) < len(area_ids):
            raise DataMovedError("the areas changed while their shapes were being read")
        return [found[area_id] for area_id in area_ids]

    def frames(
        self, code: str, slot: int, filters: Filters, step: str, rate: RateOf | None = None
    ) -> Frames:
        """Return the counts of a layer inside an area step by step, ``day``, ``week`` or ``month``.

        Raises:
            BadRequestError: areas times steps are too many to be played.
        """
        rate = rate or RateOf()
        key = (self.viewer.scope_key, "frames", code, slot, filters, step, rate.per)
        found = self._store.get(key, self.revisions)
        if not isinstance(found, Frames):
            found = count_frames(self.tally(code), slot, filters, step, rate)
            self._store.put(key, self.revisions, found)
        return found

    def location(self, code: str, slot: int, filters: Filters) -> Location:
        """Tell how well an area's incidents are located, and what a layer cannot show."""
        tally = self.tally(code)
        parts = self._album.unlocated(self.picture, tally.counties)
        return location(parts, tally, filters, slot)

    def hours(self, code: str, filters: Filters) -> WeekHours:
        """Count by weekday and hour of the day, over those days of the period with data."""

        def counted() -> WeekHours:
            tally, picture = self.tally(code), self.picture
            days = filters.days.clipped(self.coverage() or Days(filters.days.since, date.min))
            by_area = int(picture.lineage.slots[tally.row]) > COUNTY
            parts = self._album.hours(picture, tally.counties, days, by_area=by_area)
            return week_hours(parts, tally, filters.during(days))

        return self.kept(("hours", code, filters), counted)

    def handling(self, code: str, filters: Filters) -> Handling:
        """Tell what became of an area's incidents, over those days of the period with data."""
        days = filters.days.clipped(self.coverage() or Days(filters.days.since, date.min))
        return self._handled(code, "handled.sql", filters.during(days))

    def backlog(self, code: str, filters: Filters) -> Handling:
        """Tell what of an area is open, whenever it occurred, and how late; statuses are void."""
        any_day = self.coverage() or Days(date.min, date.min)
        return self._handled(code, "backlog.sql", replace(filters, days=any_day, statuses=_ALL))

    def _handled(self, code: str, query: str, filters: Filters) -> Handling:
        key = (query, code, filters)
        return self.kept(key, lambda: read_handling(self._album, self.tally(code), query, filters))

    def kept(self, key: tuple[Hashable, ...], make: Callable[[], Value]) -> Value:
        """Return what this scope keeps of this version of the data, making it if need be."""
        whole = (self.viewer.scope_key, *key)
        found = self._store.get(whole, self.revisions)
        if found is None:
            found = make()
            self._store.put(whole, self.revisions, found)
        return cast("Value", found)

    def hot(self, slot: int, filters: Filters, per: str = "people") -> Signals:
        """Find the hot and cold spots among all areas of a layer in the viewer's scope."""
        return self._finder.hot(slot, filters, per)

    def emerging(self, slot: int, filters: Filters, per: str = "people") -> Emerging:
        """Find how the spots of a layer came about, up to the end of the period."""
        return self._finder.emerging(slot, filters, per)

    def months(self, days: Days) -> tuple[Days, ...]:
        """The months that ``emerging`` looks at for the end of a period; none if too few."""
        return self._finder.months(days)

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self._engine, self.viewer, self._store, self.tally(self.home))

    def search(self, text: str, limit: int = 20) -> list[Found]:
        """Find areas by a part of their name or by the beginning of their code."""
        lineage = self.picture.lineage
        return [self.areas.found(row) for row in search_rows(lineage, text, limit)]

    def tally(self, code: str) -> Tally:
        """Return the sums of one area."""
        picture = self.picture
        return Tally(picture, picture.lineage.row(code), self._album)

    def _breaks(self, layer: str, metric: str, filters: Filters, rate: RateOf) -> Breaks:
        whole = self._layer_counts(self.areas.slot(layer), filters)
        if whole.counts is None:
            return Breaks((), None, None)
        numbers = self.picture.lineage.numbers
        people, area_km2 = (numbers(name)[whole.rows] for name in (rate.column, "area_km2"))
        counts = whole.counts.astype(np.float64)
        if metric == "rate":
            return class_breaks(rate.shown(counts, people), whole=False)
        values = metric_values(metric, counts, people, area_km2)
        return class_breaks(values, whole=metric == "count")

    def _layer_counts(self, slot: int, filters: Filters) -> LayerCounts:
        """Count a whole layer once for all of its metrics, and for the areas drilled to."""
        key = self._layer_key(slot, filters)
        found = self._store.get(key, self.revisions)
        if not isinstance(found, LayerCounts):
            rows, counts = self.tally(self.home).by_feature(slot, filters)
            found = LayerCounts(rows, None if counts is None else counts.astype(np.uint32))
            self._store.put(key, self.revisions, found)
        return found

    def _layer_key(self, slot: int, filters: Filters) -> tuple[object, ...]:
        return (self.viewer.scope_key, "layer", slot, filters)

    def _bounds(self, row: int) -> Bounds:
        query = text(read_sql_file("dashboard", "bounds.sql"))
        area_id = int(self.picture.lineage.area_ids[row])
        with transaction(self._engine, self.viewer) as connection:
            found = connection.execute(query, {"area_id": area_id}).one()
        return (found.west, found.south, found.east, found.north)

    def _bounds_of_time(self) -> Days:
        covered = self.coverage()
        if covered is not None:
            return covered
        today = self.revisions.changed_at.astimezone(self.hierarchy.time_zone).date()
        return Days(today, today + timedelta(days=1))
