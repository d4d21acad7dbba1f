"""When in the week incidents occur, by weekday and hour of the day.

Counties are read from their blocks; below them the incidents of one county are, by area.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.blocks import first_days
from dashboard.counts import day_number
from dashboard.filters import Filters
from dashboard.lineage import Lineage
from dashboard.packed import read_fixed, read_rows
from dashboard.period import Days
from dashboard.terms import Terms
from geo.blocks import HOUR_ENTRY, NO_HOUR, Entries

if TYPE_CHECKING:
    from dashboard.tally import Tally

WEEKDAYS, HOURS = 7, 24
_COLUMNS = {
    "county": "int4",
    "cell_id": "int4",
    "weekday": "int2",
    "hour": "int2",
    "category": "int2",
    "channel": "int2",
    "status": "int2",
    "incidents": "int4",
}
_THURSDAY = 3
"""The weekday of 1970-01-01."""


@dataclass(frozen=True)
class Asked:
    """What is read of the incidents.

    Attributes:
        counties: codes.
        days: when they occurred.
        zone: whose weekdays and hours.
    """

    counties: tuple[str, ...]
    days: Days
    zone: ZoneInfo


@dataclass(frozen=True)
class Hours:
    """Incidents of one county on the days asked for, in m groups.

    Attributes:
        row: of the lineage.
        weekday: 0 (Monday) to 6.
        hour: 0 to 23; -1 where the record has no time of day.
        combination: of terms, see ``dashboard.terms.Terms``.
        incidents: how many.
    """

    row: NDArray[np.int32]
    weekday: NDArray[np.int16]
    hour: NDArray[np.int16]
    combination: NDArray[np.int32]
    incidents: NDArray[np.int32]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(getattr(self, part.name).nbytes for part in fields(self))


@dataclass(frozen=True)
class WeekHours:
    """The incidents of an area by weekday and hour.

    Attributes:
        counts: shape (7, 24), Monday first.
        without_time: of each weekday, those whose record has no time of day.
        days: of each weekday, how many lie in the period; none where it has no such day.
    """

    counts: NDArray[np.int64]
    without_time: NDArray[np.int64]
    days: NDArray[np.int64]

    @property
    def total(self) -> int:
        """All of them."""
        return int(self.counts.sum() + self.without_time.sum())

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.counts.nbytes + self.without_time.nbytes + self.days.nbytes


def week_hours(parts: Sequence[Hours], tally: Tally, filters: Filters) -> WeekHours:
    """Sum the groups that lie in an area and that the filters' terms let through."""
    inside = tally.picture.lineage.inside(tally.row)
    allowed = tally.picture.basics.terms.allowed(filters)
    sums = np.zeros(WEEKDAYS * (HOURS + 1))
    for part in parts:
        weights = part.incidents * (inside[part.row] & allowed[part.combination])
        sums += np.bincount(part.weekday * (HOURS + 1) + part.hour + 1, weights, len(sums))
    table = sums.reshape(WEEKDAYS, HOURS + 1).astype(np.int64)
    since = filters.days.since
    weekdays = [(since + timedelta(days=each)).weekday() for each in range(len(filters.days))]
    days = np.bincount(np.array(weekdays, np.int64), minlength=WEEKDAYS)
    return WeekHours(table[:, 1:], table[:, 0], days)


def read_hours(
    connection: Connection, asked: Asked, lineage: Lineage, terms: Terms
) -> dict[str, Hours]:
    """Read the incidents of counties by area; within the viewer's transaction."""
    values = {
        "counties": list(asked.counties),
        "since": asked.days.since,
        "until": asked.days.until,
        "zone": asked.zone.key,
    }
    read = read_fixed(connection, "hours.sql", _COLUMNS, values)
    rows = lineage.rows_of(read["cell_id"])
    county_rows = np.array([lineage.standing_for(code) for code in asked.counties], np.int32)
    columns: dict[str, NDArray[Any]] = {
        "row": np.where(rows >= 0, rows, county_rows[read["county"]]).astype(np.int32),
        "weekday": read["weekday"] - np.int16(1),
        "hour": read["hour"],
        "combination": terms.number(read["category"], read["channel"], read["status"]),
        "incidents": read["incidents"],
    }
    found = {}
    for at, code in enumerate(asked.counties):
        own = read["county"] == at
        found[code] = Hours(*(columns[part.name][own] for part in fields(Hours)))
    return found


def read_county_hours(
    connection: Connection, asked: Asked, lineage: Lineage, terms: Terms
) -> dict[str, Hours]:
    """Read counties as wholes from their blocks; within the viewer's transaction."""
    days = {"since": asked.days.since, "until": asked.days.until}
    values = {"counties": list(asked.counties), **days}
    nothing = (np.empty(0, HOUR_ENTRY), np.empty(0, np.int32))
    found = dict.fromkeys(asked.counties, nothing)
    for code, spans, block in read_rows(connection, "county_hours.sql", values):
        entries = np.frombuffer(block, HOUR_ENTRY)
        day = first_days(spans) + entries["day"] - 1
        chosen = (day >= day_number(asked.days.since)) & (day < day_number(asked.days.until))
        found[bytes(code).decode()] = (entries[chosen], day[chosen])
    return {
        code: _of_county(lineage.standing_for(code), entries, day, terms)
        for code, (entries, day) in found.items()
    }


def _of_county(row: int, entries: Entries, day: NDArray[np.int32], terms: Terms) -> Hours:
    combination = terms.number(entries["category"], entries["channel"], entries["status"])
    weekday, hour, incidents = (day + _THURSDAY) % WEEKDAYS, entries["hour"], entries["n"]
    shape = (terms.combinations, WEEKDAYS, NO_HOUR + 1)
    if len(incidents) > math.prod(shape):
        # Of so long a period there are fewer groups than entries: what is kept does not grow on.
        at = np.ravel_multi_index((combination, weekday, hour), shape)
        sums = np.bincount(at, incidents)
        (found,) = np.nonzero(sums)
        groups = np.unravel_index(found, shape)
        combination, weekday, hour = (each.astype(np.int32) for each in groups)
        incidents = sums[found]
    return Hours(
        row=np.full(len(incidents), row, np.int32),
        weekday=weekday.astype(np.int16),
        hour=np.where(hour == NO_HOUR, np.int16(-1), hour.astype(np.int16)),
        combination=combination,
        incidents=incidents.astype(np.int32),
    )
