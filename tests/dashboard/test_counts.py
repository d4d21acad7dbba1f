"""Sums over entries, against the same sums entry by entry; no database."""

import itertools
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.counts import COLLAPSED, EPOCH, Counts, collapsed, day_number
from dashboard.period import Days

FIRST = date(2021, 12, 20)
PLACES, COMBINATIONS = 4, 5
LINEAGE_ROWS = 9


@dataclass(frozen=True)
class Entry:
    """n incidents of a place on a day with a combination of terms."""

    day: int
    place: int
    combination: int
    n: int


entries = st.lists(
    st.builds(
        Entry,
        st.integers(0, 40),
        st.integers(0, PLACES - 1),
        st.integers(0, COMBINATIONS - 1),
        st.sampled_from([1, 2, 255, 256, 70_000]),
    ),
    max_size=60,
)
periods = st.builds(
    lambda since, length: Days(FIRST + timedelta(since), FIRST + timedelta(since + length)),
    st.integers(-20, 50),
    st.integers(0, 80),
)
some_places = st.lists(st.booleans(), min_size=PLACES, max_size=PLACES).map(np.array)
some_terms = st.lists(st.booleans(), min_size=COMBINATIONS, max_size=COMBINATIONS).map(np.array)


def counts_of(given_entries: list[Entry], rows: np.ndarray | None = None) -> Counts:
    columns = {
        "day": [day_number(FIRST) + entry.day for entry in given_entries],
        "place": [entry.place for entry in given_entries],
        "combination": [entry.combination for entry in given_entries],
        "n": [entry.n for entry in given_entries],
    }
    rows = np.arange(PLACES, dtype=np.int32) if rows is None else rows
    return Counts.ordered(
        rows, COMBINATIONS, {name: np.array(values, np.int64) for name, values in columns.items()}
    )


def day_of(entry: Entry) -> date:
    return FIRST + timedelta(entry.day)


@given(entries, periods, some_terms, some_places)
def test_sums_equal_those_entry_by_entry(
    given_entries: list[Entry], days: Days, allowed: np.ndarray, inside: np.ndarray
) -> None:
    counts = counts_of(given_entries)
    during = [entry for entry in given_entries if days.since <= day_of(entry) < days.until]
    let_through = [entry for entry in during if allowed[entry.combination]]

    by_place = np.zeros(PLACES)
    by_combination = np.zeros(COMBINATIONS)
    by_day = np.zeros(len(days))
    for entry in let_through:
        by_place[entry.place] += entry.n
        by_day[(day_of(entry) - days.since).days] += entry.n * inside[entry.place]
    for entry in during:
        by_combination[entry.combination] += entry.n * inside[entry.place]

    np.testing.assert_array_equal(counts.by_place(days, allowed), by_place)
    np.testing.assert_array_equal(counts.by_combination(days, inside), by_combination)
    np.testing.assert_array_equal(counts.by_day(days, allowed, inside), by_day)
    told = zip(*(column.tolist() for column in counts.entries(days, allowed)), strict=True)
    assert Counter(told) == Counter(
        (day_number(day_of(entry)), entry.place, entry.n) for entry in let_through
    )


@given(entries)
def test_entries_come_back_as_they_were_given_by_day(given_entries: list[Entry]) -> None:
    unpacked = counts_of(given_entries).unpacked()
    assert (np.diff(unpacked["day"]) >= 0).all()
    told = zip(*(column.tolist() for column in unpacked.values()), strict=True)
    assert Counter(told) == Counter(
        (day_number(day_of(entry)), entry.place, entry.combination, entry.n)
        for entry in given_entries
    )


@given(
    st.lists(st.tuples(entries, st.permutations(range(LINEAGE_ROWS))), max_size=3),
    st.lists(st.integers(-1, 3), min_size=LINEAGE_ROWS, max_size=LINEAGE_ROWS),
    some_terms,
)
def test_collapsed_counts_are_those_of_the_areas_that_show_the_places(
    parts: list[tuple[list[Entry], list[int]]], shown_by: list[int], allowed: np.ndarray
) -> None:
    given_parts = [counts_of(part, np.array(order[:PLACES], np.int32)) for part, order in parts]
    together = collapsed(given_parts, np.array(shown_by, np.int32), COMBINATIONS)

    expected: Counter[int] = Counter()
    for part, order in parts:
        for entry in part:
            if allowed[entry.combination]:
                expected[shown_by[order[entry.place]]] += entry.n
    del expected[-1]
    sums = together.by_place(COLLAPSED, allowed)
    found = dict(zip(together.rows.tolist(), sums.tolist(), strict=True))
    assert {row: n for row, n in found.items() if n} == dict(expected)
    shown = {shown_by[row] for _, order in parts for row in order[:PLACES]}
    assert set(found) == shown - {-1}


@given(st.lists(st.integers(0, 300), min_size=40, max_size=40), some_terms, some_places)
def test_many_entries_of_few_places_sum_up_over_all_days_as_day_by_day(
    incidents: list[int], allowed: np.ndarray, inside: np.ndarray
) -> None:
    pairs = list(itertools.product(range(PLACES), range(COMBINATIONS)))
    counts = counts_of(
        [Entry(at % 7, *pairs[at % len(pairs)], n) for at, n in enumerate(incidents) if n]
        + [Entry(at % 7, *pair, 1) for at, pair in enumerate(pairs)]
    )
    days = [FIRST + timedelta(day) for day in range(7)]
    parts = [Days(day, day + timedelta(1)) for day in days]
    whole = Days(days[0], days[-1] + timedelta(1))
    by_place = sum(counts.by_place(part, allowed) for part in parts)
    by_combination = sum(counts.by_combination(part, inside) for part in parts)
    np.testing.assert_array_equal(counts.by_place(whole, allowed), by_place)
    np.testing.assert_array_equal(counts.by_combination(whole, inside), by_combination)


@pytest.mark.parametrize(
    ("days", "more"), [(1, 0), (PLACES * COMBINATIONS, 8 * PLACES * COMBINATIONS)]
)
def test_memory_is_that_of_the_columns_and_of_the_table_beside_many_entries(
    days: int, more: int
) -> None:
    counts = counts_of([Entry(day, PLACES - 1, COMBINATIONS - 1, 300) for day in range(days)])
    assert counts.nbytes == 4 * PLACES + days * (2 + 1 + 1 + 2) + more
    held = counts.nbytes
    counts.by_place(Days(FIRST, FIRST + timedelta(days)), np.ones(COMBINATIONS, bool))
    counts.by_combination(Days(FIRST, FIRST + timedelta(days)), np.ones(PLACES, bool))
    made = [value for value in vars(counts).values() if isinstance(value, np.ndarray)]
    assert sum(value.nbytes for value in made) == held == counts.nbytes


def test_days_too_far_apart_are_refused_rather_than_mixed_up() -> None:
    far = {
        "day": np.array([0, 65_534]),
        "place": np.array([0, 0]),
        "combination": np.array([0, 0]),
        "n": np.array([1, 2]),
    }
    rows = np.zeros(1, np.int32)
    counts = Counts.ordered(rows, 1, far)
    everything = np.array([True])
    last = EPOCH + timedelta(days=65_534)
    for day, n in ((EPOCH, 1), (last, 2), (last + timedelta(days=1), 0), (date(2199, 1, 1), 0)):
        one = Days(day, day + timedelta(days=1))
        assert counts.by_place(one, everything).tolist() == [n]
    with pytest.raises(ValueError, match="65,536 days: keep them by the year"):
        Counts.ordered(rows, 1, far | {"day": np.array([0, 65_535])})
