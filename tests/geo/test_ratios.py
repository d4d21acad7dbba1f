import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson_2indep

from geo.ratios import Ratio, Ratios, by_chance, rate_ratio, rate_ratios

COUNTS = st.one_of(st.integers(0, 5), st.integers(0, 20_000))
EXPOSURES = st.floats(0.01, 1e6)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES, st.sampled_from([0.8, 0.95, 0.99]))
def test_limits_and_probability_equal_the_references(
    count: int, other: int, exposure: float, other_exposure: float, confidence: float
) -> None:
    found = rate_ratio(count, other, exposure, other_exposure, confidence)
    if not count + other:
        assert math.isnan(found.ratio)
        assert (found.low, found.high, found.p) == (0, math.inf, 1)
        return
    share = exposure / (exposure + other_exposure)
    limits = binomtest(count, count + other).proportion_ci(confidence, "exact")
    again = proportion_confint(count, count + other, 1 - confidence, method="beta")
    odds = [
        limit / (1 - limit) * other_exposure / exposure if limit < 1 else math.inf
        for limit in (limits.low, limits.high)
    ]
    assert (limits.low, limits.high) == pytest.approx(again, rel=1e-6, abs=1e-12)
    assert [found.low, found.high] == pytest.approx(odds, rel=1e-6)
    tails = [
        binomtest(count, count + other, share, alternative).pvalue
        for alternative in ("less", "greater")
    ]
    assert found.p == pytest.approx(min(1.0, 2 * min(tails)), rel=1e-6, abs=1e-300)


@given(COUNTS, COUNTS, EXPOSURES, EXPOSURES)
def test_the_interval_leaves_out_1_just_where_the_test_rejects(
    count: int, other: int, exposure: float, other_exposure: float
) -> None:
    found = rate_ratio(count, other, exposure, other_exposure)
    if abs(found.p - 0.05) > 1e-6:
        assert found.is_distinct == (found.p < 0.05)


def test_large_counts_come_near_the_usual_approximation() -> None:
    found = rate_ratio(1300, 1000, 30, 28)
    approximate = confint_poisson_2indep(1300, 30, 1000, 28, method="score", compare="ratio")
    assert (found.low, found.high) == pytest.approx(approximate, rel=2e-3)
    assert found.ratio == pytest.approx(1.3 * 28 / 30)
    assert found.low < found.ratio < found.high


def test_a_published_example() -> None:
    """2 events in 17,877 years against 9 in 16,660 are barely not distinguishable (p = 0.0501).

    Fay, M. P., Testing the Ratio of Two Poisson Rates: where the test that orders by likelihood
    says 0.033, which contradicts the interval; ours and the interval agree.
    """
    found = rate_ratio(2, 9, 17_877, 16_660)
    assert found.p == pytest.approx(0.05011, abs=5e-6)
    assert 1 < found.high < 1.001
    assert not found.is_distinct


def test_one_incident_may_be_one_too_many() -> None:
    """In a thousandth of all time it comes with a probability of 0.001; two-sided 0.002.

    So rare that chance does not explain it; over equal times one incident says nothing.
    """
    found = rate_ratio(1, 0, 1, 999)
    assert found.p == pytest.approx(0.002)
    assert found.is_distinct
    assert rate_ratio(0, 1, 999, 1).p == pytest.approx(0.002)
    assert rate_ratio(1, 0).p == 1
    assert rate_ratios([3], [2]).ratio.tolist() == [1.5], "over as much of anything"


def test_an_interval_that_touches_1_does_not_leave_it_out() -> None:
    limits = [(1.0, 2.0), (0.5, 1.0), (1.01, 2.0), (0.5, 0.99), (0.5, 2.0)]
    expected = [False, False, True, True, False]
    low, high = np.array(limits).T
    assert Ratios(low, low, high, low).is_distinct.tolist() == expected
    assert [Ratio(1.0, *each, 0.05).is_distinct for each in limits] == expected


def test_many_at_once_and_what_is_unknown() -> None:
    found = rate_ratios([10, 0, 5, 7], [5, 4, 0, 7], [1.0, 1.0, 1.0, np.nan], 1.0)
    each = [rate_ratio(10, 5), rate_ratio(0, 4), rate_ratio(5, 0)]
    assert found.ratio[:3].tolist() == [one.ratio for one in each]
    assert found.high[:3].tolist() == [one.high for one in each]
    assert each[1].low == 0
    assert each[2].high == math.inf
    assert np.isnan([found.ratio[3], found.low[3], found.high[3], found.p[3]]).all()
    assert found.is_distinct.tolist() == [one.is_distinct for one in each] + [False]
    # Over no time at all, on whichever side, nothing can be said.
    never = rate_ratios([5, 5, 0], [5, 5, 0], [0.0, 1.0, 0.0], [1.0, 0.0, 1.0])
    assert np.isnan([never.ratio, never.low, never.high, never.p]).all()


@given(st.lists(st.tuples(COUNTS, COUNTS), max_size=20))
def test_probabilities_alone_are_those_of_ratios(pairs: list[tuple[int, int]]) -> None:
    counts, others = np.array(pairs, np.float64).reshape(-1, 2).T
    np.testing.assert_array_equal(by_chance(counts, others), rate_ratios(counts, others).p)
