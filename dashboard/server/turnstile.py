"""So many requests at work at once, though the server has more threads than that."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from dashboard.server.bodies import OutsideBody, WaitingRoom

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Turnstile:
    """WSGI middleware: lets in as many requests as may work at once, the others in their turn.

    An open stream waits in a thread of its own, so the server has threads to spare; without
    this a rush would use them all and quarrel over the connections to the database. A stream
    is out again once its answer began, and no client holds a place by sending slowly.
    """

    def __init__(self, application: WSGIApplication, places: int) -> None:
        self._application = application
        self._places = threading.Semaphore(places)
        self._room = WaitingRoom()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on when its turn comes."""
        if "wsgi.input" in environ:
            address = environ.get("REMOTE_ADDR", "")
            body = OutsideBody(environ["wsgi.input"], self._places, self._room, address)
            environ["wsgi.input"] = body
        with self._places:
            return self._application(environ, start_response)
