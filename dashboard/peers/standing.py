"""The areas of one group against each other: expected and observed, places, verdicts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from dashboard.counts import Floats
from geo.chance import FALSE_DISCOVERIES
from geo.ranks import Ranks, rank_intervals
from geo.rates import too_few
from geo.ratios import Ratios, rate_ratios

VERDICTS = ("below", "alike", "above", "few")


@dataclass(frozen=True)
class Standings:
    """n areas of one group.

    Attributes:
        ranks: their places by rate.
        expected: incidents each would have at the rate of all others together.
        ratios: of each one's rate to that of all others together, with its exact interval.
        p: the ratios' probabilities by chance, corrected for n comparisons (Benjamini &
            Hochberg, see ``geo.hotspots``): of areas named, so few are named by chance.
        verdicts: n indices into ``VERDICTS``.
    """

    ranks: Ranks
    expected: Floats
    ratios: Ratios
    p: Floats
    verdicts: NDArray[np.int64]


def standings(counts: Floats, people: Floats) -> Standings:
    """Compare two areas or more.

    An area is compared with all others together, so that a large one is not compared with
    itself (as it would be with the rate of the whole group).

    Args:
        counts: n numbers of incidents.
        people: n numbers of people, or households, above zero.
    """
    others, elsewhere = counts.sum() - counts, people.sum() - people
    ratios = rate_ratios(counts, others, people, elsewhere)
    p = false_discovery_control(ratios.p)
    distinct = ratios.is_distinct & (p <= FALSE_DISCOVERIES)
    verdicts = np.where(distinct, np.where(ratios.low > 1, 2, 0), np.where(too_few(counts), 3, 1))
    return Standings(
        rank_intervals(counts, people), people * others / elsewhere, ratios, p, verdicts
    )
