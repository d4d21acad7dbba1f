"""Where the areas of one level overlap, leave gaps or do not share their vertices.

A level without a defect costs one pass of GEOS; only along the edges that pass finds to be
wrong are pairs of areas compared.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import Geometries
from geo.defects import NOISE_M2, Defect, Kind, measured, polygon_parts
from geo.plane import Plane

GAP_WIDTH_M = 5.0
"""Gaps that are open at an end are looked for up to this width."""

_NEAR_M = 0.001
"""Lines closer than this run along each other."""

_MOST_CODES = 8
"""Neighbours of a gap that are named."""

Positions = npt.NDArray[np.intp]
"""Rows of the level."""


@dataclass(frozen=True)
class _Level:
    """The polygons of a level in the plane, and where its edges are wrong."""

    codes: Sequence[str]
    plane: Plane
    flat: Geometries
    tree: shapely.STRtree
    suspects: Positions
    edges: Geometries

    @property
    def bad_edges(self) -> Geometries:
        """The wrong edges of the suspects."""
        return np.asarray(self.edges[self.suspects])


def find_coverage_defects(
    codes: Sequence[str], polygons: Geometries, *, gaps: bool = True
) -> list[Defect]:
    """Find overlaps, gaps, holes, slivers, and edges with different vertices.

    Args:
        codes: n codes.
        polygons: n valid polygons of one level, EPSG:4326.
        gaps: whether to look for gaps and holes: not where parents are known, which say
            exactly what their areas must fill.

    Returns:
        One defect a pair of areas that overlap or do not match, and one a gap.
    """
    level = _examine(codes, polygons)
    overlaps = _find_overlaps(level)
    found = [defect for defect, _ in overlaps]
    if gaps:
        found += _find_gaps(level)
    return found + _find_mismatches(level, [pieces for _, pieces in overlaps])


def _examine(codes: Sequence[str], polygons: Geometries) -> _Level:
    plane = Plane.around(polygons)
    flat = plane.flatten(polygons)
    # What lies closer than that was meant to be one line.
    edges = shapely.coverage_invalid_edges(flat, gap_width=_NEAR_M)
    wrong = ~(shapely.is_missing(edges) | shapely.is_empty(edges))
    return _Level(codes, plane, flat, shapely.STRtree(flat), np.flatnonzero(wrong), edges)


def _find_overlaps(level: _Level) -> list[tuple[Defect, Geometries]]:
    """One defect a pair that overlaps, with its polygons in the plane."""
    at, other = level.tree.query(level.bad_edges, predicate="intersects")
    pairs = np.sort(np.column_stack([level.suspects[at], other]), axis=1)
    pairs = np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)
    shared = shapely.intersection(level.flat[pairs[:, 0]], level.flat[pairs[:, 1]])
    found = []
    for row in np.flatnonzero(shapely.area(shared) >= NOISE_M2):
        pieces = polygon_parts(shared[row])
        names = tuple(sorted(str(level.codes[position]) for position in pairs[row]))
        if defect := measured(level.plane, Kind.OVERLAP, names, pieces):
            found.append((defect, pieces))
    return found


def _find_gaps(level: _Level) -> list[Defect]:
    """Land between areas that belongs to none, enclosed or narrow."""
    union = shapely.union_all if len(level.suspects) else shapely.coverage_union_all
    enclosed = _enclosed(union(level.flat))
    slots = _slots(level)
    if len(slots) and len(enclosed):
        # What is enclosed has its exact outline already.
        near = shapely.STRtree(enclosed).query(slots, predicate="intersects")[0]
        slots = np.delete(slots, near)
    return [
        defect
        for piece in [*enclosed, *slots]
        if (defect := name_gap(level.plane, level.codes, level.tree, piece))
    ]


def name_gap(
    plane: Plane, codes: Sequence[str], tree: shapely.STRtree, piece: shapely.Geometry
) -> Defect | None:
    """The defect of a gap: a hole if only one area lies around it.

    Args:
        plane: the plane.
        codes: n codes.
        tree: of the n polygons in the plane.
        piece: the gap in the plane.
    """
    around = np.sort(tree.query(piece, predicate="dwithin", distance=_NEAR_M))
    names = tuple(str(codes[at]) for at in around[:_MOST_CODES])
    kind = Kind.HOLE if len(names) == 1 else Kind.GAP
    return measured(plane, kind, names, np.array([piece], dtype=object))


def _enclosed(union: shapely.Geometry) -> Geometries:
    """The faces of a union's rings that it does not cover."""
    # Polygons that touch in two points enclose a face too, but without an interior ring.
    lines = shapely.union_all(shapely.boundary(shapely.get_parts(union)))
    faces = shapely.get_parts(shapely.polygonize([lines]))
    shapely.prepare(union)
    return np.asarray(faces[~shapely.covers(union, shapely.point_on_surface(faces))])


