"""Shapes for the map: every layer in three bands of detail, simplified as coverages.

Only the narrowest layer is simplified; wider ones are dissolved from it, so that
the borders of counties run exactly along those of their cells.
"""

from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from sqlalchemy import Connection

from etl.layers import Positions, layer_members, members_above
from etl.locks import lock_areas
from etl.statements import copy_table, run
from geo import coverage
from geo.crs import DISPLAY_CRS, STORED_CRS, Geometries, reproject
from geo.hierarchy import Hierarchy
from geo.revisions import bump

BAND_TOLERANCE_M = {0: 400.0, 1: 100.0}
"""Simplification on the ground of the bands that are simplified; band 2 is as loaded."""

AS_LOADED = 2
"""The band from zoom 10."""

_PARALLEL_FROM = 5_000
"""Areas from which a second process pays for its start."""


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
    narrowest = shapely.to_wkb(shapes[layers[0].members]).tolist()
    scale = _scale(stored)
    run(connection, "create_staged_shape")
    with _workers(len(narrowest)) as workers:
        bands: dict[int, Future[list[list[str]]]] = {
            band: workers.submit(_encode_band, layers, narrowest, tolerance_m * scale)
            for band, tolerance_m in BAND_TOLERANCE_M.items()
        }
        for layer in layers:
            _copy(connection, areas, layer, AS_LOADED, _wkb(shapes[layer.members]))
        for band, found in bands.items():
            for layer, encoded in zip(layers, found.result(), strict=True):
                _copy(connection, areas, layer, band, encoded)
    run(connection, "delete_shapes")
    count = run(connection, "insert_shapes").rowcount
    revision = bump(connection, "area")
    run(connection, "notify", {"kind": "area", "revision": revision})
    return count


def _workers(shapes: int) -> Executor:
    """Two processes, or a thread where starting them takes longer than the work.

    They are spawned: a forked process would inherit the database connection.
    """
    if shapes < _PARALLEL_FROM:
        return ThreadPoolExecutor(max_workers=1)
    return ProcessPoolExecutor(max_workers=2, mp_context=get_context("spawn"))


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
    for slot in reversed(slots):
        members = layer_members(areas, slot)
        below = layers[-1].members if layers else members
        layers.append(_Layer(slot, members, members_above(areas, below, members)))
    return layers


def _scale(stored: Geometries) -> float:
    """How much longer a metre is in Web Mercator, in the middle of the areas."""
    _, south, _, north = shapely.total_bounds(stored)
    return float(1 / np.cos(np.radians((south + north) / 2)))


def _encode_band(layers: list[_Layer], polygons: list[bytes], tolerance: float) -> list[list[str]]:
    """The work of one process: the hexadecimal shapes of all layers in one band."""
    decoded = np.asarray(shapely.from_wkb(polygons))
    return [_wkb(found) for found in simplify_layers(layers, decoded, tolerance)]


def _wkb(polygons: Geometries) -> list[str]:
    """Polygons as PostGIS reads them: hexadecimal EWKB in Web Mercator."""
    located = shapely.set_srid(polygons, 3857)
    return list(shapely.to_wkb(located, hex=True, include_srid=True))


def _read_areas(connection: Connection) -> tuple[pd.DataFrame, Geometries]:
    """All current areas, near ones together, and their polygons in EPSG:4326."""
    rows = run(connection, "read_shapes").all()
    frame = pd.DataFrame(rows, columns=[*rows[0]._fields] if rows else ["geom"])
    shapes = np.asarray(shapely.from_wkb([bytes(value) for value in frame.pop("geom")]))
    return frame, shapes


def _copy(
    connection: Connection, areas: pd.DataFrame, layer: _Layer, band: int, shapes: list[str]
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
    columns["geom"] = pa.array(shapes, pa.large_string())
    copy_table(connection, "staged_shape", pa.table(columns))
