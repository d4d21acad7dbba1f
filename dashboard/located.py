"""How well the incidents of an area are located: to the point, or to an area only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.counts import day_number
from dashboard.filters import Filters
from dashboard.tally import Tally
from dashboard.unlocated import Unlocated
from geo.hierarchy import SLOTS


@dataclass(frozen=True)
class Location:
    """How well n incidents are located.

    Attributes:
        total: n; not counted, and 0, where all are located to the point.
        by_slot: those without a point, by the slot of the area they are known to lie in.
        missing: those that are not in the figures of the layer shown, because they are known
            less precisely than it; by slot likewise.
    """

    total: int
    by_slot: dict[int, int]
    missing: dict[int, int]

    @property
    def points(self) -> int:
        """Incidents located to the point."""
        return self.total - sum(self.by_slot.values())


def location(parts: Sequence[Unlocated], tally: Tally, filters: Filters, layer: int) -> Location:
    """Tell how well the incidents of an area are located.

    Args:
        parts: the incidents without a point of the area's counties.
        tally: the area's sums.
        filters: what is counted.
        layer: slot of the layer shown.
    """
    lineage, terms = tally.picture.lineage, tally.picture.basics.terms
    allowed, inside = terms.allowed(filters), lineage.inside(tally.row)
    first, end = day_number(filters.days.since), day_number(filters.days.until)
    by_slot = np.zeros(len(SLOTS), np.int64)
    missing = np.zeros(len(SLOTS), np.int64)
    for part in parts:
        chosen = (part.day >= first) & (part.day < end)
        chosen &= allowed[part.combination] & inside[part.row]
        row, incidents = part.row[chosen], part.incidents[chosen]
        slots = lineage.slots[row]
        np.add.at(by_slot, slots, incidents)
        absent = (lineage.feature[layer][row] < 0) & (slots < layer)
        np.add.at(missing, slots[absent], incidents[absent])
    total = int(tally.by_category(filters).sum()) if by_slot.any() else 0
    return Location(total, _by_slot(by_slot), _by_slot(missing))


def _by_slot(counts: NDArray[np.int64]) -> dict[int, int]:
    """The counts that are not zero, finest first."""
    return {slot: int(counts[slot]) for slot in reversed(range(len(SLOTS))) if counts[slot]}
