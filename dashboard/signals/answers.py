"""What is known of spots: a class for each area of a layer, and the numbers behind it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dashboard.counts import Floats
from dashboard.lineage import Rows
from dashboard.period import Days

KINDS = ("hot", "emerging")
TOO_FEW = 126
NO_DATA = 127
"""Classes of areas of which nothing can be said: too few incidents; nothing to compare with."""

Whole = NDArray[np.int32]


@dataclass(frozen=True)
class Around:
    """What lies in the neighbourhoods of n areas, each area itself included.

    Attributes:
        observed: incidents over the time looked at.
        expected: what the people there would let one expect.
        neighbours: how many areas touch it.
        alike: how many of these are spots of the same sign.
    """

    observed: Floats
    expected: Floats
    neighbours: Whole
    alike: Whole

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return _held(self)


@dataclass(frozen=True)
class Signals:
    """The spots among n areas, all those of a layer in the viewer's scope.

    Attributes:
        rows: rows of the lineage, ascending.
        classes: 0 for no spot; ``TOO_FEW``; ``NO_DATA``; hot ones are positive, cold ones
            negative: of hot spots 1, 2 and 3 for false discovery rates up to 10, 5 and 1 %,
            of emerging ones a ``geo.emerging.Pattern``.
        z: standard scores, of the last month for emerging ones; NaN where there is no data.
        p: their probabilities by chance, after the correction for so many tests.
        tests: how many tests the correction is for.
        around: the neighbourhoods.
        days: the time looked at; ``None`` when no day of it has data.
        by_people: whether expectations follow from people; else all areas expect the same.
    """

    rows: Rows
    classes: NDArray[np.int8]
    z: Floats
    p: Floats
    tests: int
    around: Around
    days: Days | None
    by_people: bool

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return _held(self)

    def at(self, rows: Rows) -> NDArray[np.intp]:
        """Return the places of some rows among ours; all must be among them."""
        return np.searchsorted(self.rows, rows)


@dataclass(frozen=True)
class Emerging(Signals):
    """How the spots came about, month by month.

    Attributes:
        steps: the months, oldest first; empty when there are too few to tell.
        months_hot, months_cold: how many of them each area was so.
        run: how many months its latest state, whichever it is, has lasted.
        trend_z, trend_p: Mann-Kendall's score of its scores, and its probability by chance.
    """

    steps: tuple[Days, ...]
    months_hot: Whole
    months_cold: Whole
    run: Whole
    trend_z: Floats
    trend_p: Floats

    def since(self, at: int) -> date | None:
        """The first day of an area's latest state; ``None`` without months."""
        return self.steps[-int(self.run[at])].since if self.steps and self.run[at] else None


def _held(value: object) -> int:
    parts = (getattr(value, each.name) for each in fields(value))  # type: ignore[arg-type]
    return sum(int(getattr(part, "nbytes", 0)) for part in parts)
