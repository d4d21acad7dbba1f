import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from geo.chance import beyond_chance

chances = st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=30).map(np.array)


@given(p=chances)
def test_as_the_reference_and_nothing_where_nothing_was_tested(p: np.ndarray) -> None:
    found, known = beyond_chance(p), np.isfinite(p)
    assert not found[~known].any()
    if known.any():
        assert found[known].tolist() == multipletests(p[known], method="fdr_bh")[0].tolist()


def test_the_level_itself_is_still_found_and_can_be_chosen() -> None:
    """Of two tests the smaller probability counts twice: 2 x 0.025 is just the level."""
    assert beyond_chance([0.05]).tolist() == [True]
    assert beyond_chance([0.025, 0.5]).tolist() == [True, False]
    assert beyond_chance([0.0251, 0.5]).tolist() == [False, False]
    assert beyond_chance([0.0251, 0.5], 0.1).tolist() == [True, False]
    assert beyond_chance([np.nan, np.nan]).tolist() == [False, False]
