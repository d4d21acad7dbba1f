"""Which doors stand open without a viewer, and how the others answer a stranger."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, g, request

from dashboard.sections import section_of
from dashboard.server.errors import error_response
from dashboard.server.gate import Gate
from dashboard.server.requestlog import note_scope
from geo.errors import NotFoundError
from geo.viewer import Viewer

_ANY_PAGE = "/<path:path>"
_OPEN = ("/healthz", "/readyz")
_OPEN_UNDER = ("/assets/", "/_dash-component-suites/", "/_favicon.ico")
_PAGES_ACCEPT = "text/html"
_CLOSED_PAGE = """<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><title>gridboard</title></head>
<body><h1>gridboard</h1>
<p>登录功能尚未提供。Log-in is not available yet.</p></body></html>
"""


def register(server: Flask, gate: Gate) -> None:
    """Ask the gate before every request; strangers pass only to doors without data."""

    @server.before_request
    def _enter() -> Response | None:
        viewer = g.viewer = gate.viewer(request.environ)
        if viewer is not None:
            note_scope(request.environ, viewer.scope_key)
            _require_page(viewer)
            return None
        if request.path in _OPEN or request.path.startswith(_OPEN_UNDER):
            return None
        return _closed()


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
    if request.method == "GET" and _PAGES_ACCEPT in request.headers.get("Accept", ""):
        page = Response(_CLOSED_PAGE, HTTPStatus.UNAUTHORIZED, mimetype=_PAGES_ACCEPT)
        page.headers["Cache-Control"] = "no-store"
        return page
    return error_response(HTTPStatus.UNAUTHORIZED, "nobody is logged in")
