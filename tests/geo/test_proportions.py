import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from geo.proportions import share_difference, wilson

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
    assert not share_difference(0, 0, 1, 2).is_distinct
    # Newcombe (1998), table II, (a): 56/70 less 48/80.
    found = share_difference(56, 70, 48, 80)
    assert (found.by, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert found.is_distinct
