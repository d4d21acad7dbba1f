"""Which counts of a table may be published so that no small one can be worked out.

The table counts incidents by part (the townships of a county) and month; it is published with
its sums: by quarter, by calendar year, and of the whole. A count below ``LEAST`` is hidden. A
hidden count could be found again by taking published ones from a published sum, so further
counts are hidden (complementary suppression; Willenborg and de Waal, Elements of Statistical
Disclosure Control, 2001, chapter 6; Hundepool et al., Statistical Disclosure Control, 2012,
chapter 4).

**What is promised.** For every hidden count that is below ``LEAST`` and every number from 0 to
``LEAST - 1`` there is a table of whole incidents that holds the number there and agrees with
every published count, *before* these are rounded. Rounding comes on top.

**How it is kept.** Hidden counts form pools. Two incidents of a pool can swap their months (or,
where no sum of their parts over that time is published, their parts) without any published sum
changing. A part is therefore hidden in all three months of a quarter or in none, and from
quarter to quarter by a choice made with the first quarter of its year, so that pools are
rectangles; a pool has at least two parts and at least ``LEAST - 1`` incidents in each column,
and the row and column of a small count together are no more than the pool. Where no pool can be
made the sum itself is hidden.

**What it depends on.** A choice looks at no later quarter, so what was published stays
published as time goes on; and a part's place in the order of those hidden for the sake of
others comes from outside, from what is public, never from the counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

LEAST = 10
"""The smallest count that is published (k)."""
STEP = 5
"""Published counts are rounded to the nearest multiple of this."""
HIDDEN = -1
QUARTER_MONTHS, YEAR_MONTHS = 3, 12
_AMPLE = 2 * LEAST
"""From this many incidents in the first quarter on, a part's quarters are meant to be shown."""
_ENOUGH = LEAST - 1

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Published:
    """What may be published of a table; ``HIDDEN`` stands for what may not.

    Row 0 is the whole, rows 1 to n are the parts.

    Attributes:
        first_month: months since year 0 of the first column of ``months``.
        months: shape (n + 1, m).
        quarters: shape (n + 1, m / 3).
        years: shape (n + 1, y), of the calendar years that the months touch; one of which
            months are missing is hidden.
    """

    first_month: int
    months: Integers
    quarters: Integers
    years: Integers

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.months.nbytes + self.quarters.nbytes + self.years.nbytes


