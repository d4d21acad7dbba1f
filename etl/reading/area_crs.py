"""Whether coordinates can be in the CRS that is stated for them."""

import numpy as np
import shapely
from pyproj import CRS

from geo.crs import STORED_CRS, Geometries, parse_crs, transformer
from geo.errors import InputError
from geo.shifted import shifted_name

_MILLION_M = 1e6


def refuse_contradiction(shapes: Geometries, system: str, name: str) -> None:
    """Refuse coordinates that cannot be what their CRS says they are.

    Degrees must be degrees; eastings of a Gauss-Krüger zone with its number in front must
    begin with that number; and the place must touch the area the CRS is made for.

    Args:
        shapes: n geometries in the file's own coordinates, 2D.
        system: the stated CRS.
        name: the file.

    Raises:
        InputError: says what the coordinates are and what was expected.
    """
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    if np.isnan(west):
        return
    found = f"{name}: x from {west:,.6g} to {east:,.6g}, y from {south:,.6g} to {north:,.6g}"
    if not np.isfinite([west, south, east, north]).all():
        raise InputError(f"{name} holds coordinates that are not finite numbers")
    crs = parse_crs(STORED_CRS if shifted_name(system) else system)
    title = shifted_name(system) or crs.name
    if crs.is_geographic and (max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90):
        swapped = max(abs(west), abs(east)) <= 90 and max(abs(south), abs(north)) <= 180
        if swapped:
            raise InputError(
                f"{found}; that contradicts {title}: latitude and longitude are swapped."
                " Exchange x and y in a GIS and load it again"
            )
        raise InputError(
            f"{found}; that contradicts {title}: these are no degrees. Give the file the CRS it"
            " is in, in a GIS, or take the wrong statement out and name it with --crs"
        )
    if (zone := _zone(crs)) is not None:
        digits = {int(west // _MILLION_M), int(east // _MILLION_M)}
        if digits != {zone}:
            raise InputError(
                f"{found}; that contradicts {title}, whose eastings begin with the number of"
                f" the zone, {zone}. State the CRS it is in"
            )
    if not _touches(crs, (west, south, east, north)):
        raise InputError(
            f"{found}; that contradicts {title}: it would lie outside the area the CRS is made"
            f" for ({crs.area_of_use.name if crs.area_of_use else ''}). State the CRS it is in"
        )


def _zone(crs: CRS) -> int | None:
    """The number that eastings of a Gauss-Krüger zone begin with, if they do."""
    operation = crs.coordinate_operation
    if operation is None or not crs.is_projected:
        return None
    eastings = [float(p.value) for p in operation.params if p.name == "False easting"]
    zone = int(eastings[0] // _MILLION_M) if eastings else 0
    return zone if zone > 0 and "Transverse Mercator" in operation.method_name else None


def _touches(crs: CRS, bounds: tuple[float, float, float, float]) -> bool:
    """Whether a box in a CRS touches the area of use the CRS states, if it states one."""
    area = crs.area_of_use
    if area is None or area.east < area.west:
        return True
    convert = transformer(str(crs.to_string()), STORED_CRS)
    west, south, east, north = convert.transform_bounds(*bounds)
    if not np.isfinite([west, south, east, north]).all():
        return False
    return bool(
        west <= area.east and east >= area.west and south <= area.north and north >= area.south
    )
