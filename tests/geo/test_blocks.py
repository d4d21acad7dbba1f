"""Rollup blocks: additive, exact, and the children always sum to the parent."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.blocks import (
    CELL_ENTRY,
    DAY_ENTRY,
    Entries,
    Keep,
    counts_by,
    days_of,
    decode,
    encode,
    merge,
    select,
    tally,
    total,
    totals_of,
    without,
)
from geo.errors import RollupError

Incident = tuple[int, int, int, int, int]

# Few values, so that keys meet; with the ends of every range among them.
incidents = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 7, 2**32 - 1]),
        st.sampled_from([1, 2, 30, 31]),
        st.sampled_from([0, 1, 255]),
        st.sampled_from([0, 3]),
        st.sampled_from([1, 2, 3]),
    ),
    max_size=40,
)
terms = st.frozensets(st.integers(0, 3) | st.just(255), max_size=3)
filters = st.builds(
    Keep,
    categories=terms,
    channels=terms,
    statuses=terms,
    first_day=st.integers(0, 31),
    last_day=st.integers(0, 31),
)


def delta(rows: list[Incident], sign: int = 1) -> Entries:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return tally(*columns, sign=sign)


def block(rows: list[Incident]) -> Entries:
    return merge(np.empty(0, CELL_ENTRY), delta(rows))


def kept(rows: list[Incident], keep: Keep) -> list[Incident]:
    return [
        (cell, day, category, channel, status)
        for cell, day, category, channel, status in rows
        if (not keep.categories or category in keep.categories)
        and (not keep.channels or channel in keep.channels)
        and (not keep.statuses or status in keep.statuses)
        and keep.first_day <= day <= keep.last_day
    ]


def test_entries_are_as_small_as_promised() -> None:
    assert (CELL_ENTRY.itemsize, DAY_ENTRY.itemsize) == (12, 8)


@given(incidents)
def test_round_trip(rows: list[Incident]) -> None:
    entries = block(rows)
    np.testing.assert_array_equal(decode(encode(entries), CELL_ENTRY), entries)


@given(incidents)
def test_a_block_counts_what_came(rows: list[Incident]) -> None:
    entries = block(rows)
    fields = ("cell", "day", "category", "channel", "status")
    found = {tuple(int(row[field]) for field in fields): int(row["n"]) for row in entries}
    assert found == Counter(rows)
    assert len(found) == len(entries)


@given(incidents, incidents)
def test_merge_is_commutative(a: list[Incident], b: list[Incident]) -> None:
    np.testing.assert_array_equal(merge(block(a), delta(b)), merge(block(b), delta(a)))


@given(incidents, incidents, incidents)
def test_merge_is_associative(a: list[Incident], b: list[Incident], c: list[Incident]) -> None:
    one_by_one = merge(merge(block(a), delta(b)), delta(c))
    np.testing.assert_array_equal(one_by_one, merge(block(a), merge(block(b), delta(c))))
    np.testing.assert_array_equal(one_by_one, block(a + b + c))


@given(incidents, incidents)
def test_taking_back_is_exact(a: list[Incident], b: list[Incident]) -> None:
    np.testing.assert_array_equal(merge(block(a + b), delta(b, sign=-1)), block(a))


@given(incidents)
def test_taking_back_everything_leaves_nothing(rows: list[Incident]) -> None:
    assert len(merge(block(rows), delta(rows, sign=-1))) == 0


def test_taking_back_what_never_came_is_refused() -> None:
    entries = block([(7, 1, 1, 1, 1)])
    with pytest.raises(RollupError, match="would become -1"):
        merge(entries, delta([(7, 2, 1, 1, 1)], sign=-1))


def test_a_count_beyond_32_bits_is_refused() -> None:
    entries = block([(7, 1, 1, 1, 1)])
    entries["n"] = 2**32 - 1
    with pytest.raises(RollupError, match="4294967296"):
        merge(entries, delta([(7, 1, 1, 1, 1)]))


@given(incidents, filters)
def test_select_equals_the_filter_on_the_incidents(rows: list[Incident], keep: Keep) -> None:
    np.testing.assert_array_equal(select(block(rows), keep), block(kept(rows, keep)))


@given(incidents, filters)
def test_children_sum_to_the_parent(rows: list[Incident], keep: Keep) -> None:
    entries = block(rows)
    chosen = select(entries, keep)
    _, by_cell = counts_by(chosen, "cell")
    assert by_cell.sum() == total(chosen) == total(select(days_of(entries), keep))
    np.testing.assert_array_equal(days_of(chosen), select(days_of(entries), keep))


@given(incidents, terms, terms, terms)
def test_totals_agree_with_days(
    rows: list[Incident],
    categories: frozenset[int],
    channels: frozenset[int],
    status: frozenset[int],
) -> None:
    entries = block(rows)
    keep = Keep(categories, channels, status)
    assert total(select(totals_of(entries), keep)) == total(select(entries, keep))
    np.testing.assert_array_equal(totals_of(days_of(entries)), totals_of(entries))


@given(incidents, incidents)
def test_county_blocks_follow_the_cells_change(a: list[Incident], b: list[Incident]) -> None:
    whole, change = block(a), delta(b)
    after = merge(whole, change)
    np.testing.assert_array_equal(merge(days_of(whole), change), days_of(after))
    totals = merge(totals_of(whole), without(change, "cell", "day"))
    np.testing.assert_array_equal(totals, totals_of(after))


@given(incidents, incidents)
def test_several_blocks_decode_as_one(a: list[Incident], b: list[Incident]) -> None:
    both = decode([encode(block(a)), encode(block(b))], CELL_ENTRY)
    assert total(both) == len(a) + len(b)


@given(incidents, st.sampled_from(["cell", "day", "category", "channel", "status"]))
def test_counts_by_a_field(rows: list[Incident], field: str) -> None:
    place = ("cell", "day", "category", "channel", "status").index(field)
    values, counts = counts_by(block(rows), field)
    assert dict(zip(values.tolist(), counts.tolist(), strict=True)) == Counter(
        row[place] for row in rows
    )
    assert values.tolist() == sorted(values.tolist())


def test_a_torn_block_is_refused() -> None:
    with pytest.raises(RollupError, match="13 bytes"):
        decode(b"0" * 13, CELL_ENTRY)
