"""How far counts lie above or below what the people behind them would let one expect."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.crs import Floats

FLOOR = 0.25
"""Of the mean expectation, added to every variance: without it a single incident where two
people live would outweigh a whole township."""


def expected(counts: NDArray[np.number], people: Floats, shares: Floats) -> Floats:
    """Share all incidents out among n areas by their people, and among t steps by their length.

    Args:
        counts: incidents of n areas in t steps, shape (n, t).
        people: of n areas, known and positive.
        shares: of each step in the whole time; they sum to one.
    """
    total = float(np.asarray(counts, np.float64).sum())
    result: Floats = np.outer(people / people.sum(), shares) * total
    return result


def standardised(counts: NDArray[np.number], expectation: Floats) -> Floats:
    """Differences from an expectation in units of the spread that chance gives such counts.

    Pearson's residual of a Poisson count, (O - E) / sqrt(E + c), with a constant ``FLOOR`` times
    the mean of E.
    """
    spread = np.sqrt(expectation + FLOOR * expectation.mean()) if expectation.size else expectation
    result: Floats = np.zeros(expectation.shape)
    np.divide(counts - expectation, spread, out=result, where=spread > 0)
    return result
