"""What a load changes in the rollups, gathered so that memory does not grow with the file."""

import tempfile
from collections.abc import Iterator
from functools import cached_property
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from etl.rollups import Change, join_changes, months_of

IN_MEMORY = 400_000
"""Entries held before they go to disk: 24 bytes each, and thrice that while they are summed."""

_RECORD = np.dtype([("block", "<i8"), ("key", "<u8"), ("n", "<i4")])


class ChangeLog:
    """The changes of one load in the order they came; large ones wait on disk, by month."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._limit = in_memory
        self._recent: list[Change] = []
        self._held = 0
        self._segments: dict[int, list[tuple[int, int]]] = {}

    @cached_property
    def _file(self) -> BinaryIO:
        """Has no name, so that nothing is left of it whatever happens."""
        return tempfile.TemporaryFile(prefix="gridboard-")

    def close(self) -> None:
        """Give back the room on disk."""
        if self._segments:
            self._file.close()

    def add(self, change: Change) -> None:
        """Note a change."""
        summed = change.summed()
        self._recent.append(summed)
        self._held += len(summed.n)
        if self._held > self._limit:
            self._put_aside()

    def sum_up(self) -> None:
        """Do now what ``parts`` would do later; nothing changes."""
        self._recent = [join_changes(self._recent).summed()] if self._recent else []

    def parts(self) -> Iterator[Change]:
        """The summed changes of some months each, at most ``in_memory`` entries if one month fits.

        No month is in two parts, so that each block is merged once.
        """
        if not self._segments:
            if self._held:
                yield join_changes(self._recent).summed()
            return
        self._put_aside()
        gathered: list[Change] = []
        for month in sorted(self._segments):
            change = join_changes([self._read(*where) for where in self._segments[month]])
            if gathered and sum(len(part.n) for part in (*gathered, change)) > self._limit:
                yield join_changes(gathered).summed()
                gathered = []
            gathered.append(change)
        yield join_changes(gathered).summed()

    def _put_aside(self) -> None:
        """Write what is held to disk, month by month."""
        if not self._held:
            return
        change = join_changes(self._recent).summed()
        order = np.argsort(months_of(change.blocks), kind="stable")
        records = np.empty(len(order), _RECORD)
        records["block"], records["key"] = change.blocks[order], change.keys[order]
        records["n"] = change.n[order]
        months, starts = np.unique(months_of(records["block"]), return_index=True)
        ends = np.append(starts[1:], len(records))
        base = self._file.seek(0, 2)
        records.tofile(self._file)
        for month, start, end in zip(months.tolist(), starts.tolist(), ends.tolist(), strict=True):
            place = (base + start * _RECORD.itemsize, end - start)
            self._segments.setdefault(month, []).append(place)
        self._recent, self._held = [], 0

    def _read(self, offset: int, count: int) -> Change:
        """A part of what lies on disk."""
        self._file.seek(offset)
        records: npt.NDArray[np.void] = np.fromfile(self._file, _RECORD, count)
        return Change(records["block"], records["key"], records["n"].astype(np.int64))
