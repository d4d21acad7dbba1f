"""Tiles made ahead: the low zooms, whose tiles hold the most and are asked for first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from dashboard.answers import Bounds
from dashboard.server.tilecache import TileKey
from dashboard.server.tiles import TileMaker
from dashboard.source import Source

LOWEST_ZOOM = 4
_THREADS = 2
_MAX_LATITUDE = 85.05

Report = Callable[[int, int], None]


def warm(source: Source, maker: TileMaker, up_to_zoom: int, report: Report | None = None) -> int:
    """Make the tiles of every layer over the viewer's area, unless they are there.

    Args:
        source: of the viewer whose tiles are made.
        maker: keeps them.
        up_to_zoom: highest zoom, inclusive.
        report: told how many tiles are done, and of how many.

    Returns:
        The number of tiles seen to.
    """
    keys = list(_keys(source, up_to_zoom))
    with ThreadPoolExecutor(_THREADS) as pool:
        made = pool.map(lambda key: maker.tile(source.viewer, key), keys)
        for done, _ in enumerate(made, start=1):
            if report is not None:
                report(done, len(keys))
    return len(keys)


def tiles_over(bounds: Bounds, z: int) -> list[tuple[int, int]]:
    """Return x and y of the tiles of a zoom that meet a box in degrees."""
    west, south, east, north = bounds
    left, top = _tile_at(west, north, z)
    right, bottom = _tile_at(east, south, z)
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def _keys(source: Source, up_to_zoom: int) -> Iterator[TileKey]:
    area = source.area(source.home)
    slots = {level.key: level.slot for level in source.hierarchy.levels}
    for z in range(LOWEST_ZOOM, up_to_zoom + 1):
        places = tiles_over(area.bounds, z)
        # The finest layer first: its tiles take the longest.
        for layer in reversed((area.level, *area.layers)):
            for x, y in places:
                yield TileKey(source.viewer.scope_key, source.revisions.area, slots[layer], z, x, y)


def _tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    size = 2**z
    bounded = math.radians(max(-_MAX_LATITUDE, min(_MAX_LATITUDE, lat)))
    x = (lon + 180) / 360 * size
    y = (1 - math.asinh(math.tan(bounded)) / math.pi) / 2 * size
    return min(size - 1, max(0, int(x))), min(size - 1, max(0, int(y)))
