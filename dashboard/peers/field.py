"""Where peers are looked for: the areas of one level inside an area, in comparable groups."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dashboard.counts import Floats
from dashboard.filters import Filters
from dashboard.lineage import Rows
from dashboard.peers.bands import BANDS, size_bands
from dashboard.peers.kinds import kind_of
from dashboard.peers.since import History, history
from dashboard.source import Source

CHINA = "china"


@dataclass(frozen=True)
class Members:
    """The n areas of one kind and size, with what they are compared by.

    Attributes:
        band: one of ``BANDS``; ``None`` where the kind is not divided by size.
        rows: of the lineage, ascending.
    """

    kind: str
    band: str | None
    rows: Rows
    counts: Floats
    people: Floats


@dataclass(frozen=True)
class Field:
    """The areas of a level inside an area, over a period.

    Attributes:
        code: of the area they lie in.
        slot: of their level.
        per: what rates are of: ``people`` or ``households``.
    """

    source: Source
    code: str
    slot: int
    filters: Filters
    per: str

    @cached_property
    def _counted(self) -> tuple[Rows, Floats, Floats] | None:
        """Rows, incidents and people; ``None`` when no day of the period has data."""
        rows, counts = self.source.counts(self.code, self.slot, self.filters)
        if counts is None:
            return None
        lineage = self.source.picture.lineage
        # What stands in for a missing level is no peer of those that are of the level.
        real = lineage.slots[rows] == self.slot
        column = "population" if self.per == "people" else "households"
        return rows[real], counts[real], lineage.numbers(column)[rows[real]]

    @property
    def has_data(self) -> bool:
        """Whether any day of the period has data."""
        return self._counted is not None

    @property
    def unknown(self) -> int:
        """How many areas have nobody to relate incidents to."""
        return 0 if self._counted is None else int((~(self._counted[2] > 0)).sum())

    @cached_property
    def history(self) -> History | None:
        """Their incidents month by month."""
        return history(self.source, self.code, self.slot, self.filters)

    @cached_property
    def groups(self) -> list[Members]:
        """The areas by kind, and by size where a kind has enough of them, the most first."""
        if self._counted is None:
            return []
        rows, counts, people = self._counted
        parts = [
            Members(kind, band, rows[at], counts[at], people[at])
            for kind, band, at in self._parts(rows, people)
        ]
        parts.sort(key=lambda part: (-len(part.rows), part.kind, -part.people[0]))
        return parts

    def _parts(self, rows: Rows, people: Floats) -> list[tuple[str, str | None, NDArray[np.intp]]]:
        lineage, china = self.source.picture.lineage, self.source.hierarchy.key == CHINA
        by_kind: dict[str, list[int]] = defaultdict(list)
        for at in np.flatnonzero(people > 0).tolist():
            by_kind[kind_of(lineage, int(rows[at]), china=china)].append(at)
        parts: list[tuple[str, str | None, NDArray[np.intp]]] = []
        for kind, members in by_kind.items():
            every = np.array(members, np.intp)
            bands = size_bands(people[every])
            if bands is None:
                parts.append((kind, None, every))
            else:
                parts += [(kind, name, every[bands == at]) for at, name in enumerate(BANDS)]
        return parts
