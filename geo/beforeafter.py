"""What a campaign changed, beyond what changed outside it: a difference in differences of counts.

A log-linear regression of the counts by step of time inside and outside, with an effect of every
step that both share, so that whatever moves both (the season, a festival, a growing trend) is
taken away; what the inside has beyond it, during and after, are ratios of ratios. Counts scatter
more than chance alone: the dispersion widens the limits. Wooldridge, J. M. (2023), Simple
approaches to nonlinear difference-in-differences with panel data, Econometrics Journal 26, 31-66.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from geo.crs import Floats
from geo.loglinear import Fit, fit_counts
from geo.rates import CONFIDENCE, TOO_FEW
from geo.ratios import Ratio

BEFORE, DURING, AFTER = range(3)
_STEPS_FOR_TREND = 4


@dataclass(frozen=True)
class BeforeAfter:
    """How the inside moved against the outside.

    Attributes:
        during: during divided by before, inside divided by outside; ``None`` where there are
            too few incidents or steps to judge.
        after: the same after the campaign.
        drift: by how many times a step the inside already moved against the outside before;
            ``None`` where too few steps tell.
        dispersion: variance over mean of the counts.
    """

    during: Ratio | None
    after: Ratio | None
    drift: Ratio | None
    dispersion: float | None


def before_after(
    inside: NDArray[np.integer],
    outside: NDArray[np.integer],
    phase: NDArray[np.integer],
    confidence: float = CONFIDENCE,
) -> BeforeAfter:
    """Compare an area with what is outside it, step by step.

    Args:
        inside: n counts of the area, in order of time.
        outside: n counts of what it is compared with, over the same days.
        phase: of each step, ``BEFORE``, ``DURING`` or ``AFTER``.
        confidence: of the limits.
    """
    told = (inside + outside) > 0
    inside, outside, phase = inside[told], outside[told], phase[told]
    judged = [
        each
        for each in (DURING, AFTER)
        if _enough(inside, phase, each) and _enough(outside, phase, each)
    ]
    kept = np.isin(phase, [BEFORE, *judged])
    marks = [(phase[kept] == each).astype(np.float64) for each in judged]
    fit = _fitted(inside[kept], outside[kept], marks) if judged else None
    effects = {each: _ratio(fit, at, confidence) for at, each in enumerate(judged)} if fit else {}
    return BeforeAfter(
        effects.get(DURING),
        effects.get(AFTER),
        _drift(inside[phase == BEFORE], outside[phase == BEFORE], confidence),
        fit.dispersion if fit else None,
    )


def _enough(counts: NDArray[np.integer], phase: NDArray[np.integer], other: int) -> bool:
    """Whether two phases hold something to compare, both of them some of it."""
    before, then = int(counts[phase == BEFORE].sum()), int(counts[phase == other].sum())
    return min(before, then) > 0 and before + then >= TOO_FEW


def _drift(
    inside: NDArray[np.integer], outside: NDArray[np.integer], confidence: float
) -> Ratio | None:
    if len(inside) < _STEPS_FOR_TREND or min(inside.sum(), outside.sum()) < TOO_FEW:
        return None
    fit = _fitted(inside, outside, [np.arange(len(inside), dtype=np.float64)])
    return _ratio(fit, 0, confidence) if fit else None


def _fitted(
    inside: NDArray[np.integer], outside: NDArray[np.integer], marks: list[Floats]
) -> Fit | None:
    """Fit an effect of every step, one of being inside, and one of each mark when inside."""
    steps = len(inside)
    every = np.vstack([np.eye(steps), np.eye(steps)])
    own = np.column_stack([np.ones(steps), *marks])
    design = np.hstack([np.vstack([own, np.zeros_like(own)]), every])
    return fit_counts(design, np.concatenate([inside, outside]))


def _ratio(fit: Fit, mark: int, confidence: float) -> Ratio:
    effect = fit.coefficients[1 + mark]
    error = np.sqrt(fit.covariance[1 + mark, 1 + mark])
    reach = student.ppf((1 + confidence) / 2, fit.freedom) * error
    p = 2 * student.sf(abs(effect) / error, fit.freedom)
    ratio, low, high = (float(np.exp(effect + by)) for by in (0.0, -reach, reach))
    return Ratio(ratio, low, high, float(p))
