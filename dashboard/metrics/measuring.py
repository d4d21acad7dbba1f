"""Counts every answer, by the pattern of its route."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, request

from dashboard.metrics.counted import Metrics
from dashboard.people.cookies import cookie_name
from dashboard.server.gate import session_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

NOBODY = "none"
NO_ROUTE = "none"
TILES = "/tiles/<scope>/<int:revision>/<int:layer>/<int:z>/<int:x>/<int:y>.mvt"

_ROUTE = "gridboard.route"
_SESSION = re.compile("|".join(f"{cookie_name(secure)}=[^;]" for secure in (True, False)))
_WAYS = {
    ("POST", "/log-in"): "password",
    ("POST", "/log-in/demo"): "demo",
    ("GET", "/log-in/oidc/back"): "oidc",
    ("POST", "/welcome"): "invitation",
}


def note_routes(server: Flask) -> None:
    """Note the pattern of each request's route; call it before anything else is registered."""

    @server.before_request
    def _note() -> None:
        if request.url_rule is not None:
            request.environ[_ROUTE] = request.url_rule.rule


class Measuring:
    """WSGI middleware that counts what passes."""

    def __init__(self, application: WSGIApplication, metrics: Metrics) -> None:
        self._application = application
        self._metrics = metrics

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on; count its answer when it begins."""
        started = time.perf_counter()

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            self._count(environ, int(status[:3]), headers, time.perf_counter() - started)
            return start_response(status, headers, exc_info)

        return self._application(environ, start)

    def _count(
        self,
        environ: WSGIEnvironment,
        status: int,
        headers: list[tuple[str, str]],
        seconds: float,
    ) -> None:
        route = route_of(environ)
        session = session_of(environ)
        role = NOBODY if session is None else session.role
        self._metrics.requests.labels(route, str(status), role).inc()
        self._metrics.seconds.labels(route).observe(seconds)
        # By path: a turnstile may answer before any route is looked for.
        way = _WAYS.get((environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")))
        if way is not None:
            self._count_log_in(way, outcome(status, gives_session(headers)))

    def _count_log_in(self, way: str, came: str | None) -> None:
        if came is not None:
            self._metrics.log_ins.labels(way, came).inc()


def route_of(environ: WSGIEnvironment) -> str:
    """The pattern of a request's route: a bounded number of names, whatever is asked for."""
    if _ROUTE in environ:
        return str(environ[_ROUTE])
    # Finished tiles are answered before any route is looked for.
    return TILES if environ.get("PATH_INFO", "").startswith("/tiles/") else NO_ROUTE


def gives_session(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether an answer hands a session to the browser."""
    return any(name == "Set-Cookie" and _SESSION.match(value) for name, value in headers)


def outcome(status: int, entered: bool) -> str | None:
    """What came of an attempt to log in, by how it was answered; None for a mere question."""
    if entered:
        return "entered"
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return "throttled"
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "failed"
    # Whom a link is for is asked before the password is set, and answered by a page.
    return None if status == HTTPStatus.OK else "refused"