def _slots(level: _Level) -> Geometries:
    """Gaps that are open at an end and narrower than ``GAP_WIDTH_M``."""
    with_gaps = shapely.coverage_invalid_edges(level.flat, gap_width=GAP_WIDTH_M)
    wrong = np.flatnonzero(~(shapely.is_missing(with_gaps) | shapely.is_empty(with_gaps)))
    lines = shapely.difference(with_gaps[wrong], level.edges[wrong])
    lines = lines[~shapely.is_empty(lines)]
    if not len(lines):
        return np.array([], dtype=object)
    zones = shapely.union_all(shapely.buffer(lines, 2 * GAP_WIDTH_M, join_style="mitre"))
    tree = shapely.STRtree(lines)
    found: list[shapely.Geometry] = []
    for zone in shapely.get_parts(zones):
        inside = shapely.intersection(level.flat[level.tree.query(zone, "intersects")], zone)
        for piece in polygon_parts(_close(shapely.union_all(inside))):
            # Only along the edges that GEOS found: closing also fills corners of one area.
            beside = level.tree.query(piece, predicate="dwithin", distance=_NEAR_M)
            if len(beside) > 1 and len(tree.query(piece, "dwithin", distance=_NEAR_M)):
                found.append(piece)
    return np.array(found, dtype=object)


def _close(land: shapely.Geometry) -> shapely.Geometry:
    """What closing up everything narrower than ``GAP_WIDTH_M`` adds to some land."""
    grown = shapely.buffer(land, GAP_WIDTH_M / 2, join_style="mitre")
    return shapely.difference(shapely.buffer(grown, -GAP_WIDTH_M / 2, join_style="mitre"), land)


def _find_mismatches(level: _Level, overlaps: list[Geometries]) -> list[Defect]:
    """Pairs whose common border has other vertices on one side than on the other."""
    parts, index = shapely.get_parts(level.bad_edges, return_index=True)
    if overlaps:
        land = shapely.STRtree(np.concatenate(overlaps))
        explained = land.query(parts, predicate="dwithin", distance=_NEAR_M)[0]
        keep = np.setdiff1d(np.arange(len(parts)), explained)
        parts, index = parts[keep], index[keep]
    if not len(parts):
        return []
    return [
        Defect(Kind.EDGES, names, 0.0, level.plane.unflatten(np.array([lines]))[0])
        for names, lines in _pair_lines(level, parts, index).items()
    ]


def _pair_lines(
    level: _Level, parts: Geometries, index: Positions
) -> dict[tuple[str, ...], shapely.Geometry]:
    """Gather lines by the two areas they lie between."""
    at, other = shapely.STRtree(level.bad_edges).query(parts, "dwithin", distance=_NEAR_M)
    strip = shapely.buffer(level.bad_edges[other], _NEAR_M, cap_style="flat", quad_segs=1)
    along = shapely.intersection(parts[at], strip)
    beside = (index[at] != other) & (shapely.length(along) > 10 * _NEAR_M)
    gathered: dict[tuple[str, ...], list[shapely.Geometry]] = defaultdict(list)
    for row in np.flatnonzero(beside):
        pair = level.suspects[[index[at[row]], other[row]]]
        gathered[tuple(sorted(str(level.codes[position]) for position in pair))].append(along[row])
    alone = np.setdiff1d(np.arange(len(parts)), at[beside])
    for row in alone:
        gathered[(str(level.codes[level.suspects[index[row]]]),)].append(parts[row])
    return {names: shapely.union_all(lines) for names, lines in gathered.items()}
