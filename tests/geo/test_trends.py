import numpy as np
import pymannkendall
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.trends import mann_kendall


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=40))
def test_the_test_equals_the_reference_ties_included(series: list[int]) -> None:
    ours = mann_kendall(np.array([series]))
    if len(set(series)) == 1:
        assert ours.p[0] == 1
        return
    reference = pymannkendall.original_test(series)
    assert ours.z[0] == pytest.approx(reference.z)
    assert ours.p[0] == pytest.approx(reference.p)


def test_many_at_once_are_as_one_by_one() -> None:
    series = np.random.default_rng(1).normal(size=(50, 36))
    together = mann_kendall(series)
    alone = [mann_kendall(row[None]).z[0] for row in series]
    assert together.z.tolist() == alone


def test_rising_and_falling() -> None:
    ours = mann_kendall(np.array([np.arange(12.0), -np.arange(12.0)]))
    assert ours.z[0] == -ours.z[1] > 3
    assert (ours.p < 0.001).all()
