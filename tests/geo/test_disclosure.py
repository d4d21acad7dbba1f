from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo.disclosure import HIDDEN, LEAST, STEP, Integers, Published, protect, rounded
from tests.geo.disclosure_attack import Attack

Table = tuple[Integers, Integers, int]
"""Shape (n + 1, m), the whole first; the order of its parts; the first month."""


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables of which some counts are small and some are not."""
    parts, quarters = draw(st.integers(0, 5)), draw(st.integers(1, 6))
    likely = st.sampled_from([0, 0, 1, 3, 6, 8, 9, 10, 11, 12, 20, 40])
    counts = draw(arrays(np.int64, (parts, 3 * quarters), elements=likely))
    rest = draw(arrays(np.int64, 3 * quarters, elements=st.sampled_from([0, 0, 0, 2, 9])))
    order = np.array(draw(st.permutations(range(parts))), np.int64)
    return np.vstack([counts.sum(axis=0) + rest, counts]), order, 3 * draw(st.integers(0, 4))


def protected(table: Table) -> Published:
    counts, order, first = table
    return protect(counts[0], counts[1:], order, first)


@settings(max_examples=120)
@given(tables(), st.randoms(use_true_random=False))
def test_every_small_count_could_be_any_small_number(table: Table, draw: object) -> None:
    """Though the attacker knows more than is shown: the published counts before rounding."""
    attack = Attack(table[0], protected(table), exact=True)
    small = attack.small()
    for node in draw.sample(small, min(len(small), 4)):  # type: ignore[attr-defined]
        least, most = attack.reach(node, whole=True)
        assert least < 0.5, (node, least)
        assert most > LEAST - 1.5, (node, most)


@given(tables())
def test_what_is_shown_is_true_and_not_small(table: Table) -> None:
    attack = Attack(table[0], protected(table), exact=True)
    for node, count in attack.nodes.items():
        assert count == HIDDEN or count == attack.truth(node) >= LEAST


@given(tables(), st.integers(1, 6))
def test_what_was_shown_stays_shown_as_time_goes_on(table: Table, quarters: int) -> None:
    counts, order, first = table
    now = protected(table)
    before = protect(counts[0, : 3 * quarters], counts[1:, : 3 * quarters], order, first)
    months = before.months.shape[1]
    assert (before.months == now.months[:, :months]).all()
    assert (before.quarters == now.quarters[:, : months // 3]).all()
    years = before.years
    assert ((years == HIDDEN) | (years == now.years[:, : years.shape[1]])).all()


@given(tables())
def test_the_order_of_the_rows_does_not_matter(table: Table) -> None:
    counts, order, first = table
    shown = protected(table)
    turned = protect(counts[0], counts[1:][::-1], order[::-1], first)
    assert (turned.months[1:] == shown.months[1:][::-1]).all()
    assert (turned.quarters[1:] == shown.quarters[1:][::-1]).all()
    assert (turned.years[1:] == shown.years[1:][::-1]).all()


@given(st.integers(LEAST, 10**7))
def test_rounding_is_to_the_nearest_multiple(count: int) -> None:
    near = int(rounded(np.array([count]))[0])
    assert near % STEP == 0
    assert abs(near - count) <= STEP // 2
    assert near >= LEAST


def test_published_counts_are_multiples_of_five_from_ten_on() -> None:
    """As the pages and files of the mode say in words."""
    counts = np.array([HIDDEN, 10, 12, 13, 17, 18, 1_002])
    assert rounded(counts).tolist() == [HIDDEN, 10, 10, 15, 15, 20, 1_000]
    assert (LEAST, STEP) == (10, 5)


def steady(rows: list[list[int]], quarters: int = 4) -> Integers:
    """The same three months in each quarter; the whole is the sum."""
    parts = np.tile(np.array(rows), (1, quarters))
    return np.vstack([parts.sum(axis=0), parts])


WORLDS: dict[str, tuple[Integers, Callable[[Published], bool]]] = {
    "plenty: all is shown": (
        steady([[30, 30, 30], [40, 40, 40]]),
        lambda shown: all(
            (each > 0).all() for each in (shown.months, shown.quarters, shown.years)
        ),
    ),
    "one small part: a second one is hidden with it, in all months alike": (
        steady([[30, 30, 30], [40, 40, 40], [5, 5, 12]]),
        lambda shown: (
            (shown.months == HIDDEN).all(axis=1).tolist() == [False, True, False, True]
            and (shown.years > 0).all()
        ),
    ),
    "a year is hidden that would give a quarter away": (
        np.hstack([steady([[30, 30, 30], [8, 8, 8], [50, 50, 50]], 3),
                   steady([[30, 30, 30], [1, 1, 1], [50, 50, 50]], 1)]),
        lambda shown: (
            shown.quarters[:, 3].tolist() == [243, HIDDEN, HIDDEN, 150]
            and shown.years[:, 0].tolist() == [1035, HIDDEN, HIDDEN, 600]
        ),
    ),
    "nothing but small: only the sum": (
        steady([[2, 2, 2], [1, 1, 1], [2, 2, 2]]),
        lambda shown: (
            (shown.months == HIDDEN).all()
            and (shown.quarters == HIDDEN).all()
            and shown.years[:, 0].tolist() == [60, 24, 12, 24]
        ),
    ),
    "a quiet first quarter: nothing is shown of its year but the year": (
        np.hstack([steady([[2, 2, 2], [3, 3, 3]], 1), steady([[30, 30, 30], [40, 40, 40]], 3)]),
        lambda shown: (
            (shown.months == HIDDEN).all()
            and (shown.quarters == HIDDEN).all()
            and shown.years[:, 0].tolist() == [645, 276, 369]
        ),
    ),
    "zero is as hidden as any small count": (
        steady([[0, 0, 0], [30, 30, 30], [40, 40, 40]]),
        lambda shown: (
            shown.months[1, 0] == shown.months[2, 0] == HIDDEN
            and shown.years[1:, 0].tolist() == [HIDDEN, HIDDEN, 480]
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WORLDS)
def test_worlds(name: str) -> None:
    counts, check = WORLDS[name]
    shown = protect(counts[0], counts[1:], np.arange(len(counts) - 1), 0)
    assert check(shown), shown


def test_the_year_that_has_not_ended_is_not_shown() -> None:
    counts = steady([[30, 30, 30], [40, 40, 40]], 5)
    shown = protect(counts[0], counts[1:], np.arange(2), 12)
    assert shown.years.tolist() == [[840, HIDDEN], [360, HIDDEN], [480, HIDDEN]]


def test_only_whole_quarters_are_taken() -> None:
    counts = steady([[30, 30, 30]])
    with pytest.raises(ValueError, match="whole quarters"):
        protect(counts[0], counts[1:], np.arange(1), 1)
    with pytest.raises(ValueError, match="more than the whole"):
        protect(counts[0], counts[1:] + 1, np.arange(1), 0)
