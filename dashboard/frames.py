"""The playback of a period: counts of a layer's areas, step by step, under fixed classes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.answers import Breaks
from dashboard.counts import Floats
from dashboard.errors import BadRequestError
from dashboard.filters import Filters
from dashboard.lineage import Rows
from dashboard.period import Days
from dashboard.scales import RateOf, class_breaks, metric_values
from dashboard.state import PLAY_STEPS
from dashboard.tally import Tally

MAX_FIGURES = 5_000_000
"""Areas times steps: a thousand townships by day over years, 90,000 cells by week over one."""
_DAYS_A_STEP = dict(zip(PLAY_STEPS, (1, 7, 30), strict=True))
_SHORT_DAYS, _LONG_DAYS = 62, 550


@dataclass(frozen=True)
class Frames:
    """Counts of n areas in each of T steps, of those that have any.

    Attributes:
        steps: T consecutive periods; the first and the last may be cut.
        areas: n.
        ends: T + 1 numbers: the figures of step t are those from ``ends[t]`` to ``ends[t + 1]``.
        at: of each figure, the area's place in the index of the layer; ascending within a step.
        count: of each figure, the incidents.
        scales: class limits by metric, the same for all steps: over all figures of the steps.
    """

    steps: tuple[Days, ...]
    areas: int
    ends: NDArray[np.uint32]
    at: NDArray[np.uint32]
    count: NDArray[np.uint32]
    scales: dict[str, Breaks]

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.ends.nbytes + self.at.nbytes + self.count.nbytes + 64 * len(self.steps)


def usual_step(days: Days) -> str:
    """The length of a step that plays a period in a few dozen of them."""
    if len(days) <= _SHORT_DAYS:
        return "day"
    return "week" if len(days) <= _LONG_DAYS else "month"


def fits(days: Days, step: str, areas: int) -> bool:
    """Whether the playback of so many areas is small enough to be sent."""
    return areas * (len(days) // _DAYS_A_STEP[step] + 2) <= MAX_FIGURES


def steps_of(days: Days, step: str) -> tuple[Days, ...]:
    """Divide a period into days, weeks from Monday or calendar months; cut at its ends."""
    steps: list[Days] = []
    day = days.since
    while day < days.until:
        end = min(_next(day, step), days.until)
        steps.append(Days(day, end))
        day = end
    return tuple(steps)


def count_frames(tally: Tally, layer: int, filters: Filters, step: str, rate: RateOf) -> Frames:
    """Count the areas of a layer inside an area in each step of a period with data.

    Args:
        tally: the area's sums.
        layer: slot of the layer.
        filters: what is counted; of its days those with data.
        step: one of ``PLAY_STEPS``.
        rate: what rates are of.

    Raises:
        BadRequestError: areas times steps are too many.
    """
    rows = tally.picture.lineage.features(layer, tally.row)
    covered = tally.picture.covered
    days = filters.days.clipped(covered or Days(filters.days.since, filters.days.since))
    if not fits(days, step, len(rows)):
        raise BadRequestError(
            f"{len(rows)} areas by {step} over {len(days)} days are over {MAX_FIGURES} figures:"
            " choose a longer step, a shorter period or a coarser level"
        )
    steps = steps_of(days, step)
    starts = [part.since for part in steps]
    counts = tally.by_feature_and_step(layer, filters.during(days), starts)
    step_of, area = np.nonzero(counts)
    figures = counts[step_of, area]
    return Frames(
        steps,
        len(rows),
        np.searchsorted(step_of, np.arange(len(steps) + 1)).astype(np.uint32),
        area.astype(np.uint32),
        figures.astype(np.uint32),
        _scales(tally, rows[area], figures, rate),
    )


def pack(frames: Frames) -> bytes:
    """Write a playback as bytes.

    Returns:
        Little-endian: u32 length of what follows as JSON in UTF-8, padded with spaces to a multiple
        of four bytes: ``areas`` (n), ``steps`` (first and last day of each of T), ``scales`` (of
        each metric limits, lowest and highest); then u32 ends[T + 1], u32 at[m] and u32 count[m]
        with m = ends[T], as in ``Frames``.
    """
    head: dict[str, Any] = {
        "areas": frames.areas,
        "steps": [[days.since.isoformat(), days.last.isoformat()] for days in frames.steps],
        "scales": {metric: asdict(breaks) for metric, breaks in frames.scales.items()},
    }
    words = json.dumps(head).encode()
    words += b" " * (-len(words) % 4)
    numbers = (frames.ends, frames.at, frames.count)
    return b"".join([len(words).to_bytes(4, "little"), words, *(n.tobytes() for n in numbers)])


def _scales(tally: Tally, rows: Rows, counts: Floats, rate: RateOf) -> dict[str, Breaks]:
    """Class limits over all figures; zeros need none."""
    numbers = tally.picture.lineage.numbers
    people, area_km2 = numbers(rate.column)[rows], numbers("area_km2")[rows]
    return {
        "count": class_breaks(counts, whole=True),
        "density": class_breaks(metric_values("density", counts, people, area_km2), whole=False),
        "rate": class_breaks(RateOf(rate.per).shown(counts, people), whole=False),
    }


def _next(day: date, step: str) -> date:
    if step == "day":
        return day + timedelta(days=1)
    if step == "week":
        return day + timedelta(days=7 - day.weekday())
    return Days.of_month(day).until
