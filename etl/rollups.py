"""Rollup blocks: the signed change a load makes, merged into what the database has.

An entry is packed into one number, in the order in which blocks are sorted: cell (30 bits), day of
the month (5), category, channel, status (8 each), hour (5). The hour comes last, so that entries
without it are in order too.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.blocks import Entries
from geo.errors import RollupError

Keys = npt.NDArray[np.uint64]
"""Packed entries."""

Blocks = npt.NDArray[np.int64]
"""Which block an entry belongs to: place × 65536 + months since 1970."""

Counts = npt.NDArray[np.int64]
"""Signed numbers of incidents."""

_MONTHS = 1 << 16
_LARGEST = np.iinfo(np.uint32).max
_BITS = {"day": 5, "category": 8, "channel": 8, "status": 8, "hour": 5}
_CELLS = 1 << (64 - sum(_BITS.values()))
_WITHOUT_HOUR = np.uint64(2**64 - (1 << _BITS["hour"]))
_WITHOUT_CELL = np.uint64((1 << sum(_BITS.values())) - 1)
_WITHOUT_DAY = np.uint64((1 << (sum(_BITS.values()) - _BITS["day"])) - 1)


@dataclass
class Registry:
    """Numbers for the places that have blocks: (city_code, county_code, township_code)."""

    places: list[tuple[str, str, str]] = field(default_factory=list)
    _numbers: dict[tuple[str, str, str], int] = field(default_factory=dict)

    def numbers(self, codes: pd.DataFrame) -> npt.NDArray[np.int64]:
        """The number of each of n rows of city_code, county_code, township_code."""
        columns = [codes[name] for name in ("city_code", "county_code", "township_code")]
        groups, found = pd.factorize(pd.MultiIndex.from_arrays(columns))
        return np.array([self._number(place) for place in found], dtype=np.int64)[groups]

    def _number(self, place: tuple[str, str, str]) -> int:
        if place not in self._numbers:
            self._numbers[place] = len(self.places)
            self.places.append(place)
        return self._numbers[place]


@dataclass(frozen=True)
class Change:
    """Signed counts: entry ``keys[i]`` of block ``blocks[i]`` changes by ``n[i]``."""

    blocks: Blocks
    keys: Keys
    n: Counts

    def summed(self) -> "Change":
        """Sorted by block and key, one entry each; those that cancel stay as 0."""
        if not len(self.n):
            return self
        blocks, keys, n = self.blocks, self.keys, self.n
        if not self._in_order():
            order = self._order()
            blocks, keys, n = blocks[order], keys[order], n[order]
        new = np.concatenate([[True], (blocks[1:] != blocks[:-1]) | (keys[1:] != keys[:-1])])
        starts = np.flatnonzero(new)
        return Change(blocks[starts], keys[starts], np.add.reduceat(n, starts))

    def _order(self) -> npt.NDArray[np.intp]:
        """Which entries come first by block and key: of one number each where they fit in one."""
        bits = int(self.keys.max()).bit_length()
        if self.blocks.min() >= 0 and int(self.blocks.max()).bit_length() + bits <= 64:
            # Five times as fast; that equals may change places is no matter, for they are summed.
            return np.argsort((self.blocks.astype(np.uint64) << np.uint64(bits)) | self.keys)
        return np.lexsort((self.keys, self.blocks))

    def _in_order(self) -> bool:
        """Whether sorting would change nothing: it takes many times as long as to look."""
        same = self.blocks[1:] == self.blocks[:-1]
        rises = (self.blocks[1:] > self.blocks[:-1]) | (same & (self.keys[1:] >= self.keys[:-1]))
        return bool(rises.all())


def join_changes(changes: list[Change]) -> Change:
    """Several changes one after the other."""
    if not changes:
        return Change(np.empty(0, np.int64), np.empty(0, np.uint64), np.empty(0, np.int64))
    return Change(
        np.concatenate([change.blocks for change in changes]),
        np.concatenate([change.keys for change in changes]),
        np.concatenate([change.n for change in changes]),
    )


def make_change(places: npt.NDArray[np.int64], rows: pd.DataFrame, sign: int) -> Change:
    """Count n incidents, each on its own.

    Args:
        places: n numbers of a registry.
        rows: n rows of occurred_on (datetime64[D] or dates), hour (see ``geo.blocks.NO_HOUR``),
            cell_id, category, channel, status.
        sign: +1 for incidents that came, -1 for those that went.

    Raises:
        RollupError: an area has a number that blocks have no room for.
    """
    days = rows["occurred_on"].to_numpy().astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    keys = rows["cell_id"].to_numpy().astype(np.uint64)
    if len(keys) and keys.max() >= _CELLS:
        raise RollupError(f"area {keys.max()} cannot be counted: expected numbers below {_CELLS}")
    for name, bits in _BITS.items():
        values = day if name == "day" else rows[name].to_numpy()
        keys = (keys << np.uint64(bits)) | values.astype(np.uint64)
    blocks = block_numbers(places, months)
    return Change(blocks, keys, np.full(len(rows), sign, dtype=np.int64))


def block_numbers(places: npt.NDArray[np.int64], months: npt.NDArray[np.datetime64]) -> Blocks:
    """The numbers of the blocks of n places and months (datetime64[M])."""
    return places * _MONTHS + months.astype(np.int64)


def months_of(blocks: Blocks) -> npt.NDArray[np.int64]:
    """The months of blocks, counted from January 1970."""
    return blocks % _MONTHS


def place_and_month(blocks: Blocks) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.datetime64]]:
    """Take block numbers apart: number of the place, first day of the month."""
    months = months_of(blocks).astype("datetime64[M]").astype("datetime64[D]")
    return blocks // _MONTHS, months


def by_county(change: Change, county_of: npt.NDArray[np.int64]) -> Change:
    """The same change counted by county, without cells.

    Args:
        change: a change by township.
        county_of: for each number of a township's registry, that of its county.
    """
    places = county_of[change.blocks // _MONTHS]
    keys = change.keys & _WITHOUT_CELL
    return Change(places * _MONTHS + change.blocks % _MONTHS, keys, change.n)


def without_hours(change: Change) -> Change:
    """The same change for whole days."""
    return Change(change.blocks, change.keys & _WITHOUT_HOUR, change.n)


def without_days(change: Change) -> Change:
    """A change by county, for whole months."""
    return Change(change.blocks, change.keys & _WITHOUT_DAY, change.n)


def unpack(blocks: Blocks, entries: Entries) -> Change:
    """Entries of blocks as the database keeps them, as a change from nothing.

    Args:
        blocks: m block numbers.
        entries: m CELL_ENTRY, DAY_ENTRY or HOUR_ENTRY.
    """
    keys = np.zeros(len(entries), np.uint64)
    for name, bits in {"cell": 0, **_BITS}.items():
        keys <<= np.uint64(bits)
        if name in (entries.dtype.names or ()):
            keys |= entries[name].astype(np.uint64)
    return Change(blocks, keys, entries["n"].astype(np.int64))


def pack(change: Change, dtype: np.dtype[np.void]) -> Entries:
    """The opposite of ``unpack``, for counts that are all above 0.

    Raises:
        RollupError: a count is below 0 or does not fit, so rollups and incidents had come apart.
    """
    wrong = (change.n < 0) | (change.n > _LARGEST)
    if wrong.any():
        raise RollupError(
            f"a rollup count would become {change.n[wrong][0]}: the rollups no longer match the"
            " incidents, run gridboard rollups rebuild"
        )
    entries = np.zeros(len(change.n), dtype)
    entries["n"] = change.n
    keys = change.keys
    for name, bits in reversed(_BITS.items()):
        if name in (dtype.names or ()):
            entries[name] = keys & np.uint64((1 << bits) - 1)
        keys = keys >> np.uint64(bits)
    if "cell" in (dtype.names or ()):
        entries["cell"] = keys
    return entries


def split_blocks(change: Change, dtype: np.dtype[np.void]) -> tuple[Blocks, list[str]]:
    """Pack a summed change block by block.

    Returns:
        m block numbers, and the bytes of each as PostgreSQL reads them; a block whose
        entries all cancel is empty.
    """
    touched, starts = np.unique(change.blocks, return_index=True)
    occurs = change.n != 0
    kept = Change(change.blocks[occurs], change.keys[occurs], change.n[occurs])
    before = np.concatenate([[0], np.cumsum(occurs)])
    width = 2 * dtype.itemsize
    ends = before[np.append(starts[1:], len(occurs))] * width
    digits = pack(kept, dtype).tobytes().hex()
    pairs = zip((before[starts] * width).tolist(), ends.tolist(), strict=True)
    return touched, ["\\x" + digits[start:end] for start, end in pairs]
