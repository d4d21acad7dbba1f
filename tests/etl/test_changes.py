"""Changes gathered in memory and on disk are the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from etl.changes import ChangeLog
from etl.rollups import Change, join_changes, months_of

ENTRY = st.tuples(
    st.integers(0, 3), st.integers(600, 606), st.integers(0, 5), st.sampled_from([-1, 1, 2])
)


def change_of(rows: list[tuple[int, int, int, int]]) -> Change:
    made = np.array(rows, np.int64).reshape(-1, 4)
    blocks = made[:, 0] * 65536 + made[:, 1]
    return Change(blocks, made[:, 2].astype(np.uint64), made[:, 3])


def entries(change: Change) -> dict[tuple[int, int], int]:
    keys = zip(change.blocks.tolist(), change.keys.tolist(), strict=True)
    return dict(zip(keys, change.n.tolist(), strict=True))


@given(chunks=st.lists(st.lists(ENTRY, max_size=15), max_size=8), limit=st.integers(1, 40))
def test_disk_changes_nothing(chunks: list[list[tuple[int, int, int, int]]], limit: int) -> None:
    log = ChangeLog(in_memory=limit)
    for rows in chunks:
        log.add(change_of(rows))
    log.sum_up()
    parts = list(log.parts())
    log.close()
    whole = join_changes([change_of(rows) for rows in chunks]).summed()
    assert {key: n for part in parts for key, n in entries(part).items()} == entries(whole)
    months = [set(months_of(part.blocks).tolist()) for part in parts]
    assert sum(map(len, months)) == len(set().union(*months))
