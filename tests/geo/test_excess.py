import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.excess import FLOOR, expected, standardised


@given(st.integers(1, 12), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_what_is_expected_sums_to_what_was_seen(areas: int, steps: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    counts, people = draw.poisson(3, (areas, steps)), draw.integers(1, 900, areas).astype(float)
    shares = draw.dirichlet(np.ones(steps))
    found = expected(counts, people, shares)
    assert found.sum() == pytest.approx(counts.sum())
    assert found.sum(axis=1) == pytest.approx(people / people.sum() * counts.sum())
    assert found.sum(axis=0) == pytest.approx(shares * counts.sum())


def test_differences_are_measured_in_what_chance_spreads_them_by() -> None:
    expectation = np.array([[4.0], [16.0]])
    found = standardised(np.array([[8.0], [16.0]]), expectation)
    # A quarter of the mean expectation, 10, is added to each variance.
    assert found.ravel() == pytest.approx([4 / np.sqrt(4 + 2.5), 0])
    # Where hardly anybody lives one incident is much, and none is a little less than expected.
    few = standardised(np.array([[1.0], [0.0]]), np.full((2, 1), 0.1))
    assert few.ravel() == pytest.approx([0.9 / np.sqrt(0.125), -0.1 / np.sqrt(0.125)])
    assert standardised(np.zeros((0, 3)), np.zeros((0, 3))).shape == (0, 3)


def test_residuals_of_chance_alone_have_the_spread_of_one() -> None:
    draw = np.random.default_rng(1)
    people = draw.integers(500, 1500, 4000).astype(float)
    counts = draw.poisson(people / 50)[:, None]
    found = standardised(counts, expected(counts, people, np.ones(1)))
    assert found.mean() == pytest.approx(0, abs=0.05)
    assert found.std() == pytest.approx(1 / np.sqrt(1 + FLOOR), abs=0.05)


def test_nothing_seen_is_nothing_special() -> None:
    nothing = np.zeros((3, 2))
    assert not standardised(nothing, expected(nothing, np.ones(3), np.full(2, 0.5))).any()
