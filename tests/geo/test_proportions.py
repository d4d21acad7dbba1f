import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from geo.proportions import Difference, share_difference, wilson

TRIALS = st.integers(1, 50_000)


@given(TRIALS, TRIALS, st.floats(0, 1), st.floats(0, 1), st.sampled_from([0.8, 0.95, 0.99]))
def test_limits_equal_the_references(
    trials: int, other_trials: int, share: float, other_share: float, confidence: float
) -> None:
    hits, other_hits = round(share * trials), round(other_share * other_trials)
    found = share_difference(hits, trials, other_hits, other_trials, confidence)
    known = confint_proportions_2indep(
        hits, trials, other_hits, other_trials, method="newcomb", alpha=1 - confidence
    )
    assert (found.low, found.high) == pytest.approx(known, abs=1e-9)
    assert found.by == pytest.approx(hits / trials - other_hits / other_trials)
    assert found.low - 1e-12 <= found.by <= found.high + 1e-12
    assert wilson(hits, trials, confidence) == pytest.approx(
        proportion_confint(hits, trials, 1 - confidence, method="wilson"), abs=1e-9
    )


def test_shares_of_nothing_are_not_compared() -> None:
    assert math.isnan(share_difference(0, 0, 1, 2).by)
    assert math.isnan(share_difference(1, 2, 0, 0).by)
    assert not share_difference(0, 0, 1, 2).is_distinct
    # Newcombe (1998), table II, (a): 56/70 less 48/80.
    found = share_difference(56, 70, 48, 80)
    assert (found.by, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert found.is_distinct


def test_an_interval_that_touches_0_does_not_leave_it_out() -> None:
    limits = [(0.0, 0.2), (-0.2, 0.0), (0.01, 0.2), (-0.2, -0.01), (-0.1, 0.1)]
    assert [Difference(0.1, *each).is_distinct for each in limits] == [
        False, False, True, True, False
    ]  # fmt: skip


@given(TRIALS)
def test_a_share_of_all_or_nothing_stays_a_share(trials: int) -> None:
    """All hits: 1 to the last digit; none: n / (n + z²) missed at most, Wilson's limit by hand."""
    low, high = wilson(trials, trials)
    assert low == pytest.approx(trials / (trials + 1.959964**2), rel=1e-6)
    assert 1 - 1e-9 < high <= 1
    none_low, none_high = wilson(0, trials)
    assert 0 <= none_low < 1e-9
    assert none_high == pytest.approx(1 - low, rel=1e-6)
