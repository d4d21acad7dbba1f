"""Which areas of a layer touch each other, within the viewer's scope."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from dashboard.lineage import Lineage, Rows
from dashboard.packed import read_rows
from geo.neighbours import Weights, touching


@dataclass(frozen=True)
class Neighbours:
    """Contiguity of the n areas of a layer: a shared border or corner.

    Attributes:
        rows: their rows of the lineage, ascending.
        weights: n x n ones and zeros, each area being its own neighbour.
    """

    rows: Rows
    weights: Weights

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        parts = (self.rows, self.weights.data, self.weights.indices, self.weights.indptr)
        return int(sum(part.nbytes for part in parts))

    def among(self, chosen: NDArray[np.bool_]) -> Weights:
        """The weights between some of the areas."""
        if chosen.all():
            return self.weights
        at = np.flatnonzero(chosen)
        return self.weights[at][:, at]


def read_neighbours(connection: Connection, lineage: Lineage, slot: int) -> Neighbours:
    """Read which areas of a layer touch; within the viewer's transaction."""
    found = list(read_rows(connection, "layer_shapes.sql", {"layer": slot}))
    area_ids = np.array([int.from_bytes(area_id) for area_id, _ in found], np.int32)
    polygons = shapely.from_wkb([bytes(shape) for _, shape in found])
    rows = lineage.rows_of(area_ids)
    shown = lineage.features(slot, lineage.row(lineage.scope_code))
    known = np.isin(rows, shown)
    return Neighbours(rows[known], touching(np.asarray(polygons, np.object_)[known]))
