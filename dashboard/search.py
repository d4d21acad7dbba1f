"""Finding areas by name or code, among those in the viewer's scope."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dashboard.lineage import Lineage

MAX_TEXT = 64


def search_rows(lineage: Lineage, text: str, limit: int) -> list[int]:
    """Find current areas whose name holds a text or whose code begins with it.

    Args:
        lineage: the areas in scope.
        text: what the user typed; case and surrounding blanks do not matter.
        limit: at most so many rows.

    Returns:
        Rows, best first: an exact name or code, then a beginning, then the rest; within
        each the coarser level first, then by code.
    """
    wanted = text.strip()[:MAX_TEXT]
    if not wanted:
        return []
    table = lineage.table
    rank = np.full(len(lineage.area_ids), 3, np.int8)
    for column in ("name", "name_en"):
        names = table[column]
        _lower(rank, 2, pc.match_substring(names, wanted, ignore_case=True))
        _lower(rank, 1, pc.starts_with(names, wanted, ignore_case=True))
        _lower(rank, 0, pc.equal(pc.utf8_lower(names), wanted.lower()))
    _lower(rank, 1, pc.starts_with(table["code"], wanted))
    _lower(rank, 0, pc.equal(table["code"], wanted))
    found = np.flatnonzero((rank < 3) & lineage.current)
    codes = table["code"].take(pa.array(found)).to_numpy(zero_copy_only=False).astype(str)
    order = np.lexsort((codes, lineage.slots[found], rank[found]))
    return [int(row) for row in found[order[:limit]]]


def _lower(rank: NDArray[np.int8], value: int, match: pa.ChunkedArray) -> None:
    matches = pc.fill_null(match, fill_value=False).to_numpy(zero_copy_only=False)
    rank[matches & (rank > value)] = value