def rounded(counts: Integers) -> Integers:
    """Round counts to the nearest multiple of ``STEP``; what is hidden stays hidden."""
    near = (counts + STEP // 2) // STEP * STEP
    return np.where(counts == HIDDEN, HIDDEN, near)


def protect(whole: Integers, parts: Integers, order: Integers, first_month: int) -> Published:
    """Hide what must not be published; nothing is rounded yet.

    Args:
        whole: m counts of the whole by month, over whole quarters.
        parts: shape (n, m), counts of its parts; together no more than the whole, and less
            where incidents are known to lie in no certain part.
        order: n different numbers; of parts that could be hidden for the sake of others, the
            one with the lowest goes first.
        first_month: months since year 0 of the first column.

    Raises:
        ValueError: the months are not whole quarters, or the parts are more than the whole.
    """
    if first_month % QUARTER_MONTHS or len(whole) % QUARTER_MONTHS:
        raise ValueError("months must be those of whole quarters")
    if (parts.sum(axis=0) > whole).any():
        raise ValueError("parts must not hold more than the whole")
    counts = np.vstack([whole, parts.reshape(-1, len(whole))]).astype(np.int64)
    turn = np.argsort(order, kind="stable")
    years = _years(first_month, len(whole))
    found = [_year(counts[:, months], turn) for months in years]
    return Published(first_month, *(np.hstack(each) for each in zip(*found, strict=True)))


def _years(first_month: int, months: int) -> list[slice]:
    """The columns of each calendar year; at least one, perhaps empty."""
    ends = range(first_month // YEAR_MONTHS + 1, (first_month + months - 1) // YEAR_MONTHS + 1)
    cuts = [0, *(year * YEAR_MONTHS - first_month for year in ends), months]
    return [slice(a, b) for a, b in pairwise(cuts)]


def _year(counts: Integers, turn: Integers) -> tuple[Integers, Integers, Integers]:
    """Hide what must be hidden in the months of one calendar year."""
    quarters = counts.reshape(len(counts), -1, QUARTER_MONTHS).sum(axis=2)
    total = quarters.sum(axis=1, keepdims=True)
    steady = _steady(quarters, turn)
    dark = np.ones(quarters.shape, np.bool_)
    unseen = np.ones(counts.shape, np.bool_)
    for at in range(quarters.shape[1]):
        dark[:, at] = _quarter(quarters[:, at], steady, turn)
        months = slice(QUARTER_MONTHS * at, QUARTER_MONTHS * (at + 1))
        unseen[:, months] = _months(counts[:, months], dark[:, at], turn)[:, None]
    gone = np.ones(len(counts), np.bool_)
    if counts.shape[1] == YEAR_MONTHS:
        gone = _total(quarters, total[:, 0], steady, dark, turn)
    return (
        np.where(unseen, HIDDEN, counts),
        np.where(dark, HIDDEN, quarters),
        np.where(gone[:, None], HIDDEN, total),
    )


def _steady(quarters: Integers, turn: Integers) -> Flags:
    """Choose with the first quarter whose quarters are meant to be shown this year.

    The others are hidden in every quarter of the year, which makes their pool a rectangle.
    """
    rows = len(quarters)
    if not quarters.shape[1] or quarters[0, 0] < _AMPLE:
        return np.zeros(rows, np.bool_)
    first = quarters[1:, 0]
    pool = _enlarged(first < _AMPLE, turn, lambda pool: _is_pool(first[pool]))
    return np.zeros(rows, np.bool_) if pool is None else np.append(True, ~pool)


def _quarter(counts: Integers, steady: Flags, turn: Integers) -> Flags:
    """Tell which rows are hidden in a quarter."""
    everything = np.ones(len(counts), np.bool_)
    if not steady[0] or counts[0] < LEAST:
        return everything
    part = counts[1:]
    pool = _enlarged(~steady[1:] | (part < LEAST), turn, lambda pool: _is_pool(part[pool]))
    return everything if pool is None else np.append(False, pool)


def _months(counts: Integers, dark: Flags, turn: Integers) -> Flags:
    """Tell which rows are hidden in the months of a quarter, in all of them or in none."""
    everything = np.ones(len(counts), np.bool_)
    if dark[0] or (counts[0] < LEAST).any():
        return everything
    parts = counts[1:]
    pool = _enlarged(
        dark[1:] | (parts < LEAST).any(axis=1),
        turn,
        lambda pool: (
            not _fixed(parts[pool], parts[pool].sum(axis=1)).any()
            and all(_is_pool(column) for column in parts[pool].T)
        ),
    )
    return everything if pool is None else np.append(False, pool)


def _total(
    quarters: Integers, total: Integers, steady: Flags, dark: Flags, turn: Integers
) -> Flags:
    """Tell which rows are hidden in a whole year."""
    everything: Flags = np.ones(len(total), np.bool_)
    if total[0] < LEAST or (steady[0] and dark[0].any()):
        return everything
    if steady[0] and (dark != ~steady[:, None]).any():
        # Some quarter was hidden against the plan: the year would give it away.
        unplanned: Flags = np.any(dark, axis=1)
        return unplanned
    annual = ~steady[1:]
    small = total[1:] < LEAST
    if steady[0]:
        small[annual] |= _fixed(quarters[1:][annual], total[1:][annual])
    parts = total[1:]
    pool = _enlarged(small, turn[annual[turn]], lambda pool: _is_pool(parts[pool]))
    return everything if pool is None else np.append(False, pool)


def _is_pool(counts: Integers) -> bool:
    """Whether each of some counts could be any small number, given only their sum."""
    return len(counts) > 1 and int(counts.sum()) >= _ENOUGH


def _fixed(table: Integers, sums: Integers) -> Flags:
    """Tell which rows hold a small count that their sum and its column's keep above zero.

    In a table of which the sums of rows and columns are known, a count is no less than its
    row and its column together are more than the whole. Rows with small sums are hidden in
    these as well, and not bound by them.
    """
    columns = table.sum(axis=0)
    bound = sums[:, None] + columns > columns.sum()
    known = (sums >= LEAST)[:, None]
    found: Flags = ((table < LEAST) & known & bound).any(axis=1)
    return found


def _enlarged(pool: Flags, turn: Integers, fits: Callable[[Flags], bool]) -> Flags | None:
    """Add rows to a pool in their turn until it fits; ``None`` when it never does.

    An empty pool hides nothing, and always fits.
    """
    pool = pool.copy()
    if not pool.any() or fits(pool):
        return pool
    for row in turn:
        if not pool[row]:
            pool[row] = True
            if fits(pool):
                return pool
    return None
