"""The incidents of which only an area is known, not a point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.lineage import Lineage
from dashboard.packed import read_fixed
from dashboard.terms import Terms

_COLUMNS = {
    "county": "int4",
    "cell_id": "int4",
    "day": "int4",
    "category": "int2",
    "channel": "int2",
    "status": "int2",
    "incidents": "int4",
}


@dataclass(frozen=True)
class Unlocated:
    """Incidents of one county of which no point is known, in m groups.

    Attributes:
        day: days since 1970-01-01.
        combination: of terms, see ``dashboard.terms.Terms``.
        row: of the lineage: the area they are known to lie in.
        incidents: how many.
    """

    day: NDArray[np.int32]
    combination: NDArray[np.int32]
    row: NDArray[np.int32]
    incidents: NDArray[np.int32]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(getattr(self, part.name).nbytes for part in fields(self))


def read_unlocated(
    connection: Connection, counties: Sequence[str], lineage: Lineage, terms: Terms
) -> dict[str, Unlocated]:
    """Read the incidents without a point of counties; within the viewer's transaction."""
    read = read_fixed(connection, "unlocated.sql", _COLUMNS, {"counties": list(counties)})
    rows = lineage.rows_of(read["cell_id"])
    county_rows = np.array([lineage.standing_for(code) for code in counties], np.int32)
    columns = {
        "day": read["day"],
        "combination": terms.number(read["category"], read["channel"], read["status"]),
        "row": np.where(rows >= 0, rows, county_rows[read["county"]]).astype(np.int32),
        "incidents": read["incidents"],
    }
    found = {}
    for at, code in enumerate(counties):
        own = read["county"] == at
        found[code] = Unlocated(*(columns[part.name][own] for part in fields(Unlocated)))
    return found
