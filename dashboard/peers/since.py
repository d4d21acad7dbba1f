"""Since when an area is above its peers, in the whole months that the end of the period leaves.

Months of the calendar, and none that is not over: what is said of an area does not depend on the
length of the period, and changes with its end only as months come to an end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from dashboard.counts import Floats
from dashboard.filters import Filters
from dashboard.lineage import Rows
from dashboard.peers.answers import Since
from dashboard.signals.months import months_back
from dashboard.source import Source
from geo.ratios import rate_ratio
from geo.shifts import Shift, share_shift

CERTAIN = 0.05
LEAST_STEPS = 2


@dataclass(frozen=True)
class History:
    """The counts of a layer's n areas in t months of the calendar.

    Attributes:
        starts: first day of each month.
        rows: of the areas in the lineage, ascending.
        counts: shape (t, n).
    """

    starts: tuple[date, ...]
    rows: Rows
    counts: Floats

    def of(self, rows: Rows) -> Floats:
        """Return the counts of some of the rows, shape (t, m)."""
        return self.counts[:, np.searchsorted(self.rows, rows)]


def history(source: Source, code: str, slot: int, filters: Filters) -> History | None:
    """Count a layer inside an area in each whole month that was over by the end of the period.

    Returns:
        The last ``MOST_MONTHS`` of them at most; ``None`` without a whole month of data.
    """
    covered = source.coverage()
    if covered is None:
        return None
    over = filters.days.clipped(covered).until.replace(day=1)
    steps = months_back(over, covered.since)
    found = [source.counts(code, slot, replace(filters, days=step)) for step in steps]
    counts = [count for _, count in found if count is not None]
    if not counts or len(counts) < len(found):
        return None
    return History(tuple(step.since for step in steps), found[0][0], np.stack(counts))


def since_when(starts: tuple[date, ...], counts: Floats, at: int, people: Floats) -> Since | None:
    """Tell since when one area of a group is above its peers.

    Args:
        starts: first day of each of t steps.
        counts: of the n areas of the group, shape (t, n).
        at: position of the area.
        people: of the n areas.

    Returns:
        The last change of its share of the group's incidents, where one is certain; no day where
        it is above over all steps together without one; ``None`` where neither is so.
    """
    own, all_ = counts[:, at], counts.sum(axis=1)
    rest = people.sum() - people[at]
    scale = rest / people[at]
    first, found = _latest_shift(own, all_)
    if found is not None:
        before, after = (_times(share, scale) for share in (found.before, found.after))
        return Since(starts[first], len(starts), starts[0], before, after, found.p)
    whole = rate_ratio(own.sum(), (all_ - own).sum(), people[at], rest)
    if whole.low <= 1:
        return None
    return Since(None, len(starts), starts[0], whole.ratio, whole.ratio, whole.p)


def _latest_shift(own: Floats, all_: Floats) -> tuple[int, Shift | None]:
    """Find the last certain change, looking for another one after each that is found.

    One after another must have lasted two steps: the last month alone does not undo what is
    known of the months before it.

    Binary segmentation, of which only the later part is followed: Vostrikova, L. (1981),
    Detecting "disorder" in multidimensional random processes, Soviet Mathematics Doklady 24,
    55-59.

    Returns:
        The step at which it lies, and the change; 0 and ``None`` where none is certain.
    """
    first, latest = 0, None
    while (found := share_shift(own[first:], all_[first:])) and found.p <= CERTAIN:
        if latest is not None and len(own) - first - found.step < LEAST_STEPS:
            break
        first, latest = first + found.step, found
    return first, latest


def _times(share: float, scale: float) -> float:
    """Turn a share of the group's incidents into a multiple of the others' rate."""
    return float("inf") if share >= 1 else share / (1 - share) * float(scale)
