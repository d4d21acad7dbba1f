"""Which boundary does a point belong to.

One rule, equal here and in SQL: a boundary owns its interior and its edge, and
where several own a point, the lowest code wins. In SQL that is
``min(code COLLATE "C") … WHERE ST_Covers(geom, point)``.
"""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.crs import STORED_CRS, Geometries
from geo.errors import InputError

UNASSIGNED = -1
"""Position given to a point that no boundary covers."""


def assign_positions(points: Geometries, polygons: Geometries) -> npt.NDArray[np.int64]:
    """Name the first polygon that covers each point.

    Many points are put into a tree and each (prepared) polygon is asked for its
    points; few points ask a tree of polygons instead. Both give the same answer.

    Args:
        points: n points; missing and empty ones are never covered.
        polygons: m polygons in the same CRS, in order of preference: lowest code first.

    Returns:
        n positions in ``polygons``; ``UNASSIGNED`` where no polygon covers the point.
    """
    positions = np.full(len(points), UNASSIGNED, dtype=np.int64)
    if not len(points) or not len(polygons):
        return positions
    if len(points) < len(polygons):
        found, covering = shapely.STRtree(polygons).query(points, predicate="intersects")
    else:
        covering, found = shapely.STRtree(points).query(polygons, predicate="covers")
    # Written from the last polygon to the first, so that the lowest stays.
    order = np.argsort(-covering, kind="stable")
    positions[found[order]] = covering[order]
    return positions


def assign_incidents(incidents: gpd.GeoDataFrame, boundaries: gpd.GeoDataFrame) -> pd.Series:
    """Name the boundary that covers each incident.

    Args:
        incidents: n points, EPSG:4326, indexed by incident id.
        boundaries: m polygons, EPSG:4326, indexed by boundary code.

    Returns:
        n codes, indexed like ``incidents``; missing where no boundary covers
        the point. A point on a shared edge takes the lowest code, so that two
        runs agree.

    Raises:
        InputError: a frame is in another CRS, or a boundary code is repeated.
    """
    for name, frame in (("incidents", incidents), ("boundaries", boundaries)):
        if frame.crs is None or frame.crs.to_epsg() != 4326:
            raise InputError(f"{name} are in {frame.crs or 'an unstated CRS'}, not in {STORED_CRS}")
    if not boundaries.index.is_unique:
        raise InputError("a boundary code occurs more than once; codes must be unique")
    ordered = boundaries.sort_index()
    positions = assign_positions(np.asarray(incidents.geometry), np.asarray(ordered.geometry))
    codes = pd.Series(ordered.index, dtype="object").reindex(positions)
    return pd.Series(codes.to_numpy(), index=incidents.index, name=ordered.index.name)
