"""Identifiers that come again."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from etl.repeats import Seen

NAMES = st.lists(st.sampled_from([f"id {n}" for n in range(40)]), unique=True, max_size=20)


@given(chunks=st.lists(NAMES, max_size=12))
def test_knows_what_came_in_an_earlier_chunk(chunks: list[list[str]]) -> None:
    seen, before = Seen(), set()
    for chunk in chunks:
        met = seen.meet(pa.chunked_array([pa.array(chunk, pa.string())]))
        assert met.tolist() == [name in before for name in chunk]
        before |= set(chunk)


def test_runs_stay_few() -> None:
    """What makes many chunks cost no more than their rows."""
    seen = Seen()
    for start in range(0, 4000, 40):
        names = [f"id {n}" for n in range(start, start + 40)]
        assert not seen.meet(pa.chunked_array([pa.array(names)])).any()
    assert max(map(len, seen._shelves)) <= 8
