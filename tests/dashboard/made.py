"""A source without a database: areas and counts by day made by hand, summed in plain loops."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dashboard.answers import Trend
from dashboard.areas import Areas
from dashboard.filters import Filters
from dashboard.lineage import Lineage, Rows
from dashboard.period import Days
from geo.hierarchy import SLOTS, load_hierarchy

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """An area made by hand.

    Attributes:
        around: code of the area just around it; none for the top.
        also: slots of other layers in which it stands in for an area that is missing.
    """

    code: str
    slot: int
    around: str = ""
    people: float = np.nan
    households: float = np.nan
    kind: str | None = None
    km2: float = 1.0
    also: tuple[int, ...] = ()


def lineage_of(places: Sequence[Place]) -> Lineage:
    """The lineage of areas, the top first, with ids in their order."""
    row_of = {place.code: row for row, place in enumerate(places)}
    above = np.full((len(SLOTS), len(places)), -1, np.int32)
    displayed = np.zeros((len(SLOTS), len(places)), bool)
    for row, place in enumerate(places):
        around: Place | None = place
        while around:
            above[around.slot, row] = row_of[around.code]
            around = places[row_of[around.around]] if around.around else None
        displayed[[place.slot, *place.also], row] = True
        above[[*place.also], row] = row
    table = pa.table(
        {
            "code": [place.code for place in places],
            "name": [f"名{place.code}" for place in places],
            "name_en": [f"Name {place.code}" for place in places],
            "kind": pa.array([place.kind for place in places], pa.string()),
            "population": [float(place.people) for place in places],
            "households": [float(place.households) for place in places],
            "area_km2": [float(place.km2) for place in places],
            "lon": [0.0] * len(places),
            "lat": [0.0] * len(places),
        }
    )
    ids = 10 * (1 + np.arange(len(places), dtype=np.int32))
    slots = np.array([place.slot for place in places], np.int8)
    current = np.ones(len(places), bool)
    return Lineage(table, ids, slots, current, above, displayed, places[0].code)


class MadeSource:
    """Answers what a ``Source`` answers, of incidents by area and day.

    Args:
        places: the areas, the top first.
        daily: incidents by day of the finest areas, by code; none of those left out.
        first: the first day of data.
    """

    def __init__(
        self, places: Sequence[Place], daily: Mapping[str, Sequence[int]], first: date
    ) -> None:
        lineage = lineage_of(places)
        length = max(map(len, daily.values()), default=0)
        self._daily = daily
        self._paths = {place.code: _path(place, places) for place in places}
        self._covered = Days(first, first + length * ONE_DAY) if length else None
        self.home = places[0].code
        self.hierarchy = load_hierarchy("china")
        basics = SimpleNamespace(hierarchy=self.hierarchy)
        self.picture: Any = SimpleNamespace(lineage=lineage, covered=self._covered, basics=basics)
        self.areas = Areas(self.picture)

    def coverage(self) -> Days | None:
        return self._covered

    def count(self, code: str, days: Days) -> int | None:
        """Count an area's incidents; ``None`` where no day has data."""
        known = days.clipped(self._covered) if self._covered else None
        return sum(self._by_day(code, known)) if known else None

    def counts(self, code: str, slot: int, filters: Filters) -> tuple[Rows, Any]:
        lineage = self.picture.lineage
        rows = lineage.features(slot, lineage.row(code))
        found = [self.count(lineage.text("code", row), filters.days) for row in rows.tolist()]
        return rows, None if None in found else np.array(found, float)

    def children(self, code: str, filters: Filters) -> pd.DataFrame:
        slot = self.areas.child_slot(self.picture.lineage.row(code))
        if slot is None:
            return self.areas.counted(np.zeros(0, np.int32), None)
        return self.areas.counted(*self.counts(code, slot, filters))

    def trend(self, code: str, filters: Filters) -> Trend:
        days = [filters.days.since + n * ONE_DAY for n in range(len(filters.days))]
        counts = [self.count(code, Days(day, day + ONE_DAY)) for day in days]
        return Trend("day", tuple(days), tuple(counts), (None,) * len(days))

    def kept(self, _key: object, make: Callable[[], Any]) -> Any:
        return make()

    def _by_day(self, code: str, days: Days) -> list[int]:
        first = (days.since - self._covered.since).days
        leaves = [leaf for leaf in self._daily if code in self._paths[leaf]]
        counted = (self._daily[leaf][first : first + len(days)] for leaf in leaves)
        return [sum(numbers) for numbers in counted]


def _path(place: Place, places: Sequence[Place]) -> tuple[str, ...]:
    by_code = {each.code: each for each in places}
    found = [place.code]
    while by_code[found[-1]].around:
        found.append(by_code[found[-1]].around)
    return tuple(found)
