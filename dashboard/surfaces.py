"""Density maps for one viewer, with what is kept so that another bandwidth costs little.

Everybody in scope counts, also beyond the border of the area in view, so that a place has one
value whatever area it is looked at from; what is not in scope is not known, and the kernels are
corrected along the border of the scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, text

from dashboard.album import Album
from dashboard.answers import Bounds
from dashboard.filters import Filters
from dashboard.heat import LONGEST_SIDE, Heat, Radii, near
from dashboard.picture import Picture
from dashboard.points import Points
from dashboard.store import Store
from dashboard.tally import Tally
from geo.bins import Bins, Frame
from geo.crs import DISPLAY_CRS, STORED_CRS, reproject
from geo.database import read_sql_file, transaction
from geo.density import Density, Edge, Plate, frame_for, kept_frame
from geo.hierarchy import COUNTY
from geo.viewer import Viewer


@dataclass(frozen=True)
class Counted:
    """The incidents around an area.

    Attributes:
        bins: those in scope, near enough for any bandwidth of the area.
        used: those of the area itself.
    """

    bins: Bins
    used: int

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self.bins.nbytes


@dataclass(frozen=True)
class Outline:
    """The border of an area in the measuring plane."""

    shape: BaseGeometry

    @property
    def nbytes(self) -> int:
        """Bytes held, about."""
        return 16 * int(shapely.get_num_coordinates(self.shape))


class Surfaces:
    """Draws the density maps of one picture."""

    def __init__(
        self, engine: Engine, viewer: Viewer, store: Store, album: Album, picture: Picture
    ) -> None:
        self._engine = engine
        self._viewer = viewer
        self._store = store
        self._album = album
        self._picture = picture

    def heat(
        self, tally: Tally, filters: Filters, bounds: Bounds, radii: Radii, radius_m: float
    ) -> Heat:
        """Estimate incidents per km² in an area.

        Args:
            tally: the area's sums.
            filters: what is counted.
            bounds: of the area, degrees.
            radii: the bandwidths of the area, for all of which its incidents are counted.
            radius_m: one of them.
        """
        plate = self._plate(tally.row, bounds)
        counted = self._counted(tally, filters, bounds, plate, radii)
        frame = frame_for(plate.extent, radius_m)
        edge = self._edge(tally.row, frame, radius_m)
        per_km2 = plate.read(Density(counted.bins, frame, radius_m, edge))
        total = int(tally.by_category(filters).sum())
        return Heat(bounds, per_km2, radius_m, counted.used, max(0, total - counted.used))

    def _counted(
        self, tally: Tally, filters: Filters, bounds: Bounds, plate: Plate, radii: Radii
    ) -> Counted:
        """Count incidents once for all bandwidths."""
        key, version = self._key("binned", tally.row, filters), self._picture.revisions
        found = self._store.get(key, version)
        if isinstance(found, Counted):
            return found
        counties = self._counties(tally, near(bounds, radii.stops_m[-1]))
        points = self._album.points(self._picture, counties, filters.days)
        frame = kept_frame(plate.extent, radii.stops_m[0], radii.stops_m[-1])
        counted = _count(points, tally, filters, frame)
        self._store.put(key, version, counted)
        return counted

    def _counties(self, tally: Tally, around: Bounds) -> list[str]:
        """The counties in scope whose incidents reach into an area."""
        own = tally.counties
        lineage = self._picture.lineage
        codes = self._picture.basics.tokens.counties
        scope = lineage.row(self._viewer.scope_code)
        if tally.row == scope or lineage.slots[scope] >= COUNTY:
            return own
        query = text(read_sql_file("dashboard", "counties_near.sql"))
        box = dict(zip(("west", "south", "east", "north"), around, strict=True))
        with transaction(self._engine, self._viewer) as connection:
            close = set(connection.execute(query, box).scalars())
        return [code for code in codes if code in close or code in own]

    def _plate(self, row: int, bounds: Bounds) -> Plate:
        """Lay the picture of an area out once for all filters and bandwidths."""
        key, version = self._key("plate", row), self._picture.revisions.area
        found = self._store.get(key, version)
        if not isinstance(found, Plate):
            plane = self._picture.basics.hierarchy.measuring_crs
            area = reproject(np.array([self._outline(row)]), STORED_CRS, DISPLAY_CRS)[0]
            found = Plate.of(area, bounds, plane, LONGEST_SIDE)
            self._store.put(key, version, found)
        return found

    def _edge(self, row: int, frame: Frame, radius_m: float) -> Edge:
        """Measure how much of the kernels lies in scope, once for all filters."""
        key, version = self._key("edge", row, radius_m), self._picture.revisions.area
        found = self._store.get(key, version)
        if not isinstance(found, Edge):
            found = Edge.along(self._scope().shape, frame, radius_m)
            self._store.put(key, version, found)
        return found

    def _scope(self) -> Outline:
        key, version = self._key("outline"), self._picture.revisions.area
        found = self._store.get(key, version)
        if not isinstance(found, Outline):
            lineage = self._picture.lineage
            degrees = self._outline(lineage.row(self._viewer.scope_code))
            plane = self._picture.basics.hierarchy.measuring_crs
            found = Outline(reproject(np.array([degrees]), STORED_CRS, plane)[0])
            self._store.put(key, version, found)
        return found

    def _outline(self, row: int) -> BaseGeometry:
        query = text(read_sql_file("dashboard", "outline.sql"))
        area_id = int(self._picture.lineage.area_ids[row])
        with transaction(self._engine, self._viewer) as connection:
            outline = connection.execute(query, {"area_id": area_id}).scalar_one()
        return shapely.from_wkb(bytes(outline))

    def _key(self, *parts: object) -> tuple[object, ...]:
        return (self._viewer.scope_key, "surface", *parts)


def _count(points: Sequence[Points], tally: Tally, filters: Filters, frame: Frame) -> Counted:
    lineage, terms = tally.picture.lineage, tally.picture.basics.terms
    allowed, inside = terms.allowed(filters), lineage.inside(tally.row)
    nothing = (np.empty(0, np.float32), np.empty(0, np.float32), np.empty(0, np.int32))
    chosen = [nothing, *(part.chosen(filters.days, allowed) for part in points)]
    x_m, y_m, row = (np.concatenate(column) for column in zip(*chosen, strict=True))
    return Counted(Bins.of(x_m, y_m, frame), int(inside[row].sum()))
