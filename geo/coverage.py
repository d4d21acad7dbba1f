"""A level is one coverage: polygons that meet edge to edge, without overlap.

Shared edges have the same vertices on both sides. All functions are pure and
work in the CRS they are given.
"""

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import Geometries


def drawable(polygons: Geometries, gap_width: float) -> Geometries:
    """Polygons that can be simplified and dissolved together, for drawing only.

    A load puts up with small overlaps and gaps, but simplified they would become wide ones.

    Args:
        polygons: n valid polygons, nearly a coverage.
        gap_width: gaps up to this width are closed, in units of the CRS.

    Returns:
        The same polygons if they form a coverage; else the nearest that do.
    """
    if not len(polygons) or shapely.coverage_is_valid(polygons):
        return polygons
    # The type stubs are older than the function.
    mended = np.asarray(shapely.coverage_clean(polygons, gap_width=gap_width))  # type: ignore[attr-defined]
    lost = shapely.is_empty(mended)
    mended[lost] = polygons[lost]
    return mended


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
