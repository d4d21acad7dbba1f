"""Which doors stand open without a session, and how the others answer a stranger."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote, urlencode

from flask import Flask, Response, g, redirect, request

from dashboard.sections import section_of
from dashboard.server.activity import is_activity
from dashboard.server.errors import error_response
from dashboard.server.gate import Gate
from dashboard.server.next import safe_next
from dashboard.server.requestlog import note_scope
from geo.errors import NotFoundError
from geo.viewer import Viewer

LOG_IN = "/log-in"
_ANY_PAGE = "/<path:path>"
# Without data, and answered without asking whose session it is.
_OPEN = ("/healthz", "/readyz", "/metrics", "/_favicon.ico")
_OPEN_UNDER = ("/assets/",)
# Where people come in; who they are is looked at, but strangers may pass.
_ENTRANCES = (LOG_IN, "/log-out", "/welcome")
_PAGES_ACCEPT = "text/html"


def register(server: Flask, gate: Gate) -> None:
    """Ask the gate before every request; strangers pass only to doors without data."""

    @server.before_request
    def _enter() -> Response | None:
        rule = request.url_rule
        # A door that was not made, such as that of the metrics, is a page nobody knows: Dash
        # would answer any of them with its own.
        is_door = rule is None or rule.rule != _ANY_PAGE
        if is_door and is_open(request.path):
            return None
        session = g.session = gate.session(request.environ)
        if session is None:
            return None if is_door and is_entrance(request.path) else _closed()
        viewer = g.viewer = session.viewer
        note_scope(request.environ, viewer.scope_key)
        if session.unseen and is_activity(request):
            gate.sessions.touch(session)
        _require_page(viewer)
        return None


def is_open(path: str) -> bool:
    """Whether a door is open to everybody, session or not."""
    return path in _OPEN or path.startswith(_OPEN_UNDER)


def is_entrance(path: str) -> bool:
    """Whether a door is there to come in or to leave by."""
    return any(path == door or path.startswith(f"{door}/") for door in _ENTRANCES)


def _require_page(viewer: Viewer) -> None:
    """Refuse paths nobody knows, which Dash would answer with a page, and pages of others.

    Raises:
        NotFoundError: the path is neither a page of the viewer's nor a route.
    """
    rule, section = request.url_rule, section_of(request.path)
    known = section is not None and section.open_to(viewer)
    if rule is not None and rule.rule == _ANY_PAGE and not known:
        raise NotFoundError("no such page")


def _closed() -> Response:
    """Lead a person to the log-in and back; tell a program that it is not logged in."""
    if _PAGES_ACCEPT not in request.headers.get("Accept", "") or request.method == "HEAD":
        return error_response(HTTPStatus.UNAUTHORIZED, "nobody is logged in")
    query = request.query_string.decode("latin-1")
    wanted = "/"
    if request.method == "GET":
        wanted = safe_next(quote(request.path) + (f"?{query}" if query else ""))
    after = "" if wanted == "/" else f"?{urlencode({'next': wanted})}"
    answer = redirect(f"{LOG_IN}{after}", HTTPStatus.SEE_OTHER)
    answer.headers["Cache-Control"] = "no-store"
    return answer  # type: ignore[return-value]
