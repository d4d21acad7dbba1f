"""The published counts of a picture: each county a table of its own, wider areas their sums.

What is hidden in a county depends on the incidents of that county alone. Whoever publishes the
county and whoever publishes the province therefore hide the same counts, and the sum of an area
wider than a county is that of the counties' published counts: it tells nothing new about them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from dashboard.counts import Counts, Floats
from dashboard.lineage import Lineage, Rows
from dashboard.publishing.lattice import UNITS, Span
from geo.disclosure import HIDDEN, Integers, Published, protect, rounded
from geo.hierarchy import CITY, COUNTY, TOWNSHIP

_EPOCH_MONTH = 12 * 1970


@dataclass(frozen=True)
class CountyTable:
    """The published counts of a county and its townships.

    Attributes:
        rows: of the lineage: the county, then its townships.
        published: a row for each.
    """

    rows: Rows
    published: Published

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.rows.nbytes + self.published.nbytes

    def during(self, span: Span) -> Integers:
        """Return the count of each row in a period; ``HIDDEN`` where it is not published."""
        table = {
            "month": self.published.months,
            "quarter": self.published.quarters,
            "year": self.published.years,
        }[span.unit]
        size = UNITS[span.unit]
        at = span.first // size - self.published.first_month // size
        inside = 0 <= at < table.shape[1]
        return table[:, at] if inside else np.full(len(self.rows), HIDDEN, np.int64)


@dataclass(frozen=True)
class Edition:
    """The published counts of every county in a scope."""

    lineage: Lineage
    counties: Mapping[str, CountyTable]
    _known: dict[Span, Floats] = field(default_factory=dict, repr=False, compare=False)

    def counts(self, span: Span) -> Floats:
        """Return the rounded count of every row of the lineage; NaN where it is not published.

        An area wider than a county counts what is published of the counties inside it.
        """
        if span not in self._known:
            self._known[span] = self._counted(span)
        return self._known[span]

    def _counted(self, span: Span) -> Floats:
        lineage = self.lineage
        found = np.full(len(lineage.area_ids), np.nan)
        for table in self.counties.values():
            near = rounded(table.during(span))
            found[table.rows] = np.where(near == HIDDEN, np.nan, near)
            if near[0] == HIDDEN:
                continue
            for above in lineage.path(int(table.rows[0])):
                found[above] = np.nan_to_num(found[above]) + near[0]
        return found


def county_table(
    lineage: Lineage, code: str, counts: Sequence[Counts], months: range
) -> CountyTable | None:
    """Decide what is published of a county.

    Args:
        lineage: the areas.
        code: of the county, or of the city that stands in for one.
        counts: of the county's incidents by cell, in parts.
        months: those of closed quarters.

    Returns:
        ``None`` for a county that is no area any more.
    """
    row = lineage.standing_for(code)
    if lineage.text("code", row) != code or not CITY <= lineage.slots[row] <= COUNTY:
        return None
    inside = lineage.above[COUNTY] == row
    townships = inside & lineage.current & (lineage.slots == TOWNSHIP)
    parts = np.flatnonzero(townships).astype(np.int32)
    by_part = np.zeros((len(parts) + 1, len(months)), np.int64)
    for own in counts:
        by_part += _by_month(own, _part_of(lineage, parts, own.rows), len(parts), months)
    whole, known = by_part.sum(axis=0), by_part[:-1]
    published = protect(whole, known, _turns(lineage, parts), months.start)
    return CountyTable(np.append(row, parts).astype(np.int32), published)


def _part_of(lineage: Lineage, parts: Rows, rows: Rows) -> NDArray[np.intp]:
    """For each of some rows the index of its township; one past the last without one."""
    township = lineage.above[TOWNSHIP][rows]
    at = np.searchsorted(parts, township)
    at[at == len(parts)] = 0
    known = np.isin(township, parts)
    return np.where(known, at, len(parts))


def _by_month(counts: Counts, part: NDArray[np.intp], parts: int, months: range) -> Integers:
    """Count by part and month, shape (parts + 1, months)."""
    entries = counts.unpacked()
    days = entries["day"].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    month = days + _EPOCH_MONTH - months.start
    inside = (month >= 0) & (month < len(months))
    index = part[entries["place"][inside]] * len(months) + month[inside]
    size = (parts + 1) * len(months)
    sums = np.bincount(index, weights=entries["n"][inside], minlength=size)
    return sums.astype(np.int64).reshape(parts + 1, len(months))


def _turns(lineage: Lineage, parts: Rows) -> Integers:
    """The turn of each township to be hidden for the sake of another: fewest people first."""
    order = np.lexsort((lineage.area_ids[parts], lineage.numbers("population")[parts]))
    turns = np.empty(len(parts), np.int64)
    turns[order] = np.arange(len(parts))
    return turns
