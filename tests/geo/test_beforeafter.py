import numpy as np
import pytest
import statsmodels.formula.api as smf
from pandas import DataFrame
from scipy.stats import t as student
from statsmodels.genmod.families import Poisson

from geo.beforeafter import AFTER, BEFORE, DURING, before_after

PHASE = np.repeat([BEFORE, DURING, AFTER], [10, 6, 9])


def _counts(seed: int, effect: float, scatter: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Both follow the same restless course of time; only one has the campaign's effect."""
    draw = np.random.default_rng(seed)
    common = np.exp(draw.normal(0, 0.5, len(PHASE)).cumsum() / 3)
    inside = 30 * common * np.where(PHASE == DURING, effect, 1.0)
    outside = 150 * common
    if scatter > 1:
        inside, outside = (draw.gamma(m / (scatter - 1), scatter - 1) for m in (inside, outside))
    return draw.poisson(inside), draw.poisson(outside)


@pytest.mark.parametrize(("effect", "scatter"), [(2.5, 1.0), (2.5, 4.0), (0.5, 1.0)])
def test_effects_and_limits_equal_statsmodels(effect: float, scatter: float) -> None:
    inside, outside = _counts(1, effect, scatter)
    found = before_after(inside, outside, PHASE)
    steps = len(PHASE)
    frame = DataFrame(
        {
            "n": np.concatenate([inside, outside]),
            "own": np.repeat([1, 0], steps),
            "step": np.tile(np.arange(steps), 2),
            "during": np.tile(PHASE == DURING, 2) * np.repeat([1, 0], steps),
            "after": np.tile(PHASE == AFTER, 2) * np.repeat([1, 0], steps),
        }
    )
    model = smf.glm("n ~ own + during + after + C(step)", frame, family=Poisson())
    reference = model.fit(scale="X2")
    scale = max(1.0, reference.scale)
    assert found.dispersion == pytest.approx(scale, rel=1e-6)
    for name, ours in (("during", found.during), ("after", found.after)):
        assert ours is not None
        error = reference.bse[name] * np.sqrt(scale / reference.scale)
        reach = student.ppf(0.975, reference.df_resid) * error
        limits = np.exp(reference.params[name] + np.array([0, -reach, reach]))
        assert [ours.ratio, ours.low, ours.high] == pytest.approx(limits, rel=1e-6)
        share = 2 * student.sf(abs(reference.params[name]) / error, reference.df_resid)
        assert ours.p == pytest.approx(share, rel=1e-5)


def test_what_moves_both_is_no_effect_and_limits_are_honest() -> None:
    held, false = 0, 0
    for seed in range(200):
        planted = before_after(*_counts(seed, 1.6, 2.0), PHASE).during
        nothing = before_after(*_counts(seed, 1.0, 2.0), PHASE).during
        assert planted is not None
        assert nothing is not None
        held += planted.low <= 1.6 <= planted.high
        false += nothing.is_distinct
    assert held >= 180
    assert false <= 20


def test_a_drift_before_the_campaign_is_told() -> None:
    inside, outside = _counts(7, 1.0)
    same = before_after(inside, outside, PHASE).drift
    moving = before_after((inside * 1.2 ** np.arange(len(PHASE))).astype(int), outside, PHASE).drift
    assert same is not None
    assert not same.is_distinct
    assert moving is not None
    assert moving.is_distinct
    assert 1.1 < moving.ratio < 1.3


def test_too_few_are_not_judged() -> None:
    inside, outside = _counts(3, 2.0)
    nothing = before_after(np.minimum(inside, 1) * (PHASE == BEFORE), outside, PHASE)
    assert (nothing.during, nothing.after, nothing.drift) == (None, None, None)
    only = before_after(inside * (PHASE != AFTER), outside, PHASE)
    assert only.during is not None
    assert only.after is None
    both = before_after(inside, outside, PHASE).during
    assert both is not None
    # Steps without any incident say nothing and change nothing.
    quiet = [np.append(part, 0) for part in (inside, outside)]
    assert before_after(*quiet, np.append(PHASE, AFTER)).during == both


def test_what_is_enough_to_judge() -> None:
    """20 incidents inside and outside, before and then, some in both; four steps for a drift."""

    def judged(inside: list[int], outside: list[int], phase: list[int]) -> tuple[bool, ...]:
        found = before_after(*(np.array(part) for part in (inside, outside, phase)))
        return tuple(each is not None for each in (found.during, found.drift, found.dispersion))

    steps = [BEFORE] * 4 + [DURING] * 2
    many = [20] * 6
    assert judged([5, 5, 5, 5, 9, 9], many, steps) == (True, True, True)
    assert judged([5, 5, 5, 4, 9, 9], many, steps) == (True, False, True)
    assert judged(many, [5, 5, 5, 4, 9, 9], steps) == (True, False, True)
    assert judged([8, 8, 8, 9, 9], many[:5], steps[1:]) == (True, False, True)
    assert judged([4, 4, 4, 4, 2, 2], many, steps) == (True, False, True)
    assert judged([4, 4, 4, 4, 2, 1], many, steps) == (False, False, False)
    assert judged(many, [4, 4, 4, 4, 2, 1], steps) == (False, False, False)
    assert judged([0, 0, 0, 0, 20, 20], many, steps) == (False, False, False)
    assert judged([1, 0, 0, 0, 10, 9], many, steps) == (True, False, True)
    # Two steps and the four effects of them: nothing is left to tell how much they scatter.
    assert judged([30, 60], [30, 30], [BEFORE, DURING]) == (False, False, False)


def test_a_step_with_one_incident_counts() -> None:
    inside, outside = _counts(3, 2.0)
    more = before_after(np.append(inside, 1), np.append(outside, 0), np.append(PHASE, AFTER)).after
    same = before_after(inside, outside, PHASE).after
    assert more is not None
    assert same is not None
    assert more.ratio > same.ratio
