"""Sums over groups of incidents: by area, by organisation, and all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.areas import Areas
from dashboard.handling.answers import LATE_FROM_DAYS, Handler, Handling, Outcome, Quartiles
from dashboard.handling.groups import Groups
from dashboard.handling.judging import judged
from dashboard.lineage import Lineage, Rows
from dashboard.terms import OPEN, RESOLVED
from geo.shares import share_interval

NO_DEADLINE = -2
MOST_ORGANISATIONS = 200


@dataclass(frozen=True)
class Part:
    """The m groups of one area or organisation, as columns (see ``Groups``)."""

    status: NDArray[np.int16]
    days: NDArray[np.int32]
    late: NDArray[np.int32]
    incidents: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Part:
        """Return some of them, by a mask or by their positions."""
        return Part(
            self.status[chosen], self.days[chosen], self.late[chosen], self.incidents[chosen]
        )


def handled(parts: Sequence[Groups], row: int, slot: int | None, areas: Areas) -> Handling:
    """Sum the incidents of an area.

    Args:
        parts: of the counties that hold the area's incidents.
        row: of the area in the lineage.
        slot: of the areas by which they are told apart; ``None`` if nothing is smaller.
        areas: of the same picture.
    """
    lineage = areas.picture.lineage
    joined = _joined(parts)
    inside = lineage.inside(row)[joined.row]
    rows, organisation = joined.row[inside], joined.organisation[inside]
    every = Part(joined.status, joined.days, joined.late, joined.incidents).where(inside)
    children, coarser = ((), None) if slot is None else _by_area(lineage, row, slot, rows, every)
    organisations, rest, others = _by_organisation(organisation, every)
    return Handling(outcome(every), children, coarser, organisations, rest, others)


def outcome(part: Part) -> Outcome:
    """Sum what became of some incidents."""
    n = part.incidents
    by_status = {int(each): int(n[part.status == each].sum()) for each in np.unique(part.status)}
    received, resolved = int(n.sum()), by_status.get(RESOLVED, 0)
    past = part.late >= 0
    bands = np.digitize(part.late[past], LATE_FROM_DAYS) - 1
    late = np.bincount(bands, n[past], len(LATE_FROM_DAYS)).astype(np.int64).tolist()
    limits = share_interval(resolved, received)
    return Outcome(
        received=received,
        by_status=by_status,
        resolved=resolved,
        open=by_status.get(OPEN, 0),
        overdue=sum(late),
        late=tuple(late),
        no_deadline=int(n[part.late == NO_DEADLINE].sum()),
        share=resolved / received if received else None,
        share_low=float(limits.low),
        share_high=float(limits.high),
        days=_quartiles(part),
    )


def _quartiles(part: Part) -> Quartiles | None:
    done = part.days >= 0
    days = np.repeat(part.days[done], part.incidents[done])
    if not len(days):
        return None
    return Quartiles(*np.quantile(days, [0.25, 0.5, 0.75]).tolist())


def _by_area(
    lineage: Lineage, row: int, slot: int, rows: Rows, every: Part
) -> tuple[tuple[Handler, ...], Handler | None]:
    features = lineage.features(slot, row)
    shown = lineage.feature[slot][rows]
    found = []
    for feature in features.tolist():
        found.append(
            Handler(
                int(lineage.area_ids[feature]),
                lineage.text("code", feature),
                lineage.text("name", feature),
                lineage.text("name_en", feature),
                outcome(every.where(shown == feature)),
            )
        )
    rest = ~np.isin(shown, features)
    coarser = Handler(None, None, None, None, outcome(every.where(rest))) if rest.any() else None
    return judged(found), coarser


def _by_organisation(
    names: NDArray[np.object_], every: Part
) -> tuple[tuple[Handler, ...], Handler | None, int]:
    """Sum by organisation, those with the most incidents first; the rest of many together."""
    known = np.array([name or "" for name in names], dtype=object)
    number, distinct = pd.factorize(known)
    received = np.bincount(number, every.incidents, len(distinct))
    largest = np.lexsort((distinct.astype(str), -received))
    # Sorted once: to look through all groups for each of thousands of names would take minutes.
    order = np.argsort(number, kind="stable")
    ends = np.searchsorted(number[order], np.arange(len(distinct) + 1))
    handlers = [
        Handler(None, None, str(distinct[at]) or None, None, outcome(every.where(order[first:end])))
        for at in largest[:MOST_ORGANISATIONS].tolist()
        for first, end in [(ends[at], ends[at + 1])]
    ]
    others = largest[MOST_ORGANISATIONS:]
    if not len(others):
        return judged(handlers), None, 0
    rest = outcome(every.where(np.isin(number, others)))
    return judged(handlers), Handler(None, None, None, None, rest), len(others)


def _joined(parts: Sequence[Groups]) -> Groups:
    if not parts:
        nothing = np.zeros(0, np.int32)
        return Groups(
            nothing, nothing.astype(np.int16), nothing.astype(object), nothing, nothing,
            nothing.astype(np.int64),
        )  # fmt: skip
    names = ("row", "status", "organisation", "days", "late", "incidents")
    return Groups(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))
