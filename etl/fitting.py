"""Which coordinate system makes a file fit what is known: told from points or areas.

A file that lies about its CRS lies the same way everywhere: its points miss the areas they
are recorded in, its areas stick out of their parents, and one other reading of the same
numbers repairs nearly all of it. That is what is looked for; nothing is ever repaired.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import shapely

from geo.crs import STORED_CRS, Floats, Geometries, convert, to_stored
from geo.errors import InputError
from geo.shifted import SHIFTED

AS_IS = "as is"
"""The reading that the file itself states."""

SWAPPED_AXES = "swapped axes"
"""The reading with x and y exchanged."""

LEAST_INSIDE = 0.9
"""The share that must fit in another reading before the file is said to lie."""

LEAST_GAIN = 0.02
"""How much larger than as it is that share must be."""

LEAST_REPAIRED = 20
"""How many points another reading must repair."""

_MOST_WITNESSES = 4_000
_MOST_CHILDREN = 1_000
_POINTS_PER_CHILD = 8
_SHRINK = 0.98
_NUMBERED_ZONES = range(4513, 4534)
_PLAIN_ZONES = range(4534, 4555)

Mask = npt.NDArray[np.bool_]


class LyingCrsError(InputError):
    """The coordinates fit only in another CRS than the one stated."""


@dataclass(frozen=True)
class Fit:
    """How well a file fits in the best reading, and as it is.

    Attributes:
        system: the best reading: "as is", "swapped axes", "GCJ-02", "BD-09" or an EPSG code.
        share_inside: the share of points that lie inside where they should, in that reading.
        share_as_is: the same share in the reading that the file states.
        points: how many points were looked at.
        repaired: points that lie inside in the best reading only.
        broken: points that lie inside as they are only.
        ranking: all readings and their shares, best first.
    """

    system: str
    share_inside: float
    share_as_is: float
    points: int
    repaired: int
    broken: int
    ranking: tuple[tuple[str, float], ...] = ()

    @property
    def lies(self) -> bool:
        """Whether the file is in another system than it states, beyond doubt.

        The other reading repairs at least 20 points and breaks few, and fits nearly all.
        """
        return (
            self.system != AS_IS
            and self.share_inside >= LEAST_INSIDE
            and self.share_inside - self.share_as_is >= LEAST_GAIN
            and self.repaired >= LEAST_REPAIRED
            and self.repaired > 4 * self.broken
        )

    def describe(self) -> str:
        """The figures in one sentence."""
        others = ", ".join(f"{system} {share:.1%}" for system, share in self.ranking)
        return f"of {self.points:,} points inside the area they belong to: {others}"

    def as_dict(self) -> dict[str, object]:
        """The figures for programs."""
        return {
            "system": self.system,
            "lies": self.lies,
            "points": self.points,
            "share_inside": dict(self.ranking),
        }


@dataclass(frozen=True)
class Witnesses:
    """Points of a file and the areas it puts them in: a sample that grows over chunks.

    Attributes:
        lon: n longitudes, as the stated CRS gives them in EPSG:4326.
        lat: n latitudes.
        areas: n rows of ``Places.frame``.
    """

    lon: Floats = field(default_factory=lambda: np.empty(0))
    lat: Floats = field(default_factory=lambda: np.empty(0))
    areas: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def sample(cls, lon: Floats, lat: Floats, areas: npt.NDArray[np.int64]) -> Witnesses:
        """Some of many, evenly spaced."""
        step = max(1, -(-len(lon) // _MOST_WITNESSES))
        return cls(lon[::step], lat[::step], areas[::step])

    def __add__(self, other: Witnesses) -> Witnesses:
        return Witnesses.sample(
            np.concatenate([self.lon, other.lon]),
            np.concatenate([self.lat, other.lat]),
            np.concatenate([self.areas, other.areas]),
        )

    def fit(self, shapes: Geometries, stated: str) -> Fit | None:
        """How well they fit; None where there are none.

        Args:
            shapes: the polygons of all areas, EPSG:4326.
            stated: the CRS that the file is said to be in.
        """
        return fit_points(self.lon, self.lat, shapes[self.areas], stated)

    def refuse(self, shapes: Geometries, stated: str, file_name: str) -> None:
        """Raise if the file is in another system than stated.

        Raises:
            LyingCrsError: says which, with the figures.
        """
        fit = self.fit(shapes, stated)
        if fit is not None and fit.lies:
            raise LyingCrsError(
                f"{file_name} is said to be in {stated}, but its points fit the recorded codes"
                f" only as {fit.system} ({fit.describe()}). Nothing was loaded: state the right"
                " CRS and load it again"
            )


def fit_points(
    lon: Floats, lat: Floats, shapes: Geometries, stated: str = STORED_CRS
) -> Fit | None:
    """Compare readings by the share of points inside the areas they belong to.

    Args:
        lon: n longitudes, EPSG:4326 as made from ``stated``.
        lat: n latitudes.
        shapes: n polygons, EPSG:4326.
        stated: the CRS that the numbers were read in.

    Returns:
        The best reading; as it is, if none is better. None without points.
    """
    if not len(lon):
        return None
    inside = {
        system: _inside(x, y, shapes) for system, (x, y) in _readings(lon, lat, stated).items()
    }
    shares = {system: float(found.mean()) for system, found in inside.items()}
    ranking = sorted(shares.items(), key=lambda entry: (-entry[1], entry[0] != AS_IS))
    best, share = ranking[0]
    return Fit(
        system=best,
        share_inside=share,
        share_as_is=shares[AS_IS],
        points=len(lon),
        repaired=int((inside[best] & ~inside[AS_IS]).sum()),
        broken=int((inside[AS_IS] & ~inside[best]).sum()),
        ranking=tuple(ranking),
    )


def fit_areas(shapes: Geometries, around: Geometries, stated: str = STORED_CRS) -> Fit | None:
    """Compare readings by the share of the areas' corners inside their parents.

    Args:
        shapes: n polygons, EPSG:4326 as made from ``stated``.
        around: n polygons, EPSG:4326: the parent of each.
        stated: the CRS that the numbers were read in.

    Returns:
        The best reading; None without areas.
    """
    step = max(1, -(-len(shapes) // _MOST_CHILDREN))
    chosen = np.asarray(shapes)[::step]
    corners, of = _corners(chosen)
    return fit_points(corners[:, 0], corners[:, 1], np.asarray(around)[::step][of], stated)


def _corners(shapes: Geometries) -> tuple[Floats, npt.NDArray[np.int64]]:
    """A few vertices of each polygon, drawn in a little so that shared borders do not matter.

    Returns:
        m places, and the polygon of each.
    """
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    first = np.searchsorted(of, np.arange(len(shapes)))
    count = np.bincount(of, minlength=len(shapes))
    part = np.arange(_POINTS_PER_CHILD) / _POINTS_PER_CHILD
    picked = first[:, None] + (count[:, None] * part).astype(np.int64)
    picked = picked[count > 0].ravel()
    middle = shapely.get_coordinates(shapely.point_on_surface(shapes[count > 0]))
    middle = np.repeat(middle, _POINTS_PER_CHILD, axis=0)
    return middle + (xy[picked] - middle) * _SHRINK, of[picked]


def _readings(lon: Floats, lat: Floats, stated: str) -> dict[str, tuple[Floats, Floats]]:
    """The same numbers read in other systems, in EPSG:4326."""
    x, y = convert(lon, lat, STORED_CRS, stated)
    made = {AS_IS: (lon, lat), SWAPPED_AXES: to_stored(y, x, stated)}
    others = [*SHIFTED, STORED_CRS] if not _zone(stated) else _other_zones(stated)
    for system in others:
        if system != stated:
            made[system] = to_stored(x, y, system)
    if stated == STORED_CRS or not _zone(stated):
        for system in SHIFTED:
            made[f"{SWAPPED_AXES} of {system}"] = to_stored(y, x, system)
    return made


def _zone(stated: str) -> int | None:
    """The EPSG code of a 3-degree Gauss-Krüger zone of CGCS2000."""
    code = re.fullmatch(r"EPSG:(\d+)", stated.strip(), re.IGNORECASE)
    if code and int(code[1]) in (*_NUMBERED_ZONES, *_PLAIN_ZONES):
        return int(code[1])
    return None


def _other_zones(stated: str) -> list[str]:
    """The neighbouring zones; a zone's number too much or too little makes no places at all."""
    code = _zone(stated) or 0
    zones = _NUMBERED_ZONES if code in _NUMBERED_ZONES else _PLAIN_ZONES
    return [f"EPSG:{other}" for other in (code - 1, code + 1) if other in zones]


def _inside(x: Floats, y: Floats, shapes: Geometries) -> Mask:
    """Which points lie in the polygon that belongs to them."""
    shapely.prepare(shapes)
    return np.asarray(shapely.intersects_xy(shapes, x, y), dtype=bool)
