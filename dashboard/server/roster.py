"""Changing accounts and sessions, finding areas for them, and the audit log as a file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, jsonify, request, send_file

from dashboard.components.people.log import log_filter
from dashboard.components.people.people_visit import PeopleVisit, described
from dashboard.people.invitations import link
from dashboard.roster.changes import Changes
from dashboard.roster.requests import read_change
from dashboard.roster.state import LOG_PATH, readable
from dashboard.roster.strict import require_log_understood
from dashboard.text import Text, text_for

Look = Callable[[dict[str, str]], PeopleVisit]
_FILE = "audit.csv"


def register(
    server: Flask, look: Look, changes: Callable[[Text], Changes], public_url: str = ""
) -> None:
    """Answer the data routes under ``/people``.

    Args:
        server: the Flask application.
        look: makes the visit of one request; refuses viewers the page is not for.
        changes: makes what changes accounts in one request, given the words of refusals.
        public_url: what links that are handed over begin with; by default the browser
            completes them.
    """

    @server.get("/people/news.json")
    def tell_mark() -> Response:
        return _fresh(mark=look(_here()).roster.mark())

    @server.get("/people/areas.json")
    def find_areas() -> Response:
        visit = look(_here())
        found = visit.roster.find_places(readable(request.args.get("q", "")))
        return _fresh(areas=[described(place, visit) for place in found])

    @server.post("/people/changes")
    def change() -> Response:
        made = changes(_text()).make(read_change(request.get_json(silent=True)))
        return _fresh(
            account=made.account_id, link=link(made.token, public_url) if made.token else None
        )

    @server.get(f"{LOG_PATH}.csv")
    def export_log() -> Response:
        visit = look(_here())
        require_log_understood(_here()["search"])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / _FILE
            visit.roster.export_log(log_filter(visit.state, visit), path)
            # The open file outlives its name.
            response = send_file(path.open("rb"), "text/csv")
        response.headers["Content-Disposition"] = f'attachment; filename="{_FILE}"'
        response.headers["Cache-Control"] = "private, no-store"
        return response


def _here() -> dict[str, str]:
    """The address of the request, read like that of the page."""
    return {"pathname": LOG_PATH, "search": request.query_string.decode("ascii", "replace")}


def _text() -> Text:
    return text_for("en" if request.args.get("lang") == "en" else "zh")


def _fresh(**values: object) -> Response:
    response = jsonify(values)
    response.headers["Cache-Control"] = "private, no-store"
    return response
