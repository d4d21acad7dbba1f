"""Counts by place, day and combination of terms, as arrays ordered by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from dashboard.period import Days

EPOCH = date(1970, 1, 1)
_REMEMBERED = 24
_JOINT_LIMIT = 100_000

Floats = NDArray[np.float64]


def day_number(day: date) -> int:
    """Return the days from 1970-01-01 to a day."""
    return (day - EPOCH).days


@dataclass(frozen=True)
class Counts:
    """How many incidents each place had, by day and combination of terms.

    Sums are exact: counts are integers and stay far below 2**53.

    Attributes:
        rows: for each of p places, its row in the lineage.
        combinations: how many combinations of terms there are.
        day: of each of m entries, days since 1970-01-01, ascending.
        place: of each entry, index into ``rows``.
        combination: of each entry, see ``dashboard.terms.Terms``.
        n: of each entry, the incidents.
    """

    rows: NDArray[np.int32]
    combinations: int
    day: NDArray[np.int32]
    place: NDArray[np.int32]
    combination: NDArray[np.int32]
    n: NDArray[np.uint32]
    _joint: dict[Days, Floats] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def ordered(
        cls,
        rows: NDArray[np.int32],
        combinations: int,
        entries: Mapping[str, NDArray[np.integer]],
    ) -> Counts:
        """Build counts from entries (day, place, combination, n) in any order."""
        order = np.argsort(entries["day"], kind="stable")
        return cls(
            rows,
            combinations,
            entries["day"][order].astype(np.int32),
            entries["place"][order].astype(np.int32),
            entries["combination"][order].astype(np.int32),
            entries["n"][order].astype(np.uint32),
        )

    @property
    def nbytes(self) -> int:
        """Bytes held, with room for what is derived from it and kept."""
        parts = (self.rows, self.day, self.place, self.combination, self.n)
        kept = self.place.nbytes + _REMEMBERED * self._joint_size * 8 if self._is_small else 0
        return sum(part.nbytes for part in parts) + kept

    def by_place(self, days: Days, allowed: NDArray[np.bool_]) -> Floats:
        """Count by place what the filter lets through, shape (p,)."""
        if self._is_small:
            return cast("Floats", self._joint_during(days)[:, allowed].sum(axis=1))
        part = self._during(days)
        weights = self.n[part] * allowed[self.combination[part]]
        return summed(self.place[part], weights, len(self.rows))

    def entries(
        self, days: Days, allowed: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint32]]:
        """Return day, place and incidents of each entry that the filter lets through, by day."""
        part = self._during(days)
        counted = allowed[self.combination[part]]
        return self.day[part][counted], self.place[part][counted], self.n[part][counted]

    def by_combination(self, days: Days, inside: NDArray[np.bool_]) -> Floats:
        """Count by combination of terms in some of the places, shape (combinations,)."""
        if self._is_small:
            return cast("Floats", self._joint_during(days)[inside].sum(axis=0))
        part = self._during(days)
        weights = self.n[part] * inside[self.place[part]]
        return summed(self.combination[part], weights, self.combinations)

    def by_day(
        self, days: Days, allowed: NDArray[np.bool_], inside: NDArray[np.bool_]
    ) -> NDArray[np.int64]:
        """Count day by day in some of the places what the filter lets through."""
        part = self._during(days)
        if self._is_small:
            counted = (inside[:, None] & allowed).ravel().take(self._key[part])
        else:
            counted = inside[self.place[part]] & allowed[self.combination[part]]
        first = day_number(days.since)
        every_day = np.arange(first, first + len(days) + 1, dtype=np.int32)
        starts = self.day[part].searchsorted(every_day)
        # reduceat would give an empty day the entry after it.
        filled = np.flatnonzero(starts[1:] > starts[:-1])
        sums = np.zeros(len(days), np.int64)
        if len(filled):
            weights = self.n[part] * counted
            sums[filled] = np.add.reduceat(weights, starts[filled], dtype=np.int64)
        return sums

    def _during(self, days: Days) -> slice:
        # Of the type of ``day``: another one would have all of it converted first.
        ends = np.array([day_number(days.since), day_number(days.until)], np.int32)
        first, last = self.day.searchsorted(ends).tolist()
        return slice(first, max(first, last))

    @cached_property
    def _key(self) -> NDArray[np.int32]:
        return self.place * np.int32(self.combinations) + self.combination

    @property
    def _joint_size(self) -> int:
        return len(self.rows) * self.combinations

    @property
    def _is_small(self) -> bool:
        # Few places with many entries each: one table by place and combination is quick to
        # make, is kept, and answers every filter over the same days.
        return self._joint_size <= min(_JOINT_LIMIT, len(self.day))

    def _joint_during(self, days: Days) -> Floats:
        found = self._joint.get(days)
        if found is None:
            part = self._during(days)
            flat = summed(self._key[part], self.n[part], self._joint_size)
            found = flat.reshape(len(self.rows), self.combinations)
            for oldest in list(self._joint)[: 1 - _REMEMBERED]:
                self._joint.pop(oldest, None)
            self._joint[days] = found
        return found


def summed(index: NDArray[np.integer], weights: NDArray[Any], size: int) -> Floats:
    """Sum weights by index, shape (size,)."""
    return cast("Floats", np.bincount(index, weights=weights, minlength=size))
