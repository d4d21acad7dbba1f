"""Since when a share is another one: the change point of a series of binomial counts.

Hinkley, D. V. & Hinkley, E. A. (1970), Inference about the change-point in a sequence of binomial
variables, Biometrika 57, 477-488: the step at which a split of the series in two explains it best.
Whether any split explains it better than none is judged against series drawn with one share
throughout, because the best of many splits always explains a little more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from geo.crs import Floats

DRAWS = 999
_SEED = 20_260_101


@dataclass(frozen=True)
class Shift:
    """The best split of a series of t steps in two.

    Attributes:
        step: index of the first step after the change, 1 to t - 1.
        before, after: the shares on both sides; ``NaN`` where a side has no trials.
        gain: by how much the split raises the logarithm of the likelihood.
        p: probability of so large a gain without any change.
    """

    step: int
    before: float
    after: float
    gain: float
    p: float


def share_shift(hits: NDArray[np.number], trials: NDArray[np.number]) -> Shift | None:
    """Find where the share of hits changed; ``None`` for fewer than two steps.

    Args:
        hits: t counts, each out of as many trials.
        trials: t counts.
    """
    own, all_ = np.asarray(hits, np.float64), np.asarray(trials, np.float64)
    if len(own) < 2:
        return None
    gains = _gains(own[None], all_)[0]
    step = int(np.argmax(gains)) + 1
    sides = (slice(0, step), slice(step, None))
    before, after = (_share(own[side].sum(), all_[side].sum()) for side in sides)
    rng = np.random.default_rng(_SEED)
    overall = _share(own.sum(), all_.sum())
    drawn = rng.binomial(all_.astype(np.int64), np.nan_to_num(overall), (DRAWS, len(own)))
    # Rounding must not let a draw with the same counts miss the gain by a hair.
    as_large = (_gains(drawn, all_).max(axis=1) >= gains.max() - 1e-9).sum()
    return Shift(step, before, after, float(gains.max()), float((1 + as_large) / (1 + DRAWS)))


def _gains(hits: NDArray[np.number], trials: Floats) -> Floats:
    """What each of t - 1 splits adds to the log-likelihood of each of m series, (m, t - 1)."""
    first, last = hits.cumsum(axis=1), hits[:, ::-1].cumsum(axis=1)[:, ::-1]
    early, late = trials.cumsum(), trials[::-1].cumsum()[::-1]
    whole = _likelihood(last[:, :1], late[:1])
    gains: Floats = (
        _likelihood(first[:, :-1], early[:-1]) + _likelihood(last[:, 1:], late[1:]) - whole
    )
    return gains


def _likelihood(hits: Floats, trials: Floats) -> Floats:
    """The largest log-likelihood, without the terms that no share changes."""
    missed = trials - hits
    total: Floats = np.asarray(
        xlogy(hits, hits) + xlogy(missed, missed) - xlogy(trials, trials), np.float64
    )
    return total


def _share(hits: float, trials: float) -> float:
    return float(hits / trials) if trials else float("nan")
