"""Which area belongs to which: the areas in scope as arrays, so that sums need no join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.packed import read_fixed, read_table
from geo.errors import NotFoundError
from geo.hierarchy import CELL, SLOTS

Rows = NDArray[np.int32]
_SCHEMA = pa.schema(
    [
        ("area_id", pa.int32()),
        ("level", pa.int8()),
        ("current", pa.bool_()),
        ("code", pa.string()),
        *((f"{slot}_code", pa.string()) for slot in SLOTS[:CELL]),
        ("name", pa.string()),
        ("name_en", pa.string()),
        ("kind", pa.string()),
        ("population", pa.float64()),
        ("households", pa.float64()),
        ("area_km2", pa.float64()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
    ]
)


@dataclass(frozen=True)
class Lineage:
    """The areas of a scope, one row a version, in ascending order of ``area_id``.

    Attributes:
        table: the columns of ``lineage.sql``.
        area_ids: n ids, ascending.
        slots: n slots of their levels.
        current: n times, whether the version is in force.
        above: for each slot, n rows of the current area that a row belongs to there, itself
            included. Where a level is missing this is the area standing in for it; -1
            where none is in scope.
        displayed: for each slot, n times, whether the area is part of that layer's coverage.
        scope_code: code of the area at the top of the scope.
    """

    table: pa.Table
    area_ids: NDArray[np.int32]
    slots: NDArray[np.int8]
    current: NDArray[np.bool_]
    above: NDArray[np.int32]
    displayed: NDArray[np.bool_]
    scope_code: str
    _rankings: dict[int, Rows] = field(default_factory=dict, repr=False, compare=False)

    @property
    def nbytes(self) -> int:
        """Bytes held, the derived arrays included."""
        own = sum(getattr(getattr(self, part.name), "nbytes", 0) for part in fields(self))
        return int(own + self.above.nbytes + 16 * len(self.area_ids))

    def row(self, code: str) -> int:
        """Return the row of the current area with this code.

        Raises:
            NotFoundError: there is none in scope.
        """
        found = self._rows.get(code)
        if found is None:
            raise NotFoundError(f"no area {code}")
        return found

    def standing_for(self, code: str) -> int:
        """Return the row of a current area, or of the top of the scope if there is none.

        Incidents of an area that is no longer there still count above it.
        """
        found = self._rows.get(code)
        return self.row(self.scope_code) if found is None else found

    def rows_of(self, area_ids: NDArray[np.int32]) -> Rows:
        """Return the row of each area id; -1 for ids that are not in scope."""
        if not len(self.area_ids):
            return np.full(len(area_ids), -1, np.int32)
        at = np.searchsorted(self.area_ids, area_ids)
        at[at == len(self.area_ids)] = 0
        return np.where(self.area_ids[at] == area_ids, at, -1).astype(np.int32)

    def inside(self, row: int) -> NDArray[np.bool_]:
        """Tell for each row whether it lies in the area of ``row`` or is that area."""
        return cast("NDArray[np.bool_]", self.above[self.slots[row]] == row)

    def features(self, layer: int, row: int) -> Rows:
        """Return the rows of the areas displayed in a layer inside an area, by area id."""
        return np.flatnonzero(self.displayed[layer] & self.inside(row)).astype(np.int32)

    @cached_property
    def feature(self) -> NDArray[np.int32]:
        """For each slot, the row of the feature that shows a row in that layer; -1 for none.

        What is known less precisely than the layer shows has no feature there, unless the
        coarser area stands in for the layer.
        """
        feature = np.full(self.above.shape, -1, np.int32)
        coarser = np.full(len(self.area_ids), -1, np.int32)
        for slot, above in enumerate(self.above):
            candidate = np.where(above >= 0, above, coarser)
            shown = (candidate >= 0) & self.displayed[slot][candidate]
            feature[slot] = np.where(shown, candidate, -1)
            coarser = candidate
        return feature

    def most_important(self, layer: int, row: int, limit: int) -> Rows:
        """Return rows of a layer's areas inside an area, the most populous first.

        Where nobody counted people, the larger area goes first.
        """
        ranked = self._ranked(layer)
        return ranked[self.inside(row)[ranked]][:limit]

    def _ranked(self, layer: int) -> Rows:
        found = self._rankings.get(layer)
        if found is None:
            rows = np.flatnonzero(self.displayed[layer]).astype(np.int32)
            people = np.nan_to_num(self.numbers("population")[rows])
            found = rows[np.lexsort((-self.numbers("area_km2")[rows], -people))]
            self._rankings[layer] = found
        return found

    def below(self, row: int) -> tuple[int, ...]:
        """Return the slots of the layers that have areas of their own inside an area.

        A layer in which only coarser areas stand in is not one of them.
        """
        inside = self.inside(row)
        return tuple(
            slot
            for slot in range(self.slots[row] + 1, len(SLOTS))
            if (self.displayed[slot] & inside & (self.slots == slot)).any()
        )

    def path(self, row: int) -> list[int]:
        """Return the rows of the areas above a row, from the top of the scope down."""
        above = self.above[: self.slots[row], row]
        steps: list[int] = []
        for step in above.tolist():
            if step >= 0 and step != row and step not in steps:
                steps.append(step)
        return steps

    def text(self, column: str, row: int) -> str | None:
        """Return a name or code of a row."""
        value: str | None = self.table[column][row].as_py()
        return value

    def numbers(self, column: str) -> NDArray[np.float64]:
        """Return a column of numbers, NaN where unknown."""
        found: NDArray[np.float64] = self._numbers[column]
        return found

    @cached_property
    def _numbers(self) -> dict[str, NDArray[np.float64]]:
        return {
            name: self.table[name].to_numpy().astype(np.float64)
            for name in ("population", "households", "area_km2", "lon", "lat")
        }

    @cached_property
    def _rows(self) -> dict[str, int]:
        current = np.flatnonzero(self.current)
        codes = self.table["code"].take(pa.array(current)).to_pylist()
        return dict(zip(codes, current.tolist(), strict=True))


def read_lineage(connection: Connection, scope_code: str) -> Lineage:
    """Read the areas of the viewer's scope; within their transaction."""
    table = read_table(connection, "lineage.sql", _SCHEMA, {}).combine_chunks()
    shapes = read_fixed(connection, "displayed.sql", {"layer": "int2", "area_id": "int4"}, {})
    area_ids = table["area_id"].to_numpy()
    slots = table["level"].to_numpy()
    current = table["current"].to_numpy(zero_copy_only=False)
    displayed = np.zeros((len(SLOTS), len(area_ids)), np.bool_)
    at = np.searchsorted(area_ids, shapes["area_id"])
    displayed[shapes["layer"], at] = True
    above = _above(table, slots, current)
    return Lineage(table, area_ids, slots, current, above, displayed, scope_code)


def _above(
    table: pa.Table, slots: NDArray[np.int8], current: NDArray[np.bool_]
) -> NDArray[np.int32]:
    rows = np.flatnonzero(current).astype(np.int32)
    known = table["code"].combine_chunks().take(pa.array(rows))
    columns: Sequence[str] = [f"{slot}_code" for slot in SLOTS[:CELL]]
    above = np.full((len(SLOTS), len(slots)), -1, np.int32)
    for slot, column in enumerate([*columns, "code"]):
        found = pc.index_in(table[column].combine_chunks(), value_set=known).fill_null(-1)
        at = found.to_numpy(zero_copy_only=False)
        above[slot] = np.where(at >= 0, rows[at] if len(rows) else -1, -1)
    # Only cells have a place in the finest slot.
    above[CELL][slots != CELL] = -1
    return above
