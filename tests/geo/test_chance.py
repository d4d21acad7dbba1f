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
