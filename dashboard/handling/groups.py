"""Reading how incidents went on, in groups: what rollups do not hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.filters import Filters
from dashboard.lineage import Lineage
from dashboard.packed import read_table

_SCHEMA = pa.schema(
    [
        ("county", pa.int32()),
        ("cell_id", pa.int32()),
        ("status", pa.int16()),
        ("organisation", pa.string()),
        ("days", pa.int32()),
        ("late", pa.int32()),
        ("incidents", pa.int64()),
    ]
)


@dataclass(frozen=True)
class Asked:
    """What is read of how incidents went on.

    Attributes:
        query: ``handled.sql``, or ``backlog.sql`` for what is open, whenever it occurred.
        filters: which incidents, over days that have data.
        as_of: the moment at which deadlines are past.
        zone: whose days of the calendar.
        by_area: whether by the finest area known, or for the county as a whole.
    """

    query: str
    filters: Filters
    as_of: datetime
    zone: ZoneInfo
    by_area: bool


@dataclass(frozen=True)
class Groups:
    """Incidents of one county in m groups.

    Attributes:
        row: of the lineage.
        status: id.
        organisation: names; ``None`` where not recorded.
        days: whole days from receipt to resolution; -1 unless resolved at a known time.
        late: whole days past the deadline; -1 if it is not past, -2 if there is none.
        incidents: how many.
    """

    row: NDArray[np.int32]
    status: NDArray[np.int16]
    organisation: NDArray[np.object_]
    days: NDArray[np.int32]
    late: NDArray[np.int32]
    incidents: NDArray[np.int64]

    @property
    def nbytes(self) -> int:
        """Bytes held, a guess for the names."""
        return len(self.row) * 40


def read_groups(
    connection: Connection, counties: list[str], asked: Asked, lineage: Lineage
) -> dict[str, Groups]:
    """Read the incidents of counties; within the viewer's transaction."""
    filters = asked.filters
    values = {
        "counties": counties,
        "since": filters.days.since,
        "until": filters.days.until,
        "as_of": asked.as_of,
        "zone": asked.zone.key,
        "by_area": asked.by_area,
        "categories": sorted(filters.categories),
        "channels": sorted(filters.channels),
        "statuses": sorted(filters.statuses),
    }
    table = read_table(connection, asked.query, _SCHEMA, values)
    columns = {name: table[name].to_numpy() for name in table.column_names}
    rows = lineage.rows_of(columns["cell_id"])
    county_rows = np.array([lineage.standing_for(code) for code in counties], np.int32)
    row = np.where(rows >= 0, rows, county_rows[columns["county"]]).astype(np.int32)
    names = ("status", "organisation", "days", "late", "incidents")
    found = {}
    for at, code in enumerate(counties):
        own = columns["county"] == at
        found[code] = Groups(row[own], *(columns[name][own] for name in names))
    return found
