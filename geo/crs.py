"""Coordinate reference systems: what is stored, what areas are measured in, what is drawn."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import InputError

STORED_CRS = "EPSG:4326"
"""The CRS of everything stored: WGS 84, longitude first."""

DISPLAY_CRS = "EPSG:3857"
"""The CRS of tiles: Web Mercator. Never measured in."""

Geometries = npt.NDArray[np.object_]
"""shapely geometries, one an element."""

Floats = npt.NDArray[np.float64]
"""Numbers, one an element."""


def parse_crs(definition: str) -> CRS:
    """A CRS by its EPSG code, PROJ string or WKT.

    Raises:
        InputError: PROJ does not know it.
    """
    try:
        return CRS.from_user_input(definition)
    except CRSError as error:
        raise InputError(f"unknown coordinate reference system: {definition}") from error


@lru_cache(maxsize=16)
def transformer(source: str, target: str) -> Transformer:
    """The conversion between two CRS, x (or longitude) first in both.

    Raises:
        InputError: PROJ does not know one of them.
    """
    return Transformer.from_crs(parse_crs(source), parse_crs(target), always_xy=True)


def reproject(geometries: Geometries, source: str, target: str) -> Geometries:
    """Convert geometries from one CRS to another.

    Vertices that are equal before are equal after, so a coverage stays one.

    Args:
        geometries: n geometries in ``source``; missing ones stay missing.
        source: an EPSG code ("EPSG:4490") or PROJ string.
        target: the same.

    Returns:
        n geometries in ``target``, without Z.

    Raises:
        InputError: an unknown CRS, or a coordinate that ``target`` cannot express.
    """
    if parse_crs(source) == parse_crs(target):
        return np.asarray(shapely.force_2d(geometries))
    moved = np.asarray(shapely.force_2d(geometries), dtype=object)
    x, y = shapely.get_coordinates(moved).T
    converted = np.column_stack(transformer(source, target).transform(x, y))
    if not np.isfinite(converted).all():
        raise InputError(f"coordinates lie outside the area of use of {target}")
    return np.asarray(shapely.set_coordinates(moved, converted))


def area_km2(geometries: Geometries, measuring_crs: str) -> Floats:
    """Measure areas.

    Args:
        geometries: n polygons, EPSG:4326.
        measuring_crs: the hierarchy's equal-area CRS, in metres.

    Returns:
        n areas in km².
    """
    return np.asarray(shapely.area(reproject(geometries, STORED_CRS, measuring_crs)) / 1e6)
