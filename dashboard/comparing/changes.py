"""Where more happened than in other days, and where fewer: a class for each area of a layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.counts import Floats
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from geo.chance import beyond_chance
from geo.ratios import rate_ratios

LIMITS = (1.25, 2.0)
"""Times as many, or as few, where the second and the third class begin; the same both ways."""
UNTOLD, UNKNOWN = 126, 127
"""Classes of areas whose change is not told from chance, and of those without data."""


@dataclass(frozen=True)
class Changes:
    """The change of n areas of a layer, in the order of its index.

    Attributes:
        first, second: incidents in the days and in the others; ``NaN`` without data.
        ratio: of the incidents a day; infinite where there were none before, ``NaN`` for
            none in both.
        p: two-sided probability of so large a difference by chance, each area by itself.
        classes: 1 to 3 more, -1 to -3 fewer, 0 without any incident in both, ``UNTOLD``, or
            ``UNKNOWN``.
    """

    first: Floats
    second: Floats
    ratio: Floats
    p: Floats
    classes: NDArray[np.int8]


def changes(source: Source, code: str, slot: int, filters: Filters, others: Days) -> Changes:
    """Compare the days of ``filters`` with others, area by area of a layer inside an area.

    Of many areas some change by chance: of those that get a colour at most five percent do
    (see ``distinct``). The days of each period that have data count, so that a period at the
    end of the data is compared fairly.
    """
    covered = source.coverage()
    then = filters.during(others)
    rows, first = source.counts(code, slot, filters)
    _, second = source.counts(code, slot, then)
    if first is None or second is None or covered is None:
        nothing = np.full(len(rows), np.nan)
        unknown = np.full(len(rows), UNKNOWN, np.int8)
        return Changes(nothing, nothing, nothing, nothing, unknown)
    days = (len(filters.days.clipped(covered)), len(others.clipped(covered)))
    return compared(first, second, *days)


def compared(first: Floats, second: Floats, days: float, other_days: float) -> Changes:
    """Compare n counts over so many days with n counts over so many others."""
    # Most of many areas have few incidents, and so the same pair of counts as others.
    pairs, which = np.unique(np.stack([first, second], axis=1), axis=0, return_inverse=True)
    found = rate_ratios(pairs[:, 0], pairs[:, 1], days, other_days)
    ratio, p = found.ratio[which.ravel()], found.p[which.ravel()]
    classes = np.where(beyond_chance(p), _sizes(ratio), UNTOLD)
    classes = np.where(first + second == 0, 0, classes)
    classes = np.where(np.isnan(first + second), UNKNOWN, classes)
    return Changes(first, second, ratio, p, classes.astype(np.int8))


def _sizes(ratio: Floats) -> NDArray[np.int8]:
    """How large a change is, 1 to 3, its sign the direction."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.abs(np.log(ratio))
    steps = 1 + np.searchsorted(np.log(LIMITS), np.nan_to_num(size, posinf=np.inf), "right")
    signed: NDArray[np.int8] = np.where(ratio > 1, steps, -steps).astype(np.int8)
    return signed


def pack(found: Changes) -> bytes:
    """Write changes as bytes, as ``dashboard.signals.packing`` writes spots.

    Returns:
        Little-endian: u32 n, f32 ratio[n], f32 p[n] (NaN without data), i8 class[n].
    """
    parts = [found.ratio.astype("<f4"), found.p.astype("<f4"), found.classes]
    return len(found.classes).to_bytes(4, "little") + b"".join(each.tobytes() for each in parts)
