import itertools

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dashboard.scales import RateOf, class_breaks, metric_values, rounded

counts = arrays(np.float64, st.integers(0, 300), elements=st.integers(0, 5_000).map(float))
reals = arrays(np.float64, st.integers(0, 300), elements=st.floats(0, 1e6, allow_subnormal=False))


@given(values=counts)
def test_limits_of_counts_are_whole_and_divide_them(values: np.ndarray) -> None:
    breaks = class_breaks(values, whole=True)
    positive = values[values > 0]
    if not len(positive):
        assert breaks.limits == ()
        assert breaks.highest is None
        return
    assert (breaks.lowest, breaks.highest) == (positive.min(), positive.max())
    assert list(breaks.limits) == sorted(set(breaks.limits))
    assert all(limit == int(limit) > 0 for limit in breaks.limits)
    classes = np.searchsorted(breaks.limits, positive, side="right")
    # No class below the last is empty, and the last limit is not above every value.
    assert set(classes) == set(range(len(breaks.limits) + 1))
    assert len(breaks.limits) <= 6


@given(values=reals)
def test_limits_of_rates_divide_them(values: np.ndarray) -> None:
    breaks = class_breaks(values, whole=False)
    positive = values[values > 0]
    classes = np.searchsorted(breaks.limits, positive, side="right")
    assert set(classes) == (set(range(len(breaks.limits) + 1)) if len(positive) else set())


@pytest.mark.parametrize(
    ("areas", "shares"),
    [
        # Few areas share five classes evenly; of many, the upper classes take ever fewer.
        (59, [0.2] * 5),
        (60, [0.2, 0.2, 0.2, 0.2, 0.12, 0.06, 0.02]),
        (12_345, [0.2, 0.2, 0.2, 0.2, 0.12, 0.06, 0.02]),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_how_many_areas_a_class_takes(areas: int, shares: list[float], *, whole: bool) -> None:
    """As many as the percentiles say, but for the rounding of the limits."""
    values = np.arange(1.0, areas + 1)
    breaks = class_breaks(values, whole=whole)
    classes = np.searchsorted(breaks.limits, values, side="right")
    found = np.bincount(classes) / areas
    assert len(found) == len(shares)
    # Rounding moves a limit by up to 0.4 of a neighbouring class, by far less where there is room.
    assert found == pytest.approx(shares, abs=0.06)


@pytest.mark.parametrize(
    ("areas", "shares"), [(51, [10, 10, 10, 10, 11]), (101, [20, 20, 20, 20, 12, 6, 3])]
)
def test_classes_end_at_the_percentile_itself(areas: int, shares: list[int]) -> None:
    """Of powers of ten rounding moves no limit: of 101, the 20th percentile is the 21st of them."""
    values = np.array([float(f"1e{power}") for power in range(-80, areas - 80)])
    breaks = class_breaks(values, whole=False)
    assert np.bincount(np.searchsorted(breaks.limits, values, "right")).tolist() == shares
    edges = np.cumsum(shares)[:-1]
    assert breaks.limits == pytest.approx(values[edges], rel=1e-12)


def test_rates_below_one_are_divided_too() -> None:
    """0.001 to 0.055: a fifth of them is 0.0118, 0.0226, ..., rounded by 1, 2 or 5 thousandths."""
    assert class_breaks(np.arange(1, 56) / 1_000, whole=False).limits == (
        0.012,
        0.025,
        0.035,
        0.045,
    )


def test_the_order_of_values_does_not_matter() -> None:
    values = np.random.default_rng(3).lognormal(3, 1, 20_000)
    shuffled = np.random.default_rng(4).permutation(values)
    assert class_breaks(values, whole=False) == class_breaks(shuffled, whole=False)


def test_unknown_values_have_no_say() -> None:
    known = np.arange(1.0, 100.0)
    with_unknown = np.concatenate([known, [np.nan, 0.0, np.nan]])
    assert class_breaks(known, whole=True) == class_breaks(with_unknown, whole=True)


def test_one_value_makes_one_class() -> None:
    assert class_breaks(np.full(10, 7.0), whole=True).limits == ()
    assert class_breaks(np.array([1.0, 2.0]), whole=True).limits == (2.0,)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([13.8, 24.1, 38.7, 61.2], [15.0, 25.0, 40.0, 60.0]),
        ([33.9, 37.8, 39.7, 42.2], [34.0, 38.0, 40.0, 42.0]),
        ([0.0123, 0.456], [0.012, 0.5]),
        ([1234.0, 56789.0], [1200.0, 60000.0]),
        # Three times 0.1 is 0.30000000000000004 to a computer, and nobody reads that.
        ([0.29, 0.61], [0.3, 0.6]),
        # 0.8 of the gap of 2.5 is a step of exactly 2: seven of them, and eight.
        ([13.25, 15.75], [14.0, 16.0]),
    ],
)
def test_numbers_read_well(numbers: list[float], expected: list[float]) -> None:
    assert rounded(numbers) == expected


