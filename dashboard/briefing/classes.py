"""What the classes of a map on paper are: those of the ramp, and those that are no step of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.lineage import Rows

ZERO, UNKNOWN, FEW = 0, -1, -2
"""Classes that are no step of the ramp: nothing happened, nobody knows, nobody can tell."""


@dataclass(frozen=True)
class Entry:
    """A line of a legend.

    Attributes:
        number: of the class.
        colour: of its areas; hatched ones have that of the land.
        words: what it holds.
        areas: how many areas it has.
    """

    number: int
    colour: str
    words: str
    areas: int

    @property
    def is_hatched(self) -> bool:
        """Whether no colour stands for it."""
        return self.number < ZERO


@dataclass(frozen=True)
class Colouring:
    """The areas of a map by class.

    Attributes:
        title: what is shown, and in which unit.
        rows: n rows of the lineage.
        classes: n classes.
        entries: the legend, the highest class first.
    """

    title: str
    unit: str
    rows: Rows
    classes: NDArray[np.int8]
    entries: tuple[Entry, ...]

    def colours(self) -> dict[int, str]:
        """Return the colour of each class."""
        return {entry.number: entry.colour for entry in self.entries}
