"""What can be wrong with areas, as rows: kind, codes, m², place and geometry."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from geo.crs import Geometries
from geo.plane import Plane

NOISE_M2 = 0.001
"""Areas below this are what arithmetic leaves over, not defects."""

SLIVER_WIDTH_M = 1.0
"""An overlap or gap narrower than this on average (2 × area ÷ perimeter) is a sliver."""


class Kind(StrEnum):
    """The kinds of defects."""

    INVALID = "invalid"
    """No polygon, or rings that cross themselves."""
    DUPLICATE = "duplicate code"
    """Two different areas have one code."""
    FEATURES = "several features"
    """The parts of one area come as features of their own."""
    BLANK = "blank code"
    CODE = "bad code"
    """Not as the level's codes are."""
    NAME = "no name"
    CHARACTER = "unfit character"
    """A name has a character that is not seen, or turns the direction of the text around it."""
    PARENT = "unknown parent"
    UNKNOWN = "unknown code"
    """Not in the division list, or abolished."""
    ASTRAY = "astray"
    """Its code or its parent is that of another place than the one it lies in."""
    DATE = "bad date"
    OVERLAP = "overlap"
    GAP = "gap"
    SLIVER = "sliver"
    """A thin overlap or gap; see ``SLIVER_WIDTH_M``."""
    HOLE = "hole"
    """Land inside one area that belongs to none."""
    OUTSIDE = "outside"
    """Land of an area beyond its parent."""
    UNFILLED = "unfilled"
    """Land of a parent that none of its areas has."""
    EDGES = "edges"
    """Neighbours meet, but without the same vertices."""


MEASURED = frozenset(
    (
        Kind.OVERLAP, Kind.GAP, Kind.SLIVER, Kind.HOLE,
        Kind.OUTSIDE, Kind.UNFILLED, Kind.EDGES,
    )
)  # fmt: skip
"""The kinds that have a size, and so may lie below a tolerance."""

CODES = frozenset((Kind.UNKNOWN, Kind.ASTRAY))
"""The kinds about which lists and places of different origin may honestly disagree."""


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong.

    Attributes:
        kind: what.
        codes: the area it is about, then the others concerned.
        area_m2: how much land it is about; 0 where it is not about land.
        geometry: where, EPSG:4326; None where there is no place.
        note: what the user reads beside the kind.
        slot: the level.
    """

    kind: Kind
    codes: tuple[str, ...]
    area_m2: float = 0.0
    geometry: shapely.Geometry | None = None
    note: str = ""
    slot: int = -1

    @property
    def place(self) -> tuple[float, float] | None:
        """A point in its largest part: longitude and latitude."""
        if self.geometry is None or shapely.is_empty(self.geometry):
            return None
        parts = shapely.get_parts(self.geometry)
        largest = parts[np.argmax(shapely.area(parts) + shapely.length(parts))]
        if shapely.get_dimensions(largest) == 1:
            point = shapely.line_interpolate_point(largest, 0.5, normalized=True)
        else:
            point = shapely.point_on_surface(largest)
        return (float(point.x), float(point.y)) if not point.is_empty else None

    def __str__(self) -> str:
        at = self.place
        size = f" of {self.area_m2:,.1f} m²" if self.area_m2 else ""
        where = f" near {at[0]:.5f}, {at[1]:.5f}" if at else ""
        note = f" ({self.note})" if self.note else ""
        return f"{self.kind}{size}: {', '.join(self.codes) or 'no code'}{where}{note}"


def above(defects: Iterable[Defect], tolerance_m2: float, report: frozenset[Kind]) -> list[Defect]:
    """The defects that forbid a load.

    Args:
        defects: all that were found.
        tolerance_m2: measured ones up to this size are put up with.
        report: kinds that are only reported.
    """
    return [
        defect
        for defect in defects
        if defect.kind not in report
        and (defect.kind not in MEASURED or defect.area_m2 > tolerance_m2)
    ]


def count_kinds(defects: Sequence[Defect]) -> dict[str, dict[str, float]]:
    """How many defects there are of each kind, the commonest first, and their m² together."""
    counts = Counter(defect.kind for defect in defects)
    sums: dict[Kind, float] = dict.fromkeys(counts, 0.0)
    for defect in defects:
        sums[defect.kind] += defect.area_m2
    return {
        str(kind): {"count": count, "area_m2": round(sums[kind], 3)}
        for kind, count in counts.most_common()
    }


def find_invalid(codes: Sequence[str], shapes: Geometries) -> list[Defect]:
    """Find what is no valid polygon: missing, empty, lines or points, crossing rings.

    Args:
        codes: n codes.
        shapes: n geometries, EPSG:4326.

    Returns:
        One defect an offending geometry, in the order given.
    """
    kinds = shapely.get_type_id(shapes)
    polygonal = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    found = []
    for at in np.flatnonzero(empty | ~polygonal | ~shapely.is_valid(shapes)).tolist():
        shape = None if empty[at] else shapes[at]
        place, note = _what_is_invalid(shape, bool(polygonal[at]))
        found.append(Defect(Kind.INVALID, (str(codes[at]),), 0.0, place, note))
    return found


def _what_is_invalid(
    shape: shapely.Geometry | None, polygonal: bool
) -> tuple[shapely.Geometry | None, str]:
    """Where a geometry is invalid, and why."""
    if shape is None:
        return None, "no geometry"
    if not polygonal:
        return shape, f"a {type(shape).__name__}, not a polygon"
    reason, _, place = str(shapely.is_valid_reason(shape)).partition("[")
    x, _, y = place.rstrip("]").partition(" ")
    where = (float(x), float(y)) if y else shapely.get_coordinates(shape)[0]
    return shapely.Point(where), reason


def polygon_parts(geometry: shapely.Geometry) -> Geometries:
    """The polygons in a geometry, without the lines and points where things only touch."""
    parts = shapely.get_parts(geometry)
    # A collection may hold multipolygons.
    parts = shapely.get_parts(parts)
    return np.asarray(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def measured(
    plane: Plane, kind: Kind, codes: tuple[str, ...], pieces: Geometries, note: str = ""
) -> Defect | None:
    """A defect of land, from its polygons in the plane; None if it is but noise.

    Overlaps and gaps that are thin become slivers.
    """
    area = float(plane.area_m2(pieces).sum()) if len(pieces) else 0.0
    if area < NOISE_M2:
        return None
    if kind in (Kind.OVERLAP, Kind.GAP):
        width = 2 * area / float(shapely.length(pieces).sum())
        if width < SLIVER_WIDTH_M:
            kind, note = Kind.SLIVER, f"{kind}, {width:.2g} m wide"
    whole = pieces[0] if len(pieces) == 1 else shapely.multipolygons(pieces)
    return Defect(kind, codes, area, plane.unflatten(np.array([whole]))[0], note)
