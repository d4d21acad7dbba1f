"""The course of a campaign as lines of an SVG: both sides against their own mean before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from dashboard.campaigns.effect import Course
from geo.beforeafter import BEFORE, DURING

WIDE, NARROW, HEIGHT = 960, 340, 240
"""Widths for a screen and for a phone, so that letters are as large on either."""

LEFT, RIGHT, TOP, BOTTOM = 36, 8, 8, 24
_DATE_WIDTH = 84
"""Of a date below, with the room to the next."""


@dataclass(frozen=True)
class Chart:
    """What the template draws, in units of the view box.

    Attributes:
        inside, outside: paths of the two lines; the second empty without an outside.
        during: left edge and width of the campaign's time.
        levels: height of each grid line, and the percent of the mean before it stands for.
        dates: place of each date written below, its anchor there, and the date.
    """

    inside: str
    outside: str
    during: tuple[float, float]
    levels: tuple[tuple[float, int], ...]
    dates: tuple[tuple[float, str, date], ...]
    width: int = WIDE
    height: int = HEIGHT
    left: int = LEFT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP

    @property
    def right(self) -> int:
        """The right end of the grid lines."""
        return self.width - RIGHT


def chart_of(course: Course, width: int = WIDE) -> Chart | None:
    """Draw a course; ``None`` where nothing before it gives a mean to stand against."""
    inside, outside = (_indexed(course, counts) for counts in (course.inside, course.outside))
    if inside is None:
        return None
    days = np.array([len(step) for step in course.steps])
    ends = np.concatenate([[0], np.cumsum(days)])
    across = LEFT + ends / ends[-1] * (width - LEFT - RIGHT)
    top = max(float(each.max()) for each in (inside, outside) if each is not None)
    unit = _unit(top)
    highest = unit * int(np.ceil(top / unit))
    up = HEIGHT - BOTTOM - np.arange(0, highest + 1, unit) / highest * (HEIGHT - TOP - BOTTOM)
    own = np.flatnonzero(course.phase == DURING)
    begun, over = across[own[0]], across[own[-1] + 1]
    return Chart(
        _path(across, inside, highest),
        "" if outside is None else _path(across, outside, highest),
        (round(float(begun), 1), round(float(over - begun), 1)),
        tuple((round(float(at), 1), unit * step) for step, at in enumerate(up)),
        _dates(course, across, width),
        width,
    )


def _indexed(course: Course, counts: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Counts a day, in percent of their mean before the campaign."""
    days = np.array([len(step) for step in course.steps], np.float64)
    before = course.phase == BEFORE
    if not counts[before].any():
        return None
    mean = counts[before].sum() / days[before].sum()
    indexed: NDArray[np.float64] = counts / days / mean * 100
    return indexed


def _path(across: NDArray[np.float64], values: NDArray[np.float64], highest: int) -> str:
    middles = (across[1:] + across[:-1]) / 2
    up = HEIGHT - BOTTOM - values / highest * (HEIGHT - TOP - BOTTOM)
    points = " ".join(f"{x:.1f} {y:.1f}" for x, y in zip(middles, up, strict=True))
    return f"M{points}"


def _unit(top: float) -> int:
    """The distance of grid lines, so that there are at most five."""
    return next((unit for unit in (25, 50, 100, 200, 500, 1000, 2500) if top <= 5 * unit), 10_000)


def _dates(
    course: Course, across: NDArray[np.float64], width: int
) -> tuple[tuple[float, str, date], ...]:
    """The first day of each phase, that of the campaign before the others where room is short."""
    firsts = [0, *(np.flatnonzero(np.diff(course.phase)) + 1).tolist()]
    taken: list[tuple[float, float]] = []
    written = []
    for at in sorted(firsts, key=lambda at: course.phase[at] != DURING):
        place = float(across[at])
        is_late = place + _DATE_WIDTH > width
        begins = place - _DATE_WIDTH if is_late else place
        if all(begins + _DATE_WIDTH <= other or begins >= end for other, end in taken):
            taken.append((begins, begins + _DATE_WIDTH))
            anchor = "end" if is_late else "start"
            written.append((round(place, 1), anchor, course.steps[at].since))
    return tuple(sorted(written))
