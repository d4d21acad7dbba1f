"""The dictionaries of categories, channels, statuses and scales, and filters as tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from dashboard.answers import Term
from dashboard.filters import KINDS, Filters
from geo.database import read_sql_file

OPEN, RESOLVED = 1, 2
"""Ids of the statuses that mean this, whatever a dictionary calls them; the schema sets them."""


@dataclass(frozen=True)
class Terms:
    """The dictionaries of a database.

    Attributes:
        by_kind: the terms of each kind, by id.
        shape: for category, channel and status, one more than the largest id. A triple of
            ids is a *combination*, numbered in C order within this shape.
    """

    by_kind: Mapping[str, tuple[Term, ...]]
    shape: tuple[int, int, int]

    @classmethod
    def of(cls, by_kind: Mapping[str, tuple[Term, ...]]) -> Terms:
        """Build the dictionaries from their terms."""
        sizes = [max((t.id for t in by_kind.get(kind, ())), default=0) + 1 for kind in KINDS]
        return cls(by_kind, (sizes[0], sizes[1], sizes[2]))

    @property
    def combinations(self) -> int:
        """How many combinations there are."""
        return int(np.prod(self.shape))

    def ids(self, kind: str, codes: Iterable[str]) -> frozenset[int]:
        """Return the ids of codes; codes that name no term are left out."""
        wanted = frozenset(codes)
        return frozenset(term.id for term in self.by_kind.get(kind, ()) if term.code in wanted)

    def unknown(self, kind: str, codes: Iterable[str]) -> list[str]:
        """Return the codes that name no term of a kind."""
        known = {term.code for term in self.by_kind.get(kind, ())}
        return sorted(set(codes) - known)

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """Tell for each combination whether the filters' terms let it through."""
        axes = []
        chosen = (filters.categories, filters.channels, filters.statuses)
        for size, ids in zip(self.shape, chosen, strict=True):
            axis = np.full(size, not ids)
            axis[[number for number in ids if number < size]] = True
            axes.append(axis)
        allowed: NDArray[np.bool_] = np.einsum("i,j,k->ijk", *axes).ravel()
        return allowed

    def number(
        self,
        category: NDArray[np.integer],
        channel: NDArray[np.integer],
        status: NDArray[np.integer],
    ) -> NDArray[np.int32]:
        """Return the combination of each triple of ids.

        Raises:
            ValueError: an id is in no dictionary.
        """
        return np.ravel_multi_index(
            (category.astype(np.intp), channel.astype(np.intp), status.astype(np.intp)), self.shape
        ).astype(np.int32)


def read_terms(connection: Connection) -> Terms:
    """Read the dictionaries; within one transaction."""
    by_kind: dict[str, tuple[Term, ...]] = {}
    for row in connection.execute(text(read_sql_file("dashboard", "terms.sql"))):
        term = Term(row.id, row.code, row.name_zh, row.name_en)
        by_kind[row.kind] = (*by_kind.get(row.kind, ()), term)
    return Terms.of(by_kind)
