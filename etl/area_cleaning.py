"""Clean the outlines of areas, on request only and never further than stated, with an account.

Overlaps and gaps narrower than the stated width go to the neighbour with the longest common
border, and neighbours get the same vertices. Wider areas become the union of those below them
where that is the same within the width. What would have to move further stays as it is, and
the check after it refuses it.
"""

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import coverage
from geo.coverage_defects import find_coverage_defects
from geo.crs import STORED_CRS, Geometries
from geo.defects import NOISE_M2, Defect, find_invalid
from geo.errors import InputError
from geo.plane import Plane

WIDEST_M = 50.0
"""More is no cleaning but redrawing."""

MOST_LISTED = 1_000
"""Changes and handovers that a report lists, the largest; all are counted."""


@dataclass(frozen=True)
class Change:
    """What cleaning did to one area."""

    slot: int
    code: str
    lost_m2: float
    gained_m2: float
    moved_m: float


def _size(change: Change) -> float:
    """Sorts the largest change first."""
    return -change.lost_m2 - change.gained_m2


@dataclass(frozen=True)
class Handover:
    """Land of a gap or an overlap, and the area that has it now."""

    kind: str
    codes: tuple[str, ...]
    area_m2: float
    to: str


@dataclass
class Account:
    """What cleaning did.

    Attributes:
        width_m: the stated width.
        changes: areas whose outline is another than before.
        handovers: gaps and overlaps that are gone, and to whom they went.
        left: levels (slots) that were left alone, and why.
    """

    width_m: float
    changes: list[Change] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    left: dict[int, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        """The account as JSON holds it; at most ``MOST_LISTED`` changes and handovers."""
        return {
            "width_m": self.width_m,
            "areas_changed": len(self.changes),
            "lost_m2": round(sum(change.lost_m2 for change in self.changes), 3),
            "gained_m2": round(sum(change.gained_m2 for change in self.changes), 3),
            "moved_most_m": round(max((change.moved_m for change in self.changes), default=0), 3),
            "changes": [
                # The largest; reports are kept and shown, so they stay short.
                {
                    "level": change.slot,
                    "code": change.code,
                    "lost_m2": round(change.lost_m2, 3),
                    "gained_m2": round(change.gained_m2, 3),
                    "moved_m": round(change.moved_m, 3),
                }
                for change in sorted(self.changes, key=_size)[:MOST_LISTED]
            ],
            "handovers_in_all": len(self.handovers),
            "handovers": [
                {
                    "kind": item.kind,
                    "codes": list(item.codes),
                    "area_m2": round(item.area_m2, 3),
                    "to": item.to,
                }
                for item in sorted(self.handovers, key=lambda item: -item.area_m2)[:MOST_LISTED]
            ],
            "left_alone": {str(slot): why for slot, why in self.left.items()},
        }


def clean_areas(areas: gpd.GeoDataFrame, width_m: float) -> tuple[gpd.GeoDataFrame, Account]:
    """Clean all levels of an edition, the narrowest first.

    Args:
        areas: code, level, parent_code, geometry, EPSG:4326; codes are unique.
        width_m: how wide an overlap or gap may be that is cleaned, in metres.

    Returns:
        The areas with new outlines, and what changed. Vertices that did not move keep their
        coordinates to the last bit.

    Raises:
        InputError: the width is no sensible one.
    """
    if not 0 < width_m <= WIDEST_M:
        raise InputError(
            f"cleaning takes a width above 0 and up to {WIDEST_M:g} m, not {width_m:g}"
        )
    account = Account(width_m)
    shapes = np.array(areas.geometry, dtype=object)
    for slot in sorted(areas["level"].unique().tolist(), reverse=True):
        rows = np.flatnonzero(areas["level"] == slot)
        codes = areas["code"].iloc[rows].tolist()
        before = shapes[rows]
        if find_invalid(codes, before):
            account.left[slot] = "rings are invalid"
            continue
        united = _unite(areas, shapes, rows, width_m)
        after = _clean_level(codes, united, width_m, account, slot)
        account.changes += _changes(slot, codes, before, after)
        shapes[rows] = after
    return areas.set_geometry(gpd.GeoSeries(shapes, index=areas.index, crs=STORED_CRS)), account


def _unite(
    areas: gpd.GeoDataFrame, shapes: Geometries, rows: np.ndarray, width_m: float
) -> Geometries:
    """Each area as the union of the (cleaned) areas below it, where that is it within the width."""
    children = pd.Index(areas["code"].iloc[rows]).get_indexer(areas["parent_code"])
    ok = shapely.is_valid(shapes) & (children >= 0)
    groups = np.where(ok, children, -1).astype(np.int64)
    if not ok.any() or not shapely.coverage_is_valid(shapes[ok]):
        return np.asarray(shapes[rows])
    united = coverage.dissolve(shapes, groups, len(rows))
    plane = Plane.around(shapes[rows])
    result = np.array(shapes[rows], dtype=object)
    for at in np.flatnonzero(~shapely.is_missing(united)):
        flat, own = plane.flatten(np.array([united[at], result[at]], dtype=object))
        if not _thick(shapely.symmetric_difference(flat, own), width_m):
            result[at] = united[at]
    return result


def _clean_level(
    codes: list[str], before: Geometries, width_m: float, account: Account, slot: int
) -> Geometries:
    """One level as a coverage; as it was where a border would have to move too far."""
    plane = Plane.around(before)
    flat = plane.flatten(before)
    defects = find_coverage_defects(codes, before, gaps=len(codes) > 1)
    if not defects:
        return before
    # The type stubs are older than the function.
    cleaned = np.asarray(shapely.coverage_clean(flat, gap_width=width_m))  # type: ignore[attr-defined]
    vanished = shapely.is_empty(cleaned)
    moved = shapely.symmetric_difference(flat, cleaned)
    if vanished.any() or any(_thick(piece, width_m) for piece in moved):
        account.left[slot] = f"a border would have to move by more than {width_m:g} m"
        return before
    account.handovers += _handovers(plane, codes, cleaned, defects)
    # GEOS begins rings elsewhere: what is the same outline is left as it was written.
    same = shapely.equals_identical(shapely.normalize(flat), shapely.normalize(cleaned))
    return np.where(same, before, _unflatten(plane, before, flat, cleaned))


def _thick(pieces: shapely.Geometry, width_m: float) -> bool:
    """Whether some land is wider than so many metres."""
    return not shapely.is_empty(shapely.buffer(pieces, -width_m / 2 * 1.001))


def _unflatten(
    plane: Plane, before: Geometries, flat: Geometries, cleaned: Geometries
) -> Geometries:
    """Back to degrees; vertices that are where they were get the coordinates they had."""
    places, exact = shapely.get_coordinates(flat), shapely.get_coordinates(before)
    known = pd.MultiIndex.from_arrays([places[:, 0], places[:, 1]])
    first = ~known.duplicated()
    now = shapely.get_coordinates(cleaned)
    found = known[first].get_indexer(pd.MultiIndex.from_arrays([now[:, 0], now[:, 1]]))
    degrees = shapely.get_coordinates(plane.unflatten(cleaned))
    degrees[found >= 0] = exact[first][found[found >= 0]]
    return np.asarray(shapely.set_coordinates(cleaned.copy(), degrees))


def _changes(slot: int, codes: list[str], before: Geometries, after: Geometries) -> list[Change]:
    """The areas that are not what they were."""
    plane = Plane.around(before)
    changed = np.flatnonzero(~shapely.equals_identical(before, after))
    old, new = plane.flatten(before[changed]), plane.flatten(after[changed])
    lost = plane.area_m2(shapely.difference(old, new))
    gained = plane.area_m2(shapely.difference(new, old))
    moved = shapely.hausdorff_distance(shapely.boundary(old), shapely.boundary(new))
    return [
        Change(slot, codes[row], float(lost[at]), float(gained[at]), float(moved[at]))
        for at, row in enumerate(changed)
        if max(lost[at], gained[at]) >= NOISE_M2 or moved[at] > 0
    ]


def _handovers(
    plane: Plane, codes: list[str], cleaned: Geometries, defects: list[Defect]
) -> list[Handover]:
    """Who has the land of the gaps and overlaps that are gone."""
    land = [(defect, at) for defect in defects if defect.area_m2 > 0 and (at := defect.place)]
    if not land:
        return []
    places = plane.flatten(np.array([shapely.Point(at) for _, at in land], dtype=object))
    found, owners = shapely.STRtree(cleaned).query(places, predicate="intersects")
    to = {int(at): codes[int(owner)] for at, owner in zip(found, owners, strict=True)}
    return [
        Handover(defect.note or str(defect.kind), defect.codes, defect.area_m2, to[at])
        for at, (defect, _) in enumerate(land)
        if at in to
    ]
