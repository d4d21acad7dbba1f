import numpy as np
import pytest
from esda.smoothing import Empirical_Bayes
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from geo.rates import poisson_interval, prior_of, rate_interval, rates, smoothed_rates, too_few

COUNTS = st.lists(st.integers(0, 5000), min_size=2, max_size=40)


@given(st.one_of(st.integers(0, 5), st.integers(0, 20_000)), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_limits_are_those_that_the_count_would_just_not_contradict(
    count: int, confidence: float
) -> None:
    """The definition: at the lower limit so many or more have the probability of one tail."""
    limits = poisson_interval(np.array([count]), confidence)
    tail = (1 - confidence) / 2
    if count:
        assert poisson.sf(count - 1, limits.low[0]) == pytest.approx(tail, rel=1e-6)
    else:
        assert limits.low[0] == 0
    assert poisson.cdf(count, limits.high[0]) == pytest.approx(tail, rel=1e-6)


def test_published_limits() -> None:
    """Table of exact limits for 95 %, among them 1 in 0.0253-5.57 and 10 in 4.80-18.39."""
    limits = poisson_interval(np.array([0, 1, 10, 100]))
    assert limits.low.round(4).tolist() == [0.0, 0.0253, 4.7954, 81.3640]
    assert limits.high.round(2).tolist() == [3.69, 5.57, 18.39, 121.63]
    # The same per 1,000 of 4,000 people: a quarter of each.
    per_thousand = rate_interval(np.array([1, 10]), np.full(2, 4_000.0))
    assert per_thousand.low == pytest.approx([0.0253 / 4, 4.7954 / 4], abs=5e-5)
    assert per_thousand.high == pytest.approx([5.5716 / 4, 18.3904 / 4], abs=5e-5)


def test_an_unknown_count_has_no_limits() -> None:
    limits = poisson_interval(np.array([np.nan, 0.0]))
    assert np.isnan([limits.low[0], limits.high[0]]).all()
    assert limits.low[1] == 0


@given(COUNTS, st.data())
def test_smoothing_equals_the_reference(counts: list[int], data: st.DataObject) -> None:
    size = {"min_size": len(counts), "max_size": len(counts)}
    people = data.draw(st.lists(st.integers(1, 200_000), **size))
    observed, population = np.array(counts, float), np.array(people, float)
    if not observed.sum():
        assert (smoothed_rates(observed, population) == 0).all()
        return
    overall = observed.sum() / population.sum()
    spread = (population * (observed / population - overall) ** 2).sum() / population.sum()
    if spread <= overall / population.mean():
        # No more spread than chance has: the reference weighs by a negative variance then.
        assert smoothed_rates(observed, population) == pytest.approx(overall * 1000)
        return
    reference = np.asarray(Empirical_Bayes(observed, population).r).ravel() * 1000
    assert smoothed_rates(observed, population) == pytest.approx(reference, rel=1e-9, abs=1e-12)


def test_an_area_without_people_has_no_rate_and_changes_no_other() -> None:
    with_nobody = smoothed_rates(np.array([3, 50, 7]), np.array([0.0, 9000.0, 4000.0]))
    without = smoothed_rates(np.array([50, 7]), np.array([9000.0, 4000.0]))
    assert np.isnan(with_nobody[0])
    assert with_nobody[1:].tolist() == without.tolist()
    assert np.isnan(rates(np.array([3]), np.array([np.nan])))[0]
    nowhere = np.array([0.0, np.nan])
    assert prior_of(np.array([3, 5]), nowhere) is None
    assert np.isnan(smoothed_rates(np.array([3, 5]), nowhere)).tolist() == [True, True]


def test_a_rate_lies_within_its_interval() -> None:
    counts, people = np.array([0, 19, 20, 400]), np.array([100.0, 500.0, 4000.0, 90_000.0])
    limits = rate_interval(counts, people)
    inside = (limits.low <= rates(counts, people)) & (rates(counts, people) <= limits.high)
    assert inside.all()
    assert too_few(counts).tolist() == [True, True, False, False]
