"""Whether areas lie in their parents and fill them, to the square metre."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import shapely

from geo import coverage
from geo.coverage_defects import name_gap
from geo.crs import Floats, Geometries
from geo.defects import NOISE_M2, Defect, Kind, measured, polygon_parts
from geo.plane import Plane

_EXACT_SHARE = 1e-12
"""How exactly the area of a polygon can be summed up."""

Positions = npt.NDArray[np.intp]
"""The row of each area's parent."""


def find_nesting_defects(
    codes: Sequence[str],
    polygons: Geometries,
    parents: Positions,
    parent_codes: Sequence[str],
    parent_polygons: Geometries,
    overlapping: frozenset[str] = frozenset(),
    *,
    is_coverage: bool = False,
) -> list[Defect]:
    """Find land of areas beyond their parents, and land of parents that no area has.

    Args:
        codes: n codes.
        polygons: n valid polygons, EPSG:4326.
        parents: for each the row of its parent.
        parent_codes: m codes.
        parent_polygons: m valid polygons, EPSG:4326.
        overlapping: codes of areas that overlap another one.
        is_coverage: whether the areas are known to be one, which spares work: parents whose
            outline is their areas' together, corner by corner, need no further look.

    Returns:
        One defect an area that reaches outside; it is astray if most of it does. One a gap
        or hole between the areas of a parent. One a parent with the rest of what is unfilled.
    """
    plane = Plane.around(parent_polygons)
    flat, above = plane.flatten(polygons), plane.flatten(parent_polygons)
    done = _same_outline(flat, above, parents) if is_coverage else np.zeros(len(above), bool)
    left = np.flatnonzero(~done[parents])
    codes, flat, parents = [codes[at] for at in left.tolist()], flat[left], parents[left]
    outside = _outside(flat, above, parents)
    found = _name_outside(plane, codes, flat, parents, parent_codes, above, outside)
    areas = shapely.area(flat) - shapely.area(outside)
    unsure = np.isin(np.asarray(codes, dtype=object), list(overlapping))
    for at in _unfilled(areas, unsure, parents, shapely.area(above)):
        members = np.flatnonzero(parents == at)
        found += _fill(plane, codes, flat, members, (str(parent_codes[at]), above[at]))
    return found


def _same_outline(flat: Geometries, above: Geometries, parents: Positions) -> npt.NDArray[np.bool_]:
    """Which parents have the very outline of their areas together."""
    united = coverage.dissolve(flat, parents.astype(np.int64), len(above))
    return np.asarray(shapely.equals_identical(shapely.normalize(united), shapely.normalize(above)))


def _outside(flat: Geometries, above: Geometries, parents: Positions) -> Geometries:
    """What each area has beyond its parent; empty where nothing."""
    outside = np.full(len(flat), shapely.Polygon(), dtype=object)
    if not len(flat):
        return outside
    shapely.prepare(above)
    beyond = np.flatnonzero(~shapely.covers(above[parents], flat))
    outside[beyond] = shapely.difference(flat[beyond], above[parents[beyond]])
    return outside


def _name_outside(
    plane: Plane,
    codes: Sequence[str],
    flat: Geometries,
    parents: Positions,
    parent_codes: Sequence[str],
    above: Geometries,
    outside: Geometries,
) -> list[Defect]:
    found = []
    tree = shapely.STRtree(above)
    for at in np.flatnonzero(shapely.area(outside) >= NOISE_M2).tolist():
        names: tuple[str, ...] = (str(codes[at]), str(parent_codes[int(parents[at])]))
        kind, note = Kind.OUTSIDE, "beyond its parent"
        if shapely.area(outside[at]) > shapely.area(flat[at]) / 2:
            inside = tree.query(shapely.point_on_surface(outside[at]), "intersects")
            others = tuple(str(parent_codes[int(row)]) for row in np.sort(inside)[:1])
            names += others
            kind = Kind.ASTRAY
            note = f"lies in {others[0]}, not in {names[1]}" if others else "lies in no parent"
        if defect := measured(plane, kind, names, polygon_parts(outside[at]), note):
            found.append(defect)
    return found


def _unfilled(
    areas: Floats, unsure: npt.NDArray[np.bool_], parents: Positions, whole: Floats
) -> Positions:
    """The parents whose areas do not sum up to them, or cannot be summed up."""
    count = len(whole)
    filled = np.bincount(parents, weights=areas, minlength=count)
    noise = NOISE_M2 + _EXACT_SHARE * whole
    doubtful = np.bincount(parents, weights=unsure, minlength=count) > 0
    named = np.bincount(parents, minlength=count) > 0
    return np.flatnonzero(named & (doubtful | (np.abs(whole - filled) > noise)))


def _fill(
    plane: Plane,
    codes: Sequence[str],
    flat: Geometries,
    members: Positions,
    parent: tuple[str, shapely.Geometry],
) -> list[Defect]:
    """What the areas of one parent leave of it: gaps between them, and the rest as one."""
    code, whole = parent
    left = polygon_parts(shapely.difference(whole, shapely.union_all(flat[members])))
    border = shapely.boundary(whole)
    inside = ~shapely.dwithin(left, border, NOISE_M2)
    own = [codes[at] for at in members]
    tree = shapely.STRtree(flat[members])
    found = [defect for piece in left[inside] if (defect := name_gap(plane, own, tree, piece))]
    if rest := measured(plane, Kind.UNFILLED, (code,), left[~inside], "no area has it"):
        found.append(rest)
    return found
