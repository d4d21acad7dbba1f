"""A level is one coverage: polygons that meet edge to edge, without overlap.

Shared edges have the same vertices on both sides. All functions are pure and
work in the CRS they are given.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import Geometries
from geo.errors import InputError

Codes = npt.NDArray[np.object_]
"""Area codes (str), one an element."""


@dataclass(frozen=True)
class Defect:
    """One thing wrong with a coverage: which area, what, and where (x, y in its CRS)."""

    code: str
    problem: str
    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.code}: {self.problem} near {self.x:.5f}, {self.y:.5f}"


def _defect(code: str, problem: str, place: shapely.Geometry | None) -> Defect:
    """A defect at the first vertex of the offending piece."""
    vertices = shapely.get_coordinates(place)
    x, y = vertices[0] if len(vertices) else (float("nan"), float("nan"))
    return Defect(str(code), problem, float(x), float(y))


def shape_defects(codes: Codes, polygons: Geometries) -> list[Defect]:
    """Find what is no valid polygon: missing, empty, lines or points, bad rings.

    Args:
        codes: n codes.
        polygons: n geometries.

    Returns:
        One defect an offending geometry, in the order given.
    """
    kinds = shapely.get_type_id(polygons)
    polygonal = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    empty = shapely.is_missing(polygons) | shapely.is_empty(polygons)
    invalid = ~shapely.is_valid(polygons)
    defects = []
    for at in np.flatnonzero(empty | ~polygonal | invalid):
        problem = "no geometry" if empty[at] else f"{shapely.is_valid_reason(polygons[at])}"
        if not empty[at] and not polygonal[at]:
            problem = f"a {polygons[at].geom_type}, not a polygon"
        defects.append(_defect(codes[at], problem, polygons[at]))
    return defects


def edge_defects(codes: Codes, polygons: Geometries) -> list[Defect]:
    """Find edges where neighbours overlap or do not match vertex by vertex.

    Args:
        codes: n codes.
        polygons: n valid polygons of one level, in one CRS.

    Returns:
        One defect an offending area; empty when the polygons form a coverage.
    """
    if shapely.coverage_is_valid(polygons):
        return []
    edges = shapely.coverage_invalid_edges(polygons)
    bad = np.flatnonzero(~(shapely.is_missing(edges) | shapely.is_empty(edges)))
    problem = "overlaps a neighbour or does not share its vertices"
    return [_defect(codes[at], problem, edges[at]) for at in bad]


def validate(codes: Codes, polygons: Geometries, what: str, shown: int = 5) -> None:
    """Refuse polygons that are no coverage.

    Args:
        codes: n codes.
        polygons: n geometries of one level, in one CRS.
        what: how the message calls them ("level county").
        shown: how many defects the message lists.

    Raises:
        InputError: names the offending codes, what is wrong and where.
    """
    defects = shape_defects(codes, polygons) or edge_defects(codes, polygons)
    if defects:
        more = f" (and {len(defects) - shown} more)" if len(defects) > shown else ""
        listed = "; ".join(str(defect) for defect in defects[:shown])
        raise InputError(f"{what} is no coverage: {listed}{more}")


def simplify(polygons: Geometries, tolerance: float) -> Geometries:
    """Simplify a coverage so that neighbours still meet and no area vanishes.

    Args:
        polygons: n polygons that form a coverage.
        tolerance: roughly the square root of the area of the triangles that are
            removed, in units of the CRS.

    Returns:
        n polygons with shared edges still equal.
    """
    if not len(polygons):
        return polygons
    return np.asarray(shapely.coverage_simplify(polygons, tolerance))


def dissolve(polygons: Geometries, groups: npt.NDArray[np.int64], count: int) -> Geometries:
    """Unite the polygons of each group, keeping every vertex that stays on an edge.

    Args:
        polygons: n polygons that form a coverage.
        groups: n group numbers below ``count``; a negative one leaves the polygon out.
        count: the number of groups.

    Returns:
        ``count`` polygons whose borders coincide exactly with those of their
        members; missing where a group has none.
    """
    order = np.argsort(groups, kind="stable")
    bounds = np.searchsorted(groups[order], np.arange(count + 1))
    united = np.full(count, None, dtype=object)
    for group in range(count):
        members = polygons[order[bounds[group] : bounds[group + 1]]]
        if len(members):
            united[group] = members[0] if len(members) == 1 else shapely.coverage_union_all(members)
    return united


def label_points(polygons: Geometries) -> Geometries:
    """A point inside each polygon: the centroid where it lies inside, else one on the surface.

    Args:
        polygons: n valid polygons.

    Returns:
        n points covered by their polygon.
    """
    centroids = shapely.centroid(polygons)
    inside = shapely.covers(polygons, centroids)
    points = np.asarray(centroids, dtype=object)
    points[~inside] = shapely.point_on_surface(polygons[~inside])
    return points


def as_multipolygons(polygons: Geometries) -> Geometries:
    """Wrap single polygons, so that all have the type the database stores."""
    wrapped = np.array(polygons, dtype=object)
    single = shapely.get_type_id(wrapped) == shapely.GeometryType.POLYGON
    wrapped[single] = shapely.multipolygons(wrapped[single][:, None])
    return wrapped
