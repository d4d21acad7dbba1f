"""Finished tiles: some in memory, all on disk, gzipped once, keyed by scope and version.

The key of a tile is its address, and an address names one version of the areas, so a
tile never changes: what was once written is right for ever.
"""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class TileKey:
    """The address of a tile.

    Attributes:
        scope: the viewer's ``scope_key``.
        revision: version of the areas.
        layer: slot of the level shown.
        z, x, y: place in the Web Mercator pyramid, y counted from the north.
    """

    scope: str
    revision: int
    layer: int
    z: int
    x: int
    y: int


_log = logging.getLogger(__name__)


class TileCache:
    """Tiles by key; an empty tile is kept as no bytes at all.

    Args:
        folder: where they lie.
        memory_bytes: how many bytes of them are kept in memory too.
        told: told of every tile that holds something where it came from: ``memory``,
            ``disk`` or ``made``.
    """

    def __init__(
        self, folder: Path, memory_bytes: int, told: Callable[[str], object] = str
    ) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._told = told
        self._held_bytes = 0
        self._tiles: OrderedDict[TileKey, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: TileKey) -> bytes | None:
        """Return a gzipped tile, no bytes for an empty one, ``None`` if it is not kept."""
        tile = self._remembered(key)
        if tile is not None:
            self._tell(tile, "memory")
            return tile
        try:
            tile = self._path(key).read_bytes()
        except OSError:
            return None
        self._remember(key, tile)
        self._tell(tile, "disk")
        return tile

    def put(self, key: TileKey, tile: bytes) -> None:
        """Keep a gzipped tile, whole or not at all, whoever else writes the same one.

        The first tile of a version removes the scope's former versions from the disk. A
        disk that takes no more is a warning in the log: tiles are then made each time.
        """
        self._remember(key, tile)
        self._tell(tile, "made")
        try:
            self._write(key, tile)
        except OSError as error:
            _log.warning("cannot keep a tile in %s: %s", self._folder, error)

    def _write(self, key: TileKey, tile: bytes) -> None:
        path = self._path(key)
        # Only the last folder takes the mode; this one closes all below it.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_new_version = not self._version_folder(key).exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(tile)
        Path(draft).replace(path)
        if is_new_version:
            self._remove_versions_before(key)

    def _tell(self, tile: bytes, origin: str) -> None:
        # An empty one is looked up twice on its way, and costs nothing.
        if tile:
            self._told(origin)

    def _remembered(self, key: TileKey) -> bytes | None:
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
            return tile

    def _remember(self, key: TileKey, tile: bytes) -> None:
        with self._lock:
            former = self._tiles.pop(key, b"")
            self._tiles[key] = tile
            self._held_bytes += len(tile) - len(former)
            while self._held_bytes > self._memory_bytes and self._tiles:
                _, dropped = self._tiles.popitem(last=False)
                self._held_bytes -= len(dropped)

    def _version_folder(self, key: TileKey) -> Path:
        return self._folder / key.scope / str(key.revision)

    def _path(self, key: TileKey) -> Path:
        place = f"{key.layer}/{key.z}/{key.x}/{key.y}.mvt.gz"
        return self._version_folder(key) / place

    def _remove_versions_before(self, key: TileKey) -> None:
        for folder in (self._folder / key.scope).iterdir():
            if folder.name.isdigit() and int(folder.name) < key.revision:
                shutil.rmtree(folder, ignore_errors=True)
