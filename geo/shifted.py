"""GCJ-02 and BD-09: the shifted coordinates of public Chinese map services.

Neither is a coordinate reference system that PROJ knows: GCJ-02 adds a fixed field of
offsets (some 100 to 700 m) to WGS 84, and BD-09 adds a second one to GCJ-02. There is no
official text. The field is the one that became public about 2010 and that every converter
has used since (it is known as "eviltransform"): polynomials and sines in longitude - 105 and
latitude - 35, in metres, turned into degrees on the ellipsoid of Krasovsky. BD-09 follows the
formula in polar coordinates that is in circulation with it. The code here is our own.

Rule outside of China: a point outside ``BOX`` is not shifted, in neither direction. The box is
the one of the services; it holds parts of the neighbours too, where the services do shift.

Accuracy: forward and back again agree to 1e-9° (0.1 mm) anywhere inside the box but within
0.02° of its edge, where only one of the two directions may lie inside. Against the services
themselves the public formula is good to about a metre; that cannot be tested offline.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
"""Numbers, one an element."""

GCJ02 = "GCJ-02"
"""Of Amap, Tencent and others."""

BD09 = "BD-09"
"""Of Baidu."""

SHIFTED = (GCJ02, BD09)
"""The names as profiles write them."""

BOX = (72.004, 0.8293, 137.8347, 55.8271)
"""West, south, east and north of what is shifted, degrees."""

ACCURACY_DEG = 1e-9
"""How well an inverse is solved; about 0.1 mm."""

_KRASOVSKY_M = 6_378_245.0
_KRASOVSKY_E2 = 0.00669342162296594323
_MOST_STEPS = 12
_BD_WAVE = np.pi * 3000.0 / 180.0
_BD_EAST, _BD_NORTH = 0.0065, 0.006

_Shift = Callable[[Floats, Floats], tuple[Floats, Floats]]


def shifted_name(crs: str) -> str | None:
    """The name of a shifted system however it is spelt (``gcj02``, ``BD_09``), or None."""
    plain = crs.strip().upper().replace("-", "").replace("_", "").replace(" ", "")
    return {"GCJ02": GCJ02, "BD09": BD09, "BD09LL": BD09}.get(plain)


def shift(lon: Floats, lat: Floats, system: str) -> tuple[Floats, Floats]:
    """From WGS 84 to a shifted system.

    Args:
        lon: n longitudes, EPSG:4326; not finite ones stay as they are.
        lat: n latitudes.
        system: one of ``SHIFTED``.

    Returns:
        n longitudes and n latitudes.
    """
    return _within_box(_forward(system), lon, lat)


def unshift(lon: Floats, lat: Floats, system: str) -> tuple[Floats, Floats]:
    """From a shifted system to WGS 84, to ``ACCURACY_DEG``; see ``shift``."""
    return _within_box(lambda x, y: _inverse(system, x, y), lon, lat)


def _within_box(change: _Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Change the points inside the box, leave the others."""
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    west, south, east, north = BOX
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    x[inside], y[inside] = change(x[inside], y[inside])
    return x, y


def _forward(system: str) -> _Shift:
    return _to_gcj02 if system == GCJ02 else lambda x, y: _gcj02_to_bd09(*_to_gcj02(x, y))


def _inverse(system: str, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    if system == BD09:
        lon, lat = _solve(_gcj02_to_bd09, lon, lat)
    return _solve(_to_gcj02, lon, lat)


def _solve(forward: _Shift, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Find what a shift moves to the given points.

    The offset changes by less than 1.7 % of the distance moved, so each step of
    "take off the offset of the last guess" gains two digits: five steps do.
    """
    x, y = lon, lat
    for _ in range(_MOST_STEPS):
        there_x, there_y = forward(x, y)
        off_x, off_y = there_x - lon, there_y - lat
        x, y = x - off_x, y - off_y
        # What is left after this step is below 1.7 % of what this step moved.
        if max(np.abs(off_x).max(initial=0), np.abs(off_y).max(initial=0)) < ACCURACY_DEG:
            break
    return x, y


def _to_gcj02(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Add the offsets of GCJ-02, degrees."""
    east_m, north_m = _offsets_m(lon - 105.0, lat - 35.0)
    phi = np.radians(lat)
    bulge = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    root = np.sqrt(bulge)
    across = np.degrees(east_m / (_KRASOVSKY_M / root * np.cos(phi)))
    along = np.degrees(north_m / (_KRASOVSKY_M * (1.0 - _KRASOVSKY_E2) / (bulge * root)))
    return lon + across, lat + along


def _offsets_m(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """The field of offsets in metres east and north, at degrees from 105° E, 35° N."""
    turn_x, turn_y = np.pi * x, np.pi * y
    sway = np.sqrt(np.abs(x))
    both = 20.0 * (np.sin(6.0 * turn_x) + np.sin(2.0 * turn_x))
    east = both + 20.0 * np.sin(turn_x) + 40.0 * np.sin(turn_x / 3.0)
    east += 150.0 * np.sin(turn_x / 12.0) + 300.0 * np.sin(turn_x / 30.0)
    north = both + 20.0 * np.sin(turn_y) + 40.0 * np.sin(turn_y / 3.0)
    north += 160.0 * np.sin(turn_y / 12.0) + 320.0 * np.sin(turn_y / 30.0)
    east *= 2.0 / 3.0
    north *= 2.0 / 3.0
    east += 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sway
    north += -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sway
    return east, north


def _gcj02_to_bd09(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Add what BD-09 has beyond GCJ-02, degrees."""
    reach = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_WAVE)
    return reach * np.cos(angle) + _BD_EAST, reach * np.sin(angle) + _BD_NORTH
