"""From the blocks in the database to counts in memory, county by county and year by year."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.counts import Counts, Entries
from dashboard.lineage import Lineage
from dashboard.packed import read_rows
from dashboard.period import Days
from dashboard.terms import Terms
from dashboard.tokens import TOKEN_BYTES, Token
from geo.blocks import CELL_ENTRY, DAY_ENTRY

Unit = Literal["days", "months"]


@dataclass(frozen=True)
class CountyCounts:
    """The counts of every county in scope in some days, not divided further.

    Attributes:
        counts: its places are the counties of ``tokens``, in that order.
        tokens: for each county, what tells whether its incidents changed.
    """

    counts: Counts
    tokens: Mapping[str, Token]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.counts.nbytes + TOKEN_BYTES * len(self.tokens)


@dataclass(frozen=True)
class Blocks:
    """The blocks that a viewer may read, as counts of areas and terms.

    Attributes:
        connection: within the viewer's transaction.
    """

    connection: Connection
    lineage: Lineage
    terms: Terms

    def by_county(
        self, tokens: Mapping[str, Token], days: Days, unit: Unit, former: CountyCounts | None
    ) -> CountyCounts:
        """Read the counts of counties; of those unchanged, take what ``former`` held.

        Args:
            tokens: the counties, and what they are like now.
            days: whole months.
            unit: whether entries are by day, or on the first day of their month.
            former: of the same days and unit.
        """
        terms = self.terms
        known = former.tokens if former and former.counts.combinations == terms.combinations else {}
        changed = [code for code, token in tokens.items() if known.get(code) != token]
        place = {code: at for at, code in enumerate(tokens)}
        parts = [_kept(former, place, changed)] if former and known else []
        for code, spans, block in self._read(f"county_{unit}.sql", changed, days):
            entries = np.frombuffer(block, DAY_ENTRY)
            at = np.int32(place[bytes(code).decode()])
            parts.append(_entries(entries, first_days(spans), terms, at))
        rows = np.array([self.lineage.standing_for(code) for code in tokens], np.int32)
        return CountyCounts(Counts.ordered(rows, terms.combinations, _joined(parts)), tokens)

    def by_cell(self, counties: Collection[str], days: Days) -> dict[tuple[str, int], Counts]:
        """Read the counts of counties by cell, or by the finest area that an incident is known in.

        Returns:
            By county and year, for the years of ``days`` in which there is an incident.
        """
        found = {}
        for name, year, spans, block in self._read("cell_entries.sql", counties, days):
            code = bytes(name).decode()
            entries = np.frombuffer(block, CELL_ENTRY)
            areas, place = np.unique(entries["cell"], return_inverse=True)
            rows = self.lineage.rows_of(areas.astype(np.int32))
            rows[rows < 0] = self.lineage.standing_for(code)
            parts = _entries(entries, first_days(spans), self.terms, place)
            counts = Counts.ordered(rows, self.terms.combinations, parts)
            found[code, int.from_bytes(year)] = counts
        return found

    def nothing(self) -> Counts:
        """Return the counts of no incident."""
        return Counts.ordered(np.empty(0, np.int32), self.terms.combinations, _joined([]))

    def _read(
        self, name: str, counties: Collection[str], days: Days
    ) -> Iterator[tuple[memoryview, ...]]:
        if counties:
            wanted = {"counties": list(counties), "since": days.since, "until": days.until}
            yield from read_rows(self.connection, name, wanted)


def first_days(spans: memoryview) -> NDArray[np.int32]:
    """Return for each entry of several months the first day of its month, since 1970-01-01."""
    first, entries = np.frombuffer(spans, ">i4").reshape(-1, 2).T
    return np.repeat(first, entries).astype(np.int32)


def _entries(
    entries: NDArray[np.void],
    first_days: NDArray[np.int32],
    terms: Terms,
    place: NDArray[np.integer] | np.int32,
) -> Entries:
    return {
        # Entries of whole months have no day, 0.
        "day": first_days + np.maximum(entries["day"], 1) - 1,
        "place": np.broadcast_to(np.asarray(place, np.int32), len(entries)),
        "combination": terms.number(entries["category"], entries["channel"], entries["status"]),
        "n": entries["n"],
    }


def _kept(former: CountyCounts, place: Mapping[str, int], changed: Collection[str]) -> Entries:
    gone = set(changed) | (set(former.tokens) - set(place))
    moved = np.array([-1 if code in gone else place[code] for code in former.tokens], np.int32)
    entries = former.counts.unpacked()
    places = moved[entries["place"]] if len(moved) else entries["place"]
    stay = places >= 0
    return {name: column[stay] for name, column in (entries | {"place": places}).items()}


def _joined(parts: Sequence[Entries]) -> Entries:
    names = ("day", "place", "combination", "n")
    if not parts:
        return {name: np.empty(0, np.int32) for name in names}
    return {name: np.concatenate([part[name] for part in parts]) for name in names}
