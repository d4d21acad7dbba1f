"""Rollup blocks: counts of one month packed into bytes, additive and exact.

Counted by cell, day, category, channel and status, incidents are nearly as sparse as they came,
so rows would cost more than the incidents themselves. A block holds the same counts at 12 bytes
an entry (8 where the cell is summed away) and answers any filter in one pass of numpy.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import RollupError

_LABELS = [("day", "u1"), ("category", "u1"), ("channel", "u1"), ("status", "u1")]

CELL_ENTRY = np.dtype([("cell", "<u4"), ("n", "<u4"), *_LABELS])
"""n incidents of a cell (its area_id) on a day of the month (1 to 31), 12 bytes."""

DAY_ENTRY = np.dtype([("n", "<u4"), *_LABELS])
"""n incidents of a county on a day of the month; day 0 = the whole month, 8 bytes."""

HOUR_ENTRY = np.dtype([("n", "<u4"), *_LABELS, ("hour", "u1")])
"""n incidents of a county on a day of the month at an hour by its clocks, 0 to 23; 9 bytes."""

NO_HOUR = 24
"""The hour of a record that says exactly midnight, which is what a date without a time becomes."""

DELTA = np.dtype([("cell", "<u4"), ("n", "<i8"), *_LABELS])
"""A change: like CELL_ENTRY, but n may be negative."""

Entries: TypeAlias = NDArray[np.void]
Bytes: TypeAlias = NDArray[np.uint8]

_LARGEST = np.iinfo(np.uint32).max


@dataclass(frozen=True)
class Keep:
    """Which entries count.

    Attributes:
        categories: term ids to keep; empty keeps all, here and below.
        channels: likewise.
        statuses: likewise.
        first_day: first day of the month to keep.
        last_day: last day of the month to keep. Days must stay at their defaults for totals,
            whose day is 0.
    """

    categories: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    statuses: frozenset[int] = frozenset()
    first_day: int = 0
    last_day: int = 31


def encode(entries: Entries) -> bytes:
    """Pack entries (CELL_ENTRY, DAY_ENTRY or HOUR_ENTRY) as the database keeps them."""
    return entries.tobytes()


def decode(blocks: bytes | Iterable[bytes], dtype: np.dtype[np.void]) -> Entries:
    """Unpack one block, or several at once one after the other, without copying the first.

    Args:
        blocks: as ``encode`` gave them.
        dtype: CELL_ENTRY, DAY_ENTRY or HOUR_ENTRY.

    Returns:
        Read-only entries; those of several blocks may repeat a key.

    Raises:
        RollupError: the length fits no whole number of entries.
    """
    packed = blocks if isinstance(blocks, bytes) else b"".join(blocks)
    if len(packed) % dtype.itemsize:
        raise RollupError(
            f"a rollup block has {len(packed)} bytes: expected a multiple of {dtype.itemsize}"
        )
    return np.frombuffer(packed, dtype)


def tally(
    cell: ArrayLike,
    day: ArrayLike,
    category: ArrayLike,
    channel: ArrayLike,
    status: ArrayLike,
    sign: ArrayLike = 1,
) -> Entries:
    """Count incidents into a signed change.

    Args:
        cell: area_id of each of m incidents.
        day: day of the month, 1 to 31.
        category: term id, as are the next two.
        channel: see above.
        status: see above.
        sign: +1 for an incident that came, -1 for one that went.

    Returns:
        DELTA entries, sorted by key, keys unique, none zero.
    """
    cells = np.atleast_1d(np.asarray(cell))
    delta = np.empty(len(cells), DELTA)
    delta["cell"], delta["n"], delta["day"] = cells, sign, day
    delta["category"], delta["channel"], delta["status"] = category, channel, status
    return _summed(delta)


def merge(entries: Entries, delta: Entries) -> Entries:
    """Add a change to a block.

    Args:
        entries: CELL_ENTRY or DAY_ENTRY, in any order.
        delta: the same type, or DELTA; for DAY_ENTRY its cells are summed away.

    Returns:
        Entries of the first's type: sorted by key, keys unique, every n above 0.

    Raises:
        RollupError: a count would fall below zero or outgrow its 32 bits, so the block and the
            incidents behind it had come apart.
    """
    return _narrowed(_summed(np.concatenate([_as_delta(entries), _as_delta(delta)])), entries.dtype)


def without(entries: Entries, *fields: str) -> Entries:
    """Sum fields away, such as ``without(delta, "cell", "day")`` for the totals of a county.

    Returns:
        DELTA entries with 0 in those fields, sorted by key, keys unique, none zero.
    """
    delta = _as_delta(entries)
    for field in fields:
        delta[field] = 0
    return _summed(delta)


def days_of(entries: Entries) -> Entries:
    """Sum the cells away: CELL_ENTRY to DAY_ENTRY."""
    return _narrowed(without(entries, "cell"), DAY_ENTRY)


def totals_of(entries: Entries) -> Entries:
    """Sum cells and days away: DAY_ENTRY with day 0."""
    return _narrowed(without(entries, "cell", "day"), DAY_ENTRY)


def select(entries: Entries, keep: Keep) -> Entries:
    """The entries a filter keeps, in their order."""
    wanted = np.ones(len(entries), bool)
    for field, terms in (
        ("category", keep.categories),
        ("channel", keep.channels),
        ("status", keep.statuses),
    ):
        if terms:
            table = np.zeros(256, bool)
            table[list(terms)] = True
            wanted &= table[entries[field]]
    if keep.first_day > 0:
        wanted &= entries["day"] >= keep.first_day
    if keep.last_day < 31:
        wanted &= entries["day"] <= keep.last_day
    return entries[wanted]


def total(entries: Entries) -> int:
    """How many incidents the entries count."""
    return int(entries["n"].sum(dtype=np.int64))


def counts_by(entries: Entries, field: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count incidents by one field.

    Args:
        entries: n of any type.
        field: ``cell``, ``day``, ``category``, ``channel`` or ``status``.

    Returns:
        The m values that occur, ascending, and the count of each.
    """
    values = entries[field].astype(np.int64)
    if not len(values):
        return values, values.copy()
    lowest = values.min()
    # bincount is many times faster than a sort, but pays for every value in between.
    if values.max() - lowest <= 16 * len(values) + 1024:
        counts = np.bincount(values - lowest, weights=entries["n"]).astype(np.int64)
        found = np.flatnonzero(counts)
        return found + lowest, counts[found]
    found, place = np.unique(values, return_inverse=True)
    return found, np.bincount(place, weights=entries["n"]).astype(np.int64)


