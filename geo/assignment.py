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

from geo.crs import STORED_CRS, Floats, Geometries
from geo.errors import InputError

UNASSIGNED = -1
"""Position given to a point that no boundary covers."""


_TILES = 16
"""Tiles of an index for each polygon."""


class PolygonIndex:
    """Polygons asked again and again which of them covers a point: 3 times as fast as a tree.

    A grid of tiles lists the polygons whose bounding boxes touch each tile; what is left are
    tests of prepared polygons, polygon after polygon, so that each stays in the cache.

    Attributes:
        polygons: m polygons, in order of preference: lowest code first.
    """

    def __init__(self, polygons: Geometries) -> None:
        self.polygons = polygons
        shapely.prepare(polygons)
        self._boxes = shapely.bounds(polygons)
        self._origin = self._boxes[:, :2].min(axis=0)
        self._extent = np.maximum(self._boxes[:, 2:].max(axis=0) - self._origin, 1e-9)
        self._side = max(1, int(np.sqrt(_TILES * len(polygons))))
        # Polygons that lie over one another share tiles: a coarser grid lists them less often.
        while self._side > 1 and self._entries().sum() > 4 * _TILES * len(polygons):
            self._side //= 2
        self._list_polygons()

    def assign(self, x: Floats, y: Floats) -> npt.NDArray[np.int64]:
        """Name the first polygon that covers each point.

        Args:
            x: n coordinates in the CRS of the polygons; points that are not finite lie nowhere.
            y: n coordinates.

        Returns:
            n positions in ``polygons``; ``UNASSIGNED`` where no polygon covers the point.
        """
        positions = np.full(len(x), UNASSIGNED, dtype=np.int64)
        points, candidates = self._candidates(x, y)
        # From the last polygon to the first: neighbours stay in the cache, the lowest is left.
        order = np.argsort(-candidates, kind="stable")
        points, candidates = points[order], candidates[order]
        covered = shapely.intersects_xy(self.polygons[candidates], x[points], y[points])
        positions[points[covered]] = candidates[covered]
        return positions

    def _tiles(self, corners: Floats) -> npt.NDArray[np.int64]:
        """Column and row of the tiles in which n points lie; the outermost tiles have no end."""
        with np.errstate(invalid="ignore"):
            found = np.floor((corners - self._origin) / self._extent * self._side)
        within = np.clip(np.nan_to_num(found), 0, self._side - 1)
        tiles: npt.NDArray[np.int64] = within.astype(np.int64)
        return tiles

    def _entries(self) -> npt.NDArray[np.int64]:
        """How many tiles each polygon touches."""
        spans = self._tiles(self._boxes[:, 2:]) - self._tiles(self._boxes[:, :2]) + 1
        entries: npt.NDArray[np.int64] = spans.prod(axis=1)
        return entries

    def _list_polygons(self) -> None:
        """List polygons by tile: those of tile t are ``_listed[_starts[t]:_starts[t + 1]]``."""
        low, high = self._tiles(self._boxes[:, :2]), self._tiles(self._boxes[:, 2:])
        polygon, step = _expand(self._entries())
        height = (high - low + 1)[polygon, 1]
        tile = (low[polygon, 0] + step // height) * self._side + low[polygon, 1] + step % height
        self._listed = polygon[np.argsort(tile, kind="stable")].astype(np.int32)
        counts = np.bincount(tile, minlength=self._side**2)
        self._starts = np.concatenate([[0], np.cumsum(counts)])

    def _candidates(
        self, x: Floats, y: Floats
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
        """Pairs of point and polygon whose bounding box holds the point."""
        tiles = self._tiles(np.column_stack([x, y])) @ np.array([self._side, 1])
        point, step = _expand(self._starts[tiles + 1] - self._starts[tiles])
        polygon = self._listed[self._starts[tiles][point] + step]
        west, south, east, north = self._boxes[polygon].T
        px, py = x[point], y[point]
        inside = (px >= west) & (px <= east) & (py >= south) & (py <= north)
        return point[inside], polygon[inside]


def _expand(
    counts: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For n counts: each number as often as its count says, and 0, 1, … within each."""
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - before[owner]


def make_points(x: Floats, y: Floats) -> Geometries:
    """Points from n coordinates each way."""
    return np.asarray(shapely.points(x, y))


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
