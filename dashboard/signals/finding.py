"""Spots of the layers in a viewer's scope, found once for each version of the data."""

from __future__ import annotations

import numpy as np
from sqlalchemy import Engine

from dashboard.counts import Floats
from dashboard.errors import DataMovedError
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.signals.answers import Emerging, Signals
from dashboard.signals.months import FEWEST_MONTHS, months_back
from dashboard.signals.neighbours import Neighbours, read_neighbours
from dashboard.signals.spots import Layer, emerging_spots, hot_spots, nothing
from dashboard.store import Store
from dashboard.tally import Tally
from geo.database import transaction
from geo.revisions import current
from geo.viewer import Viewer


class Finder:
    """Finds the spots of whole layers, so that a class is the same wherever one drills to.

    Args:
        engine: the database.
        viewer: sees the areas compared.
        store: keeps what was found.
        tally: the sums of the viewer's own area.
    """

    def __init__(self, engine: Engine, viewer: Viewer, store: Store, tally: Tally) -> None:
        self._engine = engine
        self._viewer = viewer
        self._store = store
        self._tally = tally
        self._picture = tally.picture

    def hot(self, slot: int, filters: Filters, per: str) -> Signals:
        """Find the hot and cold spots of a layer in a period."""
        key = self._key("hot", slot, filters, per)
        found = self._store.get(key, self._picture.revisions)
        if not isinstance(found, Signals):
            layer, covered = self._layer(slot, per), self._picture.covered
            _, counts = self._tally.by_feature(slot, filters)
            if covered is None or counts is None:
                return nothing(layer)
            days = filters.days.clipped(covered)
            found = self._store.made(
                key, self._picture.revisions, lambda _: hot_spots(layer, counts, days)
            )
        return found

    def emerging(self, slot: int, filters: Filters, per: str) -> Emerging:
        """Find how the spots came about that there are at the end of a period."""
        steps = self.months(filters.days)
        if not steps:
            return nothing(self._layer(slot, per))
        key = self._key(
            "emerging", slot, filters.during(Days(steps[0].since, steps[-1].until)), per
        )
        found = self._store.get(key, self._picture.revisions)
        if not isinstance(found, Emerging):
            layer, counts = self._layer(slot, per), self._by_month(slot, filters, steps)
            found = self._store.made(
                key, self._picture.revisions, lambda _: emerging_spots(layer, counts, steps)
            )
        return found

    def months(self, days: Days) -> tuple[Days, ...]:
        """The months looked at for the end of a period; none where there are too few."""
        covered = self._picture.covered
        if covered is None or not days.clipped(covered):
            return ()
        steps = months_back(min(days.until, covered.until), covered.since)
        return steps if len(steps) >= FEWEST_MONTHS else ()

    def _by_month(self, slot: int, filters: Filters, steps: tuple[Days, ...]) -> Floats:
        counted = (self._tally.by_feature(slot, filters.during(days))[1] for days in steps)
        return np.stack([counts for counts in counted if counts is not None], axis=1)

    def _layer(self, slot: int, per: str) -> Layer:
        neighbours = self._neighbours(slot)
        people = self._picture.lineage.numbers(per if per == "households" else "population")
        return Layer(neighbours, people[neighbours.rows])

    def _neighbours(self, slot: int) -> Neighbours:
        lineage, version = self._picture.lineage, self._picture.revisions.area
        key = self._key("neighbours", slot)
        found = self._store.get(key, version)
        if isinstance(found, Neighbours):
            return found
        # The connection comes first: a maker must not wait for one, see ``Store.made``.
        with transaction(self._engine, self._viewer) as connection:
            if current(connection).area != version:
                raise DataMovedError("the areas changed while they were being read")
            return self._store.made(
                key, version, lambda _: read_neighbours(connection, lineage, slot)
            )

    def _key(self, *parts: object) -> tuple[object, ...]:
        return (self._viewer.scope_key, *parts)