def _as_delta(entries: Entries) -> Entries:
    delta = np.zeros(len(entries), DELTA)
    for field in entries.dtype.names or ():
        delta[field] = entries[field]
    return delta


def _keys(delta: Entries) -> NDArray[np.uint64]:
    keys = delta["cell"].astype(np.uint64)
    for field, _ in _LABELS:
        keys = (keys << np.uint64(8)) | delta[field]
    return keys


def _summed(delta: Entries) -> Entries:
    if not len(delta):
        return delta
    keys = _keys(delta)
    order = np.argsort(keys, kind="stable")
    delta, keys = delta[order], keys[order]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    summed: Entries = delta[starts]
    summed["n"] = np.add.reduceat(delta["n"], starts)
    occurs = np.flatnonzero(summed["n"])
    return summed[occurs]


def _narrowed(delta: Entries, dtype: np.dtype[np.void]) -> Entries:
    if dtype == DAY_ENTRY and delta["cell"].any():
        delta = without(delta, "cell")
    wrong = (delta["n"] < 0) | (delta["n"] > _LARGEST)
    if wrong.any():
        raise RollupError(
            f"a rollup count would become {delta['n'][wrong][0]}: the rollups no longer match"
            " the incidents, rebuild them"
        )
    entries = np.empty(len(delta), dtype)
    for field in dtype.names or ():
        entries[field] = delta[field]
    return entries
