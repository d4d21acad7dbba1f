"""The stream of news: one answer that goes on until the session ends, or the page goes."""

from __future__ import annotations

import socket
from http import HTTPStatus

from flask import Flask, Response, request

from dashboard.components.freshness import LIVE_PATH
from dashboard.errors import NoPlaceError
from dashboard.live.client import Client
from dashboard.live.hub import EXTENSION, Hub
from dashboard.server.errors import error_response
from dashboard.server.gate import current_session

MIMETYPE = "text/event-stream"
RETRY_AFTER_S = 60
_HEADERS = {
    "Cache-Control": "private, no-store",
    # nginx would otherwise collect the events before it passes them on.
    "X-Accel-Buffering": "no",
}


def register(server: Flask, hub: Hub) -> None:
    """Answer ``/live`` for whoever has a session."""
    server.extensions[EXTENSION] = hub

    @server.get(LIVE_PATH)
    def live() -> Response:
        session = current_session()
        if request.method == "HEAD":
            return Response(mimetype=MIMETYPE, headers=_HEADERS)
        try:
            stream = hub.join(session.session_id, session.viewer, client_of(request.environ))
        except NoPlaceError as error:
            return _full(error)
        return Response(stream, mimetype=MIMETYPE, headers=_HEADERS)


def client_of(environ: dict[str, object]) -> Client | None:
    """Return the reader of an answer, where the server tells its socket."""
    connection = environ.get("gunicorn.socket")
    return Client(connection) if isinstance(connection, socket.socket) else None


def _full(error: NoPlaceError) -> Response:
    response = error_response(HTTPStatus.SERVICE_UNAVAILABLE, str(error))
    response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response
