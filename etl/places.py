"""The places incidents are keyed to: every current area, finest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from sqlalchemy import Connection

from etl.statements import read_table, read_values
from geo.assignment import UNASSIGNED, PolygonIndex, assign_positions, make_points
from geo.crs import Floats, Geometries
from geo.errors import InputError
from geo.hierarchy import CELL
from geo.revisions import current

Positions = npt.NDArray[np.int64]
"""Rows of ``Places.frame``; ``UNASSIGNED`` for none."""

_FEW = 10_000
"""Points for which making an index would take longer than they do."""

TEXTS = ("city_code", "county_code", "township_code", "village_code", "cell_code")
"""The codes an incident takes from its place."""


@dataclass(frozen=True)
class Places:
    """All current areas, ordered by level (finest first) and code.

    Attributes:
        revision: the area revision they belong to.
        frame: area_id, code, level, parent_code, finest (nothing below it) and ``TEXTS``.
        shapes: their polygons, EPSG:4326, in the same order.
        texts: the columns ``TEXTS`` as Arrow has them.
        numbers: area_id and level as incidents keep them.
    """

    revision: int
    frame: pd.DataFrame
    shapes: Geometries
    texts: dict[str, pa.Array]
    numbers: dict[str, pa.Array]

    def __getstate__(self) -> dict[str, object]:
        """For workers: polygons as WKB, because each alone would be pickled at length."""
        state = {name: self.__dict__[name] for name in self.__dataclass_fields__}
        return state | {"shapes": shapely.to_wkb(self.shapes)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """The opposite."""
        self.__dict__.update(state | {"shapes": shapely.from_wkb(state["shapes"])})

    def within(self, code: str) -> npt.NDArray[np.bool_]:
        """Which rows of ``frame`` are the area of this code, or lie in it.

        Raises:
            InputError: there is no such area.
        """
        if not (self.frame["code"] == code).any():
            raise InputError(f"there is no area {code}: a load is for an area that is there")
        if code == self.root:
            return np.ones(len(self.frame), dtype=bool)
        lineage = self.frame[["code", *TEXTS]]
        return (lineage == code).any(axis=1).to_numpy(bool)

    @cached_property
    def index(self) -> PolygonIndex:
        """The finest areas, for many points; made when it is first needed."""
        return PolygonIndex(self.shapes[np.flatnonzero(self.frame["finest"])])

    @property
    def root(self) -> str:
        """The code of the area that contains all others."""
        return str(self.frame["code"].iloc[-1])

    def is_current(self, connection: Connection) -> bool:
        """Whether the areas are still those of the database."""
        return current(connection).area == self.revision

    def locate(self, lon: Floats, lat: Floats) -> Positions:
        """Find the finest area that covers each point; the lowest code of several.

        Args:
            lon: n longitudes, EPSG:4326; not finite where unknown.
            lat: n latitudes.

        Returns:
            n rows of ``frame``; ``UNASSIGNED`` outside the root.
        """
        finest = np.flatnonzero(self.frame["finest"])
        if len(lon) < _FEW:
            found = assign_positions(make_points(lon, lat), self.shapes[finest])
        else:
            found = self.index.assign(lon, lat)
        positions = np.where(found == UNASSIGNED, UNASSIGNED, finest[found])
        left = np.flatnonzero(positions == UNASSIGNED)
        wider = np.flatnonzero(~self.frame["finest"])
        if len(left) and len(wider):
            found = assign_positions(make_points(lon[left], lat[left]), self.shapes[wider])
            positions[left] = np.where(found == UNASSIGNED, UNASSIGNED, wider[found])
        return positions


def read_places(connection: Connection) -> Places:
    """Read all current areas; call it within the lock on areas.

    Raises:
        InputError: no boundaries are loaded.
    """
    table = read_table(connection, "read_places")
    if not table.num_rows:
        raise InputError("no boundaries are loaded yet: run gridboard load boundaries first")
    frame = table.to_pandas()
    frame["finest"] = ~np.asarray(pc.is_in(table["code"], table["parent_code"]))
    frame["cell_code"] = frame["code"].where(frame["level"] == CELL)
    texts = {name: _text_array(frame[name]) for name in TEXTS}
    numbers = {
        "area_id": pa.array(frame["area_id"], pa.int32()),
        "level": pa.array(frame["level"], pa.int16()),
    }
    shapes = _shapes(read_values(connection, "read_place_shapes"))
    return Places(current(connection).area, frame, shapes, texts, numbers)


def _shapes(values: Iterator[bytes]) -> Geometries:
    """Polygons, a few at a time: the memory of their bytes is then used again at once."""
    pieces: list[Geometries] = []
    while some := list(islice(values, 2_000)):
        pieces.append(np.asarray(shapely.from_wkb(some)))
    return np.concatenate(pieces)


def _text_array(texts: pd.Series) -> pa.Array:
    """Texts in one piece: Arrow reads them in several, and those are slow to refer to."""
    found = pa.array(texts, pa.string(), from_pandas=True)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
