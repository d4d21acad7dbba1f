"""Change points of shares, and the exact interval of a share."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint

from geo.shares import share_interval
from geo.shifts import share_shift

SERIES = st.lists(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=2,
    max_size=12,
)


def likelihood(hits: np.ndarray, trials: np.ndarray) -> float:
    share = hits.sum() / trials.sum() if trials.sum() else 0.0
    return float(binom.logpmf(hits, trials, share).sum())


@given(SERIES)
def test_the_gain_is_that_of_the_best_split_by_binomial_likelihoods(
    series: list[tuple[int, int]],
) -> None:
    hits, trials = np.array(series).T
    found = share_shift(hits, trials)
    assert found is not None
    whole = likelihood(hits, trials)
    gains = [
        likelihood(hits[:at], trials[:at]) + likelihood(hits[at:], trials[at:]) - whole
        for at in range(1, len(hits))
    ]
    assert found.gain == pytest.approx(max(gains), abs=1e-6)
    assert gains[found.step - 1] == pytest.approx(max(gains), abs=1e-6)
    for share, side in ((found.before, slice(found.step)), (found.after, slice(found.step, None))):
        known = trials[side].sum()
        assert share == pytest.approx(hits[side].sum() / known if known else np.nan, nan_ok=True)
    assert 0 < found.p <= 1


@pytest.mark.parametrize(("hits", "trials"), [([0, 3], [3, 3]), ([1, 0, 3], [2, 2, 3])])
def test_the_probability_is_that_of_all_counts_that_chance_could_give(
    hits: list[int], trials: list[int]
) -> None:
    """Every possible series, weighed; those that show exactly as large a gain count too."""
    share, exact = sum(hits) / sum(trials), 0.0
    found = share_shift(np.array(hits), np.array(trials))
    assert found is not None
    for series in itertools.product(*(range(n + 1) for n in trials)):
        other = share_shift(np.array(series), np.array(trials))
        if other is not None and other.gain >= found.gain - 1e-9:
            exact += float(binom.pmf(series, trials, share).prod())
    # 999 draws: two standard errors are below 0.02 for probabilities under 0.1.
    assert found.p == pytest.approx(exact, abs=0.02)
    assert exact > 0.02


def test_a_change_is_dated_and_chance_is_not() -> None:
    rng = np.random.default_rng(3)
    trials = rng.poisson(200, 36)
    changed = rng.binomial(trials, np.where(np.arange(36) < 29, 0.1, 0.25))
    found = share_shift(changed, trials)
    assert found is not None
    assert (found.step, found.p) == (29, 0.001)
    assert found.before == pytest.approx(0.1, abs=0.01)
    assert found.after == pytest.approx(0.25, abs=0.03)
    steady = [share_shift(rng.binomial(trials, 0.1), trials) for _ in range(60)]
    alarms = sum(each is not None and each.p <= 0.05 for each in steady)
    assert alarms <= 8, "about one in twenty"
    assert share_shift(np.array([3]), np.array([5])) is None


def test_limits_of_shares_that_can_be_written_down() -> None:
    """One hit of n comes by chance with 1 - (1 - p)ⁿ, which is 2.5 % at the lower limit."""
    trials = np.array([1, 2, 7, 400])
    assert share_interval(np.ones(4), trials).low == pytest.approx(1 - 0.975 ** (1 / trials))
    assert share_interval(trials - 1, trials).high == pytest.approx(0.975 ** (1 / trials))
    assert share_interval(np.zeros(4), trials).high == pytest.approx(1 - 0.025 ** (1 / trials))


@given(st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_of_a_share_equals_the_reference(pair: tuple[int, int]) -> None:
    found = share_interval(*pair)
    low, high = proportion_confint(*pair, alpha=0.05, method="beta")
    assert float(found.low) == pytest.approx(0.0 if pair[0] == 0 else low, abs=1e-12)
    assert float(found.high) == pytest.approx(1.0 if pair[0] == pair[1] else high, abs=1e-12)


def test_no_trial_says_nothing() -> None:
    found = share_interval(np.array([0, 3]), np.array([0, 3]))
    assert found.low[0] == 0
    assert found.high.tolist() == [1.0, 1.0]
