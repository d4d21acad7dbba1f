"""The places of incidents, in the plane that densities are measured in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.counts import day_number
from dashboard.lineage import Lineage
from dashboard.packed import read_fixed
from dashboard.period import Days
from dashboard.terms import Terms
from geo.crs import STORED_CRS, transformer

_COLUMNS = {
    "county": "int4",
    "cell_id": "int4",
    "day": "int4",
    "category": "int2",
    "channel": "int2",
    "status": "int2",
    "lon_lat": "point",
}


@dataclass(frozen=True)
class Points:
    """The places of m incidents of one county.

    Attributes:
        x_m, y_m: in the hierarchy's measuring plane; exact to about 0.1 m.
        day: days since 1970-01-01.
        combination: of terms, see ``dashboard.terms.Terms``.
        row: of the lineage.
    """

    x_m: NDArray[np.float32]
    y_m: NDArray[np.float32]
    day: NDArray[np.int32]
    combination: NDArray[np.int32]
    row: NDArray[np.int32]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(getattr(self, part.name).nbytes for part in fields(self))

    def chosen(
        self, days: Days, allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.int32]]:
        """Return the places and rows of incidents on some days, of some terms."""
        chosen = (self.day >= day_number(days.since)) & (self.day < day_number(days.until))
        chosen &= allowed[self.combination]
        return self.x_m[chosen], self.y_m[chosen], self.row[chosen]


def read_points(
    connection: Connection,
    counties: Sequence[str],
    lineage: Lineage,
    terms: Terms,
    measuring_crs: str,
    days: Days,
) -> dict[str, Points]:
    """Read the places of incidents of some counties and days; within the viewer's transaction."""
    wanted = {"counties": list(counties), "since": days.since, "until": days.until}
    read = read_fixed(connection, "points.sql", _COLUMNS, wanted)
    x_m, y_m = transformer(STORED_CRS, measuring_crs).transform(*read["lon_lat"].T)
    rows = lineage.rows_of(read["cell_id"])
    county_rows = np.array([lineage.standing_for(code) for code in counties], np.int32)
    columns = {
        "x_m": np.asarray(x_m, np.float32),
        "y_m": np.asarray(y_m, np.float32),
        "day": read["day"],
        "combination": terms.number(read["category"], read["channel"], read["status"]),
        "row": np.where(rows >= 0, rows, county_rows[read["county"]]).astype(np.int32),
    }
    order = np.argsort(read["county"], kind="stable")
    ends = np.cumsum(np.bincount(read["county"], minlength=len(counties)))[:-1]
    split = {name: np.split(column[order], ends) for name, column in columns.items()}
    return {
        code: Points(*(split[name][at] for name in columns)) for at, code in enumerate(counties)
    }
