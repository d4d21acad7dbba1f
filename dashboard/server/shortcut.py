"""The short way for tiles that are finished: from the cache to the wire, past Flask."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dashboard.people.sessions import Session
from dashboard.server.gate import Gate
from dashboard.server.headers import WITHOUT_PAGE
from dashboard.server.requestlog import note_scope
from dashboard.server.tilecache import TileCache, TileKey
from dashboard.server.tiles import MIMETYPE
from dashboard.server.values import IMMUTABLE
from geo.errors import DatabaseUnavailableError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_TILE = re.compile(r"/tiles/([^/]+)/(\d{1,18})/(\d)/(\d{1,2})/(\d{1,7})/(\d{1,7})\.mvt", re.ASCII)
_HEADERS = [
    ("Content-Type", MIMETYPE),
    ("Content-Encoding", "gzip"),
    ("Cache-Control", IMMUTABLE),
    ("Vary", "Accept-Encoding"),
    *WITHOUT_PAGE.items(),
]


class TileShortcut:
    """WSGI middleware that answers for a finished tile and leaves all else to the application.

    It stands behind the same gate: a tile is answered only to a viewer whose scope the
    address names. Whatever is unusual (a stranger, another scope, an empty tile, a client
    without gzip) goes the long way, so that there is one place that refuses.
    """

    def __init__(self, application: WSGIApplication, gate: Gate, cache: TileCache) -> None:
        self._application = application
        self._gate = gate
        self._cache = cache

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer from the cache, or pass the request on."""
        tile = self._finished(environ)
        if not tile:
            return self._application(environ, start_response)
        start_response("200 OK", [*_HEADERS, ("Content-Length", str(len(tile)))])
        return [tile]

    def _finished(self, environ: WSGIEnvironment) -> bytes | None:
        found = _TILE.fullmatch(environ.get("PATH_INFO", ""))
        if found is None or environ["REQUEST_METHOD"] != "GET":
            return None
        if "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", ""):
            return None
        session, scope = self._session(environ), found[1]
        # Every minute one goes the long way, where it is noted that somebody is there.
        if session is None or session.scope.key != scope or session.unseen:
            return None
        note_scope(environ, scope)
        return self._cache.get(TileKey(scope, *(int(number) for number in found.groups()[1:])))

    def _session(self, environ: WSGIEnvironment) -> Session | None:
        try:
            return self._gate.session(environ)
        except DatabaseUnavailableError:
            # The application says so in its own way.
            return None