@given(
    numbers=st.lists(
        st.floats(1e-3, 1e6, allow_subnormal=False), min_size=1, max_size=6, unique=True
    )
)
def test_rounding_never_reaches_a_neighbour(numbers: list[float]) -> None:
    ascending = sorted(numbers)
    # Closer ones than a computer's numbers can be told apart in are no classes.
    assume(all(after - before > 1e-9 * after for before, after in itertools.pairwise(ascending)))
    found = rounded(ascending)
    for before, number, after in zip(
        [0.0, *ascending], ascending, [*ascending[1:], np.inf], strict=False
    ):
        nearest = min(abs(limit - number) for limit in found)
        assert nearest <= 0.41 * min(number - before, after - number)


def test_metrics_and_their_denominators() -> None:
    count = np.array([10.0, 0.0, 5.0, 3.0])
    people = np.array([2_000.0, 1_000.0, np.nan, 0.0])
    area = np.array([4.0, 2.0, 1.0, 0.5])
    assert metric_values("count", count, people, area).tolist() == count.tolist()
    assert metric_values("density", count, people, area).tolist() == [2.5, 0.0, 5.0, 6.0]
    rate = metric_values("rate", count, people, area)
    assert rate[:2].tolist() == [5.0, 0.0]
    assert np.isnan(rate[2:]).all()


@given(st.integers(1, 10_000), st.integers(1, 10**7), st.integers(2, 1_000))
@example(1, 1_007, 3)
def test_equal_shares_are_equal_rates(count: int, people: int, times: int) -> None:
    """To the last bit: whoever has the same rate shares a place in the ranking."""
    counts, known = np.array([count, times * count]), np.array([people, times * people])
    first, second = metric_values("rate", counts * 1.0, known * 1.0, known * 1.0).tolist()
    assert first == second


def test_a_rate_has_a_colour_where_it_says_enough() -> None:
    """None of fewer than 20 incidents, but none at all is a zero; per thousand who are known."""
    counts, people = np.array([0.0, 1, 19, 20, 60, 60]), np.array([1e4, 1e4, 1e4, 1e4, np.nan, 0])
    shown = RateOf().shown(counts, people)
    assert shown == pytest.approx([0, np.nan, np.nan, 2, np.nan, np.nan], nan_ok=True)
    assert (RateOf().column, RateOf("households").column) == ("population", "households")


def test_smoothed_rates_are_drawn_together_and_none_is_left_out_for_few() -> None:
    """Areas of the same rate differ by less than chance would let them: nothing is their own."""
    counts, people = np.array([2.0, 4, 40, 9]), np.array([1e3, 2e3, 2e4, np.nan])
    smooth = RateOf(smooth=True)
    assert smooth.shown(counts, people) == pytest.approx([2, 2, 2, np.nan], nan_ok=True)
    assert np.isnan(smooth.shown(counts, np.full(4, np.nan))).all()
