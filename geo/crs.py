"""Coordinate reference systems: what is stored, what areas are measured in, what is drawn.

A system is named by its EPSG code, a PROJ string or WKT, or is one of the shifted ones of
Chinese map services, "GCJ-02" and "BD-09" (``geo.shifted``). Whatever the system's own order
of axes, x is the longitude or easting here, and y the latitude or northing. So with CGCS2000
in 3-degree Gauss-Krüger zones (EPSG:4513 to 4533 with the zone in front of the easting,
EPSG:4534 to 4554 without), whose own order is northing first, x is the easting.
"""

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.errors import InputError
from geo.shifted import shift, shifted_name, unshift

STORED_CRS = "EPSG:4326"
"""The CRS of everything stored: WGS 84, longitude first."""

DISPLAY_CRS = "EPSG:3857"
"""The CRS of tiles: Web Mercator. Never measured in."""

Geometries = npt.NDArray[np.object_]
"""shapely geometries, one an element."""

Floats = npt.NDArray[np.float64]
"""Numbers, one an element."""

_NAMES_FILES = re.compile(
    r"(?:\binit|grids|\bfile|\bcatalog|\bgeoid_model)\s*=|PARAMETERFILE|\.(?:gsb|gtx|tif|lla)\b",
    re.IGNORECASE,
)
"""What in a definition makes PROJ open files."""


def parse_crs(definition: str) -> CRS:
    """A CRS by its EPSG code, PROJ string or WKT; not a shifted one.

    Definitions that make PROJ open files are refused: profiles come from browsers too.

    Raises:
        InputError: PROJ does not know it, or it names a file.
    """
    if _NAMES_FILES.search(definition):
        raise InputError(
            f"the coordinate reference system {definition[:80]!r} refers to a file: write an EPSG"
            " code such as EPSG:4490"
        )
    try:
        return CRS.from_user_input(definition)
    except CRSError as error:
        raise InputError(
            f"unknown coordinate reference system: {definition}; expected an EPSG code such as"
            " EPSG:4490, a PROJ string, GCJ-02 or BD-09"
        ) from error


@lru_cache(maxsize=16)
def transformer(source: str, target: str) -> Transformer:
    """The conversion between two CRS, x (or longitude) first in both.

    Raises:
        InputError: PROJ does not know one of them.
    """
    try:
        return Transformer.from_crs(parse_crs(source), parse_crs(target), always_xy=True)
    except ProjError as error:
        raise InputError(f"no way is known from {source} to {target}") from error


def reproject(geometries: Geometries, source: str, target: str) -> Geometries:
    """Convert geometries from one CRS to another.

    Vertices that are equal before are equal after, so a coverage stays one.

    Args:
        geometries: n geometries in ``source``; missing ones stay missing.
        source: an EPSG code ("EPSG:4490"), PROJ string, "GCJ-02" or "BD-09".
        target: the same.

    Returns:
        n geometries in ``target``, without Z.

    Raises:
        InputError: an unknown CRS, or a coordinate that ``target`` cannot express.
    """
    moved = np.asarray(shapely.force_2d(geometries), dtype=object)
    if same_crs(source, target):
        return moved
    x, y = shapely.get_coordinates(moved).T
    converted = np.column_stack(convert(x, y, source, target))
    if not np.isfinite(converted).all():
        raise InputError(f"coordinates lie outside the area of use of {target}")
    return np.asarray(shapely.set_coordinates(moved, converted))


def to_stored(x: Floats, y: Floats, crs: str) -> tuple[Floats, Floats]:
    """Convert coordinates into what is stored.

    Args:
        x: n longitudes or eastings in ``crs``; not finite where unknown.
        y: n latitudes or northings.
        crs: an EPSG code ("EPSG:4490"), PROJ string, "GCJ-02" or "BD-09".

    Returns:
        n longitudes and n latitudes, EPSG:4326; NaN where unknown or not expressible.

    Raises:
        InputError: an unknown CRS.
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    lon, lat = (x, y) if same_crs(crs, STORED_CRS) else convert(x, y, crs, STORED_CRS)
    known = np.isfinite(lon) & np.isfinite(lat)
    return np.where(known, lon, np.nan), np.where(known, lat, np.nan)


def check_crs(definition: str) -> None:
    """Refuse what is neither a CRS nor one of the shifted systems.

    Raises:
        InputError: says what may be written.
    """
    if shifted_name(definition) is None:
        parse_crs(definition)


def same_crs(one: str, other: str) -> bool:
    """Whether two names mean the same system.

    Raises:
        InputError: one of them is unknown.
    """
    if shifted_name(one) or shifted_name(other):
        return shifted_name(one) == shifted_name(other)
    return bool(parse_crs(one) == parse_crs(other))


def convert(x: Floats, y: Floats, source: str, target: str) -> tuple[Floats, Floats]:
    """Convert coordinates from one system to another; shifted ones by way of what is stored.

    Args:
        x: n longitudes or eastings in ``source``; not finite where unknown.
        y: n latitudes or northings.
        source: an EPSG code, PROJ string, "GCJ-02" or "BD-09".
        target: the same.

    Returns:
        The same n places in ``target``; not finite where unknown or not expressible.

    Raises:
        InputError: an unknown CRS.
    """
    from_shifted, to_shifted = shifted_name(source), shifted_name(target)
    if from_shifted:
        x, y = unshift(x, y, from_shifted)
    projected = transformer(
        STORED_CRS if from_shifted else source, STORED_CRS if to_shifted else target
    )
    x, y = projected.transform(x, y)
    return shift(x, y, to_shifted) if to_shifted else (x, y)


def area_km2(geometries: Geometries, measuring_crs: str) -> Floats:
    """Measure areas.

    Args:
        geometries: n polygons, EPSG:4326.
        measuring_crs: the hierarchy's equal-area CRS, in metres.

    Returns:
        n areas in km².
    """
    return np.asarray(shapely.area(reproject(geometries, STORED_CRS, measuring_crs)) / 1e6)
