"""The outlines of areas as they are drawn, read within a viewer's transaction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.database import read_sql_file

Shapes = NDArray[np.object_]
_BAND_FROM_M = ((400.0, 0), (100.0, 1), (0.0, 2))


def band_for(pixel_m: float) -> int:
    """Return the coarsest of the kept shapes that looks right at so many metres a pixel.

    The bands are simplified by 400 m, by 100 m and not at all, which nobody sees within a pixel.
    """
    return next(band for least_m, band in _BAND_FROM_M if pixel_m >= least_m)


def read_shapes(
    connection: Connection, layer: int, band: int, area_ids: Sequence[int]
) -> dict[int, shapely.Geometry]:
    """Read the shapes of areas by id, in Web Mercator; those out of scope are not among them."""
    query = text(read_sql_file("dashboard.briefing", "shapes.sql"))
    values = {"layer": layer, "band": band, "area_ids": list(area_ids)}
    found = connection.execute(query, values).all()
    shapes = shapely.from_wkb([bytes(row.shape) for row in found])
    return dict(zip((row.area_id for row in found), shapes, strict=True))
