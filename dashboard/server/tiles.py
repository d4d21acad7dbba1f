"""Vector tiles: cut by PostGIS once, then served as they lie in the cache."""

from __future__ import annotations

import gzip
import threading
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, request
from sqlalchemy import Connection, Engine

from dashboard.errors import GoneError
from dashboard.packed import read_rows
from dashboard.server.gate import current_viewer, require_scope
from dashboard.server.tilecache import TileCache, TileKey
from dashboard.server.values import IMMUTABLE, require_layer
from geo.database import transaction
from geo.errors import NotFoundError
from geo.viewer import Viewer

MAX_ZOOM = 14
MIMETYPE = "application/vnd.mapbox-vector-tile"
_GZIP_LEVEL = 6
_LOCKS = 64


@dataclass(frozen=True)
class Detail:
    """How finely a zoom is drawn.

    Attributes:
        band: which of the simplified shapes.
        extent: units along the side of a tile.
    """

    band: int
    extent: int


class TileMaker:
    """Makes tiles, or takes them from the cache."""

    def __init__(self, engine: Engine, cache: TileCache) -> None:
        self._engine = engine
        self._cache = cache
        self._locks = [threading.Lock() for _ in range(_LOCKS)]

    def tile(self, viewer: Viewer, key: TileKey) -> bytes:
        """Return a gzipped tile, no bytes for an empty one.

        Args:
            viewer: whose scope the key names; the caller has seen to that.
            key: the tile's address.

        Raises:
            GoneError: the areas have changed since the address was made.
        """
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        # Whoever asks for the same tile meanwhile waits for this one.
        with self._locks[hash(key) % _LOCKS]:
            kept = self._cache.get(key)
            return self._made(viewer, key) if kept is None else kept

    def _made(self, viewer: Viewer, key: TileKey) -> bytes:
        with transaction(self._engine, viewer) as connection:
            tile = _cut(connection, key)
        packed = gzip.compress(tile, _GZIP_LEVEL, mtime=0) if tile else b""
        self._cache.put(key, packed)
        return packed


def register(server: Flask, maker: TileMaker) -> None:
    """Answer ``/tiles`` where ``TileShortcut`` did not."""

    @server.get("/tiles/<scope>/<int:revision>/<int:layer>/<int:z>/<int:x>/<int:y>.mvt")
    def tile(scope: str, revision: int, layer: int, z: int, x: int, y: int) -> Response:
        viewer = current_viewer()
        require_scope(viewer, scope)
        key = TileKey(scope, revision, require_layer(layer), z, x, y)
        require_place(key)
        return _response(maker.tile(viewer, key))


def require_place(key: TileKey) -> None:
    """Refuse a place that is not in the pyramid.

    Raises:
        NotFoundError: the zoom is too high or the tile lies beside the world.
    """
    if key.z > MAX_ZOOM or max(key.x, key.y) >= 2**key.z:
        raise NotFoundError("no such tile")


def detail(z: int) -> Detail:
    """Return how finely a zoom is drawn: the bands of ``area_shape``.

    At low zooms a tile is finer than usual: a cell of 300 m is not one unit of 4,096
    wide there, and would vanish.
    """
    if z <= 7:
        return Detail(band=0, extent=16384)
    if z <= 9:
        return Detail(band=1, extent=8192)
    return Detail(band=2, extent=4096)


def _cut(connection: Connection, key: TileKey) -> bytes:
    drawn = detail(key.z)
    parameters = {
        "layer": key.layer,
        "band": drawn.band,
        "extent": drawn.extent,
        "buffer": drawn.extent // 64,
        "margin": 1 / 64,
        "z": key.z,
        "x": key.x,
        "y": key.y,
    }
    revision, tile = next(read_rows(connection, "tile.sql", parameters))
    if int.from_bytes(revision) != key.revision:
        raise GoneError("the areas have changed: read /revision.json")
    return bytes(tile)


def _response(packed: bytes) -> Response:
    if not packed:
        response = Response(status=HTTPStatus.NO_CONTENT)
    elif "gzip" in request.headers.get("Accept-Encoding", ""):
        response = Response(packed, mimetype=MIMETYPE)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(gzip.decompress(packed), mimetype=MIMETYPE)
    response.headers["Cache-Control"] = IMMUTABLE
    response.headers["Vary"] = "Accept-Encoding"
    return response
