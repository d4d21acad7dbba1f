"""The figures of a map as bytes: an index that never changes, and counts in its order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from flask import Flask, Response, request
from numpy.typing import NDArray

from dashboard.errors import GoneError
from dashboard.picture import of_one_picture
from dashboard.server.gate import require_scope
from dashboard.server.parameters import read_filters
from dashboard.source import Source
from geo.errors import NotFoundError
from geo.hierarchy import SLOTS

NO_DATA = 0xFFFFFFFF
HIDDEN = 0xFFFFFFFE
IMMUTABLE = "private, max-age=31536000, immutable"
_BINARY = "application/octet-stream"


def register(server: Flask, sources: Callable[[], Source]) -> None:
    """Answer ``/index`` and ``/values``."""

    @server.get("/index/<scope>/<int:revision>/<int:layer>/<code>.bin")
    def index(scope: str, revision: int, layer: int, code: str) -> Response:
        source = enter(sources, scope, revision)
        return binary(index_bytes(source, require_layer(layer), code), IMMUTABLE)

    @server.get("/values/<scope>/<int:revision>/<int:layer>/<code>.bin")
    @of_one_picture
    def values(scope: str, revision: int, layer: int, code: str) -> Response:
        source = enter(sources, scope, revision)
        body = values_bytes(source, require_layer(layer), code)
        return binary(body, cache_control(source))


def enter(sources: Callable[[], Source], scope: str, area_revision: int) -> Source:
    """Open a source for an address that names a scope and a version of the areas.

    Raises:
        NotFoundError: the scope is not the viewer's.
        GoneError: the areas have changed since the address was made.
    """
    source = sources()
    require_scope(source.viewer, scope)
    if area_revision != source.revisions.area:
        raise GoneError("the areas have changed: read /revision.json")
    return source


def require_layer(layer: int) -> int:
    """Refuse a layer that no hierarchy has.

    Raises:
        NotFoundError: there is no such slot.
    """
    if layer >= len(SLOTS):
        raise NotFoundError("no such layer")
    return layer


def cache_control(source: Source) -> str:
    """Let the browser keep an answer for good if its address names the version counted."""
    named = request.args.get("rev") == str(source.revisions.incident)
    return IMMUTABLE if named else "private, no-cache"


def binary(body: bytes, caching: str) -> Response:
    """Build a binary answer."""
    response = Response(body, mimetype=_BINARY)
    response.headers["Cache-Control"] = caching
    return response


def index_bytes(source: Source, layer: int, code: str) -> bytes:
    """Describe the areas of a layer inside an area.

    Returns:
        Little-endian: u32 n, u32 ids[n] ascending, f32 population[n] (NaN where
        unknown), f32 area_km2[n] (exact to 0.007 %), f32 households[n] (NaN alike).
    """
    lineage = source.picture.lineage
    rows = lineage.features(layer, lineage.row(code))
    population, area_km2, households = (
        lineage.numbers(name)[rows].astype("<f4")
        for name in ("population", "area_km2", "households")
    )
    parts = (population, _shortened(area_km2), households)
    return _counted(lineage.area_ids[rows]) + b"".join(part.tobytes() for part in parts)


def values_bytes(source: Source, layer: int, code: str) -> bytes:
    """Count the incidents of the request's filters in each area of the index.

    Returns:
        Little-endian: u32 n, u32 counts[n], in the order of the index; 0xFFFFFFFF in
        every place when no day of the period has data, 0xFFFFFFFE where a count is not
        published in the publishable mode.
    """
    filters = read_filters(request.args, source.picture.basics.terms)
    rows, counts = source.counts(code, layer, filters)
    if counts is None:
        return _counted(np.full(len(rows), NO_DATA))
    return _counted(np.where(np.isnan(counts), HIDDEN, counts))


def _shortened(numbers: NDArray[np.float32]) -> NDArray[np.float32]:
    """Round away the last ten bits, which say nothing and do not compress."""
    bits = numbers.view("<u4")
    return ((bits + np.uint32(1 << 9)) & ~np.uint32((1 << 10) - 1)).view("<f4")


def _counted(numbers: NDArray[np.number]) -> bytes:
    return len(numbers).to_bytes(4, "little") + numbers.astype("<u4").tobytes()
