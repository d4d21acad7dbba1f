"""From the blocks in the database to counts in memory, county by county."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.counts import Counts
from dashboard.lineage import Lineage
from dashboard.packed import read_rows
from dashboard.terms import Terms
from geo.blocks import CELL_ENTRY, DAY_ENTRY

Token = tuple[int, int]
Tokens = Mapping[str, Token]
Entries = dict[str, NDArray[np.integer]]


@dataclass(frozen=True)
class CountyCounts:
    """The counts of every county in scope, not divided further.

    Attributes:
        counts: its places are the counties of ``tokens``, in that order.
        tokens: for each county, what tells whether its incidents changed.
    """

    counts: Counts
    tokens: Tokens

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.counts.nbytes


def read_tokens(connection: Connection, *, by_township: bool) -> dict[str, Token]:
    """Read which counties there are, and for each what changes whenever its incidents do.

    Args:
        connection: within the viewer's transaction.
        by_township: whether the viewer's scope is a township, so that no block of a
            county can be read.
    """
    name = "township_tokens.sql" if by_township else "county_tokens.sql"
    return {
        bytes(code).decode(): (int.from_bytes(blocks), int.from_bytes(revision))
        for code, blocks, revision in read_rows(connection, name, {})
    }


def read_county_counts(
    connection: Connection,
    tokens: Tokens,
    lineage: Lineage,
    terms: Terms,
    former: CountyCounts | None,
) -> CountyCounts:
    """Read the counts of every county; of those unchanged, take what ``former`` held."""
    known = former.tokens if former and former.counts.combinations == terms.combinations else {}
    changed = [code for code, token in tokens.items() if known.get(code) != token]
    place = {code: at for at, code in enumerate(tokens)}
    parts = [_kept(former, place, changed)] if former and known else []
    for code, spans, block in _blocks(connection, "county_days.sql", changed):
        entries = np.frombuffer(block, DAY_ENTRY)
        parts.append(_entries(entries, first_days(spans), terms, np.int32(place[code])))
    rows = np.array([lineage.standing_for(code) for code in tokens], np.int32)
    return CountyCounts(Counts.ordered(rows, terms.combinations, _joined(parts)), tokens)


def read_cell_counts(
    connection: Connection, counties: Collection[str], lineage: Lineage, terms: Terms
) -> dict[str, Counts]:
    """Read the counts of counties by cell, or by the finest area that an incident is known in."""
    found = {}
    for code, spans, block in _blocks(connection, "cell_entries.sql", counties):
        entries = np.frombuffer(block, CELL_ENTRY)
        areas, place = np.unique(entries["cell"], return_inverse=True)
        rows = lineage.rows_of(areas.astype(np.int32))
        rows[rows < 0] = lineage.standing_for(code)
        parts = _entries(entries, first_days(spans), terms, place)
        found[code] = Counts.ordered(rows, terms.combinations, parts)
    nothing = _joined([])
    empty = np.empty(0, np.int32)
    return {
        code: found.get(code) or Counts.ordered(empty, terms.combinations, nothing)
        for code in counties
    }


def _blocks(
    connection: Connection, name: str, counties: Collection[str]
) -> Iterator[tuple[str, memoryview, memoryview]]:
    if counties:
        for code, spans, block in read_rows(connection, name, {"counties": list(counties)}):
            yield bytes(code).decode(), spans, block


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
        "day": first_days + entries["day"] - 1,
        "place": np.broadcast_to(np.asarray(place, np.int32), len(entries)),
        "combination": terms.number(entries["category"], entries["channel"], entries["status"]),
        "n": entries["n"],
    }


def _kept(former: CountyCounts, place: Mapping[str, int], changed: Collection[str]) -> Entries:
    gone = set(changed) | (set(former.tokens) - set(place))
    moved = np.array([-1 if code in gone else place[code] for code in former.tokens], np.int32)
    counts = former.counts
    places = moved[counts.place] if len(moved) else counts.place
    stay = places >= 0
    return {
        "day": counts.day[stay],
        "place": places[stay],
        "combination": counts.combination[stay],
        "n": counts.n[stay],
    }


def _joined(parts: list[Entries]) -> Entries:
    names = ("day", "place", "combination", "n")
    if not parts:
        return {name: np.empty(0, np.int32) for name in names}
    return {name: np.concatenate([part[name] for part in parts]) for name in names}
