"""Counts by place, day and combination of terms, as arrays ordered by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from dashboard.period import Days

EPOCH = date(1970, 1, 1)
COLLAPSED = Days(EPOCH, date(1970, 1, 2))
"""The day on which counts lie that ``collapsed`` added up."""

_TABLE_LIMIT = 100_000
_BEYOND = np.iinfo(np.uint16).max

Floats = NDArray[np.float64]
Unsigned = NDArray[np.unsignedinteger[Any]]
Entries = Mapping[str, NDArray[np.integer]]


def day_number(day: date) -> int:
    """Return the days from 1970-01-01 to a day."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class Counts:
    """How many incidents each place had, by day and combination of terms.

    Sums are exact: counts are integers and stay far below 2**53. Columns are as narrow as what
    they hold, 6 to 8 bytes an entry; ``take`` looks narrow indices up twice as fast as brackets.

    Attributes:
        rows: for each of p places, its row in the lineage.
        combinations: how many combinations of terms there are.
        first_day: the earliest day of an entry, days since 1970-01-01.
        day: of each of m entries, days since ``first_day``, ascending.
        place: of each entry, index into ``rows``.
        combination: of each entry, see ``dashboard.terms.Terms``.
        n: of each entry, the incidents.
    """

    rows: NDArray[np.int32]
    combinations: int
    first_day: int
    day: NDArray[np.uint16]
    place: Unsigned
    combination: Unsigned
    n: Unsigned

    @classmethod
    def ordered(cls, rows: NDArray[np.int32], combinations: int, entries: Entries) -> Counts:
        """Build counts from entries (day, place, combination, n) in any order.

        Raises:
            ValueError: the entries reach over more days than are told apart, 65,535.
        """
        day = entries["day"]
        first_day = int(day.min()) if len(day) else 0
        offset = day - first_day
        if len(day) and offset.max() >= _BEYOND:
            raise ValueError(f"entries over {offset.max() + 1:,} days: keep them by the year")
        order = np.argsort(offset.astype(np.uint16), kind="stable")
        return cls(
            rows,
            combinations,
            first_day,
            offset[order].astype(np.uint16),
            _narrow(entries["place"][order]),
            _narrow(entries["combination"][order]),
            _narrow(entries["n"][order]),
        )

    @property
    def nbytes(self) -> int:
        """Bytes held, with what is derived from it and kept."""
        parts = (self.rows, self.day, self.place, self.combination, self.n)
        kept = self._table_size * 8 if self._is_small else 0
        return sum(part.nbytes for part in parts) + kept

    def by_place(self, days: Days, allowed: NDArray[np.bool_]) -> Floats:
        """Count by place what the filter lets through, shape (p,)."""
        part = self._during(days)
        if self._is_whole(part):
            return self._table @ allowed.astype(np.float64)
        weights = self.n[part] * allowed.take(self.combination[part])
        return summed(self.place[part], weights, len(self.rows))

    def by_combination(self, days: Days, inside: NDArray[np.bool_]) -> Floats:
        """Count by combination of terms in some of the places, shape (combinations,)."""
        part = self._during(days)
        if self._is_whole(part):
            return inside.astype(np.float64) @ self._table
        weights = self.n[part] * inside.take(self.place[part])
        return summed(self.combination[part], weights, self.combinations)

    def by_day(
        self, days: Days, allowed: NDArray[np.bool_], inside: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Count day by day in some of the places what the filter lets through."""
        part = self._during(days)
        sums = np.zeros(len(days), np.int64)
        day = self.day[part]
        if len(day):
            counted = inside.take(self.place[part]) & allowed.take(self.combination[part])
            weights = self.n[part] * counted
            starts = np.flatnonzero(np.append(True, day[1:] != day[:-1]))
            at = day[starts].astype(np.int64) + (self.first_day - day_number(days.since))
            sums[at] = np.add.reduceat(weights, starts, dtype=np.int64)
        return sums

    def entries(
        self, days: Days, allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int32], Unsigned, Unsigned]:
        """Return day, place and incidents of each entry that the filter lets through, by day."""
        part = self._during(days)
        counted = allowed.take(self.combination[part])
        return self._days(part)[counted], self.place[part][counted], self.n[part][counted]

    def unpacked(self) -> dict[str, NDArray[np.integer]]:
        """Return all entries, as ``ordered`` takes them."""
        return {
            "day": self._days(slice(None)),
            "place": self.place,
            "combination": self.combination,
            "n": self.n,
        }

    def _days(self, part: slice) -> NDArray[np.int32]:
        return self.day[part].astype(np.int32) + np.int32(self.first_day)

    def _during(self, days: Days) -> slice:
        ends = np.array([day_number(days.since), day_number(days.until)]) - self.first_day
        # Of the type of ``day``: another one would have all of it converted first.
        bounds = np.clip(ends, 0, _BEYOND).astype(np.uint16)
        first, last = self.day.searchsorted(bounds).tolist()
        return slice(first, max(first, last))

    def _is_whole(self, part: slice) -> bool:
        return self._is_small and part == slice(0, len(self.day))

    @property
    def _table_size(self) -> int:
        return len(self.rows) * self.combinations

    @property
    def _is_small(self) -> bool:
        # Few places with many entries each: a table by place and combination is smaller than
        # the entries, and answers every filter over all of their days at once.
        return self._table_size <= min(_TABLE_LIMIT, len(self.day))

    @cached_property
    def _table(self) -> Floats:
        key = self.place.astype(np.int64) * self.combinations + self.combination
        return summed(key, self.n, self._table_size).reshape(len(self.rows), self.combinations)


def collapsed(parts: Sequence[Counts], feature: NDArray[np.int32], combinations: int) -> Counts:
    """Add counts up over all of their days and over the areas that show their places.

    Args:
        parts: whose places are rows of one lineage.
        feature: for each row of the lineage, the row of the area that shows it; -1 for none,
            whose incidents are left out.
        combinations: how many combinations of terms there are.

    Returns:
        Counts of those areas, all on the day ``COLLAPSED``.
    """
    shown = [feature[part.rows] for part in parts]
    rows = np.unique(np.concatenate([np.empty(0, np.int32), *shown]))
    sums = np.zeros(len(rows) * combinations)
    for part, own in zip(parts, shown, strict=True):
        place = np.searchsorted(rows, own)[part.place]
        sums += summed(place * combinations + part.combination, part.n, len(sums))
    # Rows ascend: -1, if any, is the first.
    hidden = int(np.searchsorted(rows, 0))
    rows, sums = rows[hidden:], sums[hidden * combinations :]
    key = np.flatnonzero(sums)
    place, combination = np.divmod(key, combinations)
    entries = {"day": np.zeros_like(key), "place": place, "combination": combination}
    return Counts.ordered(rows, combinations, entries | {"n": sums[key].astype(np.int64)})


def summed(index: NDArray[np.integer], weights: NDArray[Any], size: int) -> Floats:
    """Sum weights by index, shape (size,)."""
    return cast("Floats", np.bincount(index, weights=weights, minlength=size))


def _narrow(values: NDArray[np.integer]) -> Unsigned:
    largest = int(values.max()) if len(values) else 0
    return cast("Unsigned", values.astype(np.min_scalar_type(largest)))
