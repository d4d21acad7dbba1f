"""Open incidents and their deadlines: the only figures that rollups do not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.counts import day_number
from dashboard.lineage import Lineage
from dashboard.packed import read_fixed
from dashboard.period import Days
from dashboard.terms import OPEN, Terms

_COLUMNS = {
    "county": "int4",
    "cell_id": "int4",
    "day": "int4",
    "category": "int2",
    "channel": "int2",
    "deadline": "int8",
}


@dataclass(frozen=True)
class OpenIncidents:
    """The incidents in scope that are open and have a deadline.

    Attributes:
        columns: m rows each: ``county`` (index into ``tokens``), ``cell_id``, ``row`` of
            the lineage, ``day``, ``combination``, ``deadline`` in seconds since 1970.
        tokens: for each county, what tells whether its incidents changed.
        shape: of the dictionaries that ``combination`` is numbered in.
    """

    columns: Mapping[str, NDArray[np.integer]]
    tokens: Mapping[str, object]
    shape: tuple[int, int, int]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(column.nbytes for column in self.columns.values())

    def overdue(
        self, as_of: datetime, days: Days, allowed: NDArray[np.bool_], inside: NDArray[np.bool_]
    ) -> int:
        """Count incidents whose deadline lies before ``as_of``.

        Args:
            as_of: with time zone.
            days: the days on which they occurred.
            allowed: which combinations of terms count.
            inside: which rows of the lineage count.
        """
        day = self.columns["day"]
        chosen = (day >= day_number(days.since)) & (day < day_number(days.until))
        chosen &= self.columns["deadline"] < as_of.timestamp()
        chosen &= allowed[self.columns["combination"]]
        chosen &= inside[self.columns["row"]]
        return int(np.count_nonzero(chosen))


def read_open_incidents(
    connection: Connection,
    tokens: Mapping[str, object],
    lineage: Lineage,
    terms: Terms,
    former: OpenIncidents | None,
) -> OpenIncidents:
    """Read the open incidents; of unchanged counties, take what ``former`` held.

    A new term may number all combinations anew: then nothing is taken over.
    """
    if former and former.shape != terms.shape:
        former = None
    known: Mapping[str, object] = former.tokens if former else {}
    changed = [code for code, token in tokens.items() if known.get(code) != token]
    fresh = read_fixed(connection, "open_incidents.sql", _COLUMNS, {"counties": changed})
    place = {code: at for at, code in enumerate(tokens)}
    fresh["county"] = np.array([place[code] for code in changed], np.int32)[fresh["county"]]
    status = np.full(len(fresh["category"]), OPEN)
    fresh["combination"] = terms.number(fresh.pop("category"), fresh.pop("channel"), status)
    kept = _kept(former, place, set(changed)) if former else {}
    columns = {
        name: np.concatenate([kept.get(name, column[:0]), column]) for name, column in fresh.items()
    }
    rows = lineage.rows_of(columns["cell_id"])
    counties = np.array([lineage.standing_for(code) for code in tokens], np.int32)
    columns["row"] = np.where(rows >= 0, rows, counties[columns["county"]] if len(counties) else -1)
    return OpenIncidents(columns, tokens, terms.shape)


def _kept(
    former: OpenIncidents, place: Mapping[str, int], changed: set[str]
) -> dict[str, NDArray[np.integer]]:
    moved = np.array([-1 if code in changed else place.get(code, -1) for code in former.tokens])
    county = former.columns["county"]
    places = moved[county] if len(moved) else county
    stay = places >= 0
    kept = {name: column[stay] for name, column in former.columns.items()}
    return kept | {"county": places[stay]}
