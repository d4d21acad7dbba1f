"""Shapes for the map: every layer in three bands of detail, simplified as coverages.

Only the narrowest layer is simplified; wider ones are dissolved from it, so that
the borders of counties run exactly along those of their cells.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from sqlalchemy import Connection

from etl.layers import Positions, layer_members, members_above
from etl.locks import lock_areas
from etl.statements import copy_table, read_frame, run, shape_hex
from geo import coverage
from geo.crs import DISPLAY_CRS, STORED_CRS, Geometries, reproject
from geo.hierarchy import Hierarchy
from geo.revisions import bump

BAND_TOLERANCE_M = {0: 400.0, 1: 100.0}
"""Simplification on the ground of the bands that are simplified; band 2 is as loaded."""

_MENDED_M = 5.0
"""Gaps up to this width, which a load put up with, are not drawn in the simplified bands."""

AS_LOADED = 2
"""The band from zoom 10."""


@dataclass(frozen=True)
class _Layer:
    """One layer: its slot, the rows it shows, and where each member of the layer below lies."""

    slot: int
    members: Positions
    groups: Positions


def build_shapes(connection: Connection, hierarchy: Hierarchy) -> int:
    """Build the shapes of all layers anew from the current areas.

    Args:
        connection: a loading transaction.
        hierarchy: the levels; each becomes a layer.

    Returns:
        The number of shapes.
    """
    lock_areas(connection, "alone")
    areas, stored = _read_areas(connection)
    layers = _plan_layers(areas, [level.slot for level in hierarchy.levels])
    shapes = reproject(stored, STORED_CRS, DISPLAY_CRS)
    narrowest = coverage.drawable(shapes[layers[0].members], _MENDED_M * _scale(stored))
    scale = _scale(stored)
    run(connection, "create_staged_shape")
    # Threads, because GEOS works without holding the interpreter.
    with ThreadPoolExecutor(max_workers=2) as workers:
        bands = {
            band: workers.submit(simplify_layers, layers, narrowest, tolerance_m * scale)
            for band, tolerance_m in BAND_TOLERANCE_M.items()
        }
        for layer in layers:
            _copy(connection, areas, layer, AS_LOADED, shapes[layer.members])
        for band, found in bands.items():
            for layer, polygons in zip(layers, found.result(), strict=True):
                _copy(connection, areas, layer, band, polygons)
    run(connection, "delete_shapes")
    count = run(connection, "insert_shapes").rowcount
    run(connection, "refresh_statistics")
    revision = bump(connection, "area")
    run(connection, "notify", {"kind": "area", "revision": revision})
    return count


def simplify_layers(
    layers: list[_Layer], polygons: Geometries, tolerance: float
) -> list[Geometries]:
    """Simplify the narrowest layer and dissolve the wider ones from it.

    Args:
        layers: narrowest first.
        polygons: the narrowest layer's polygons, which form a coverage.
        tolerance: in units of their CRS.

    Returns:
        For each layer its polygons; borders of all layers coincide.
    """
    found = [coverage.simplify(polygons, tolerance)]
    for layer in layers[1:]:
        found.append(coverage.dissolve(found[-1], layer.groups, len(layer.members)))
    return found


def _plan_layers(areas: pd.DataFrame, slots: list[int]) -> list[_Layer]:
    """All layers, narrowest first."""
    layers: list[_Layer] = []
    narrowest_first = slots[::-1]
    for slot, members in zip(narrowest_first, layer_members(areas, narrowest_first), strict=True):
        below = layers[-1].members if layers else members
        layers.append(_Layer(slot, members, members_above(areas, below, members)))
    return layers


def _scale(stored: Geometries) -> float:
    """How much longer a metre is in Web Mercator, in the middle of the areas."""
    _, south, _, north = shapely.total_bounds(stored)
    return float(1 / np.cos(np.radians((south + north) / 2)))


def _read_areas(connection: Connection) -> tuple[pd.DataFrame, Geometries]:
    """All current areas, near ones together, and their polygons in EPSG:4326."""
    frame = read_frame(connection, "read_shapes")
    shapes = np.asarray(shapely.from_wkb([bytes(value) for value in frame.pop("geom")]))
    return frame, shapes


def _copy(
    connection: Connection, areas: pd.DataFrame, layer: _Layer, band: int, shapes: Geometries
) -> None:
    """COPY one layer in one band."""
    rows = areas.iloc[layer.members]
    columns = {
        "layer": pa.array(np.full(len(rows), layer.slot)),
        "band": pa.array(np.full(len(rows), band)),
        "area_id": pa.array(rows["area_id"]),
    }
    for name in ("city_code", "county_code", "township_code"):
        columns[name] = pa.array(rows[name], pa.string(), from_pandas=True)
    columns["geom"] = shape_hex(shapes, 3857)
    copy_table(connection, "staged_shape", pa.table(columns))
