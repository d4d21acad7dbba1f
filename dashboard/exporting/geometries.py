"""The outlines of a table's areas, as they were loaded, under the viewer's row-level security."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, text

from dashboard.errors import DataMovedError
from dashboard.source import Source
from geo.database import read_sql_file, transaction
from geo.revisions import current

Shapes = NDArray[np.object_]
PIECE = 5_000
"""Areas read at once: their outlines are most of what a file of cells needs in memory."""


def read_pieces(
    engine: Engine, source: Source, area_ids: NDArray[np.int32]
) -> Iterator[tuple[slice, Shapes]]:
    """Read the outlines of areas, some at a time.

    Args:
        engine: connections of the application.
        source: whose picture the areas come from.
        area_ids: ascending.

    Yields:
        Which of the areas, and their polygons in EPSG:4326, with outer rings counterclockwise.

    Raises:
        DataMovedError: the areas are no longer those of the picture.
    """
    with transaction(engine, source.viewer) as connection:
        if current(connection).area != source.revisions.area:
            raise DataMovedError("the areas changed while they were being read")
        for at in range(0, len(area_ids), PIECE):
            piece = slice(at, at + PIECE)
            yield piece, _read(connection, area_ids[piece])


def _read(connection: Connection, area_ids: NDArray[np.int32]) -> Shapes:
    query = text(read_sql_file("dashboard.exporting", "geometries.sql"))
    found = connection.execute(query, {"area_ids": area_ids.tolist()}).all()
    if [row.area_id for row in found] != area_ids.tolist():
        raise DataMovedError("an area vanished while it was being read")
    shapes = shapely.from_wkb([bytes(row.wkb) for row in found])
    counterclockwise: Shapes = shapely.orient_polygons(shapes)
    return counterclockwise
