"""What is still open although its deadline has passed, by area, and for how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from dashboard.visit import Visit

AGES_DAYS = (8, 31, 91)
"""Days late at which the next class of age begins: 0-7, 8-30, 31-90, over 90."""

_DAY_S = 86_400


@dataclass(frozen=True)
class Late:
    """What an area has still to do.

    Attributes:
        row: of the lineage.
        name: of the area.
        open: open incidents that have a deadline.
        by_age: those past it, by class of ``AGES_DAYS``.
    """

    row: int
    name: str
    open: int
    by_age: tuple[int, ...]

    @property
    def overdue(self) -> int:
        """Open incidents past their deadline."""
        return sum(self.by_age)


@dataclass(frozen=True)
class Backlog:
    """What is open at one moment, whenever it came.

    Attributes:
        as_of: the moment.
        total: of the area itself.
        areas: its children that have any, the most overdue first.
    """

    as_of: datetime
    total: Late
    areas: tuple[Late, ...]


def backlog(visit: Visit) -> Backlog | None:
    """Count what is open under the visit's terms, of all days; ``None`` without data."""
    picture, lineage = visit.source.picture, visit.source.picture.lineage
    if picture.as_of is None:
        return None
    _, row = visit.text, lineage.row(visit.area.code)
    columns = picture.open_incidents.columns
    allowed = picture.basics.terms.allowed(visit.filters)
    chosen = allowed[columns["combination"]] & lineage.inside(row)[columns["row"]]
    late_s = picture.as_of.timestamp() - columns["deadline"][chosen]
    ages = np.where(late_s > 0, np.digitize(late_s // _DAY_S, AGES_DAYS), -1)
    total = Late(row, _.name(visit.area), len(ages), _by_age(ages))
    slot = visit.source.areas.child_slot(row)
    if slot is None:
        return Backlog(picture.as_of, total, ())
    feature = lineage.feature[slot][columns["row"][chosen]]
    areas = [_late(visit, child, ages[feature == child]) for child in _known(feature)]
    areas.sort(key=lambda late: (-late.overdue, -late.open, late.row))
    return Backlog(picture.as_of, total, tuple(areas))


def _known(feature: NDArray[np.int32]) -> list[int]:
    found: list[int] = np.unique(feature[feature >= 0]).tolist()
    return found


def _late(visit: Visit, row: int, ages: NDArray[np.intp]) -> Late:
    name = visit.text.within(visit.text.name(visit.source.areas.step(row)), visit.area)
    return Late(row, name, len(ages), _by_age(ages))


def _by_age(ages: NDArray[np.intp]) -> tuple[int, ...]:
    sums: list[int] = np.bincount(ages[ages >= 0], minlength=len(AGES_DAYS) + 1).tolist()
    return tuple(sums)
