"""Regressions of counts against the equations that define them and fits that can be written down.

``test_expecting`` holds them to statsmodels.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.loglinear import fit_counts


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.sampled_from([0.3, 5.0, 2_000.0]))
def test_expectations_solve_the_equations_of_the_largest_likelihood(
    seed: int, effects: int, level: float
) -> None:
    """Each column of the design sums the expectations to what it sums the counts to."""
    draw = np.random.default_rng(seed)
    design = np.column_stack([np.ones(30), draw.normal(0, 1.5, (30, effects))])
    counts = draw.poisson(level * np.exp(design[:, 1]))
    found = fit_counts(design, counts)
    if found is None:
        assert not counts.any()
        return
    means = found.expected(design)
    assert design.T @ means == pytest.approx(design.T @ counts, abs=1e-5 * (1 + counts.sum()))
    assert found.freedom == 29 - effects
    scatter = ((counts - means) ** 2 / means).sum() / found.freedom
    assert found.dispersion == pytest.approx(max(1.0, scatter), rel=1e-6)


def test_two_groups_by_hand() -> None:
    """Means 2 and 6: an effect of log 3 with variance (1/8 + 1/24) times the dispersion.

    Of the squares over the means, 4/2 + 4/2 + 16/6 + 16/6 = 28/3, six degrees of freedom leave
    14/9.
    """
    design = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
    found = fit_counts(design, np.array([0, 4, 2, 2, 2, 10, 6, 6]))
    assert found is not None
    assert found.coefficients == pytest.approx([np.log(2), np.log(3)])
    assert (found.dispersion, found.freedom) == (pytest.approx(14 / 9), 6)
    assert found.covariance[1, 1] == pytest.approx((1 / 8 + 1 / 24) * 14 / 9)


def test_a_group_without_any_incident_is_expected_to_have_none() -> None:
    design = np.column_stack([np.ones(8), np.repeat([0.0, 1.0], 4)])
    found = fit_counts(design, np.repeat([5, 0], 4))
    assert found is not None
    assert found.expected(design) == pytest.approx(np.repeat([5.0, 0.0], 4), abs=1e-6)
    assert np.isfinite(found.covariance).all()
    # However far one goes on, an expectation stays above zero: its logarithm is taken.
    assert (found.expected(100 * design) > 0).all()


def test_nothing_is_learned_from_nothing() -> None:
    assert fit_counts(np.ones((5, 1)), np.zeros(5, int)) is None
    assert fit_counts(np.eye(3), np.array([1, 2, 3])) is None
    one_left = fit_counts(np.ones((2, 1)), np.array([3, 3]))
    assert one_left is not None
    assert (one_left.freedom, one_left.dispersion) == (1, 1.0)
