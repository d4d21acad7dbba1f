"""Briefs as files, and the pictures of the page that shows one."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request

from dashboard.briefing.briefs import Briefs, picture
from dashboard.briefing.room import HEIGHT, LEAST, MOST_MAP_MM, MOST_TREND_MM, Room
from dashboard.misread import REVISION
from dashboard.picture import of_one_picture
from dashboard.server.exports import query_string, sent
from dashboard.server.parameters import read_height


def register(server: Flask, briefs: Callable[[], Briefs]) -> None:
    """Answer ``/brief/<code>.<form>?…`` and ``/brief/<code>/<name>.svg?…``."""

    @server.get("/brief/<code>.<any(pdf, xlsx, csv, png):form>")
    @of_one_picture
    def brief(code: str, form: str) -> Response:
        asked = briefs()
        found = asked.brief(code, query_string())
        return sent(form, lambda path: asked.write(found, form, path))

    @server.get("/brief/<code>/<any(map, trend):name>.svg")
    @of_one_picture
    def brief_picture(code: str, name: str) -> Response:
        found = briefs().brief(code, query_string(), [REVISION, HEIGHT])
        response = Response(picture(found, name, _room(name)), mimetype="image/svg+xml")
        response.headers["Cache-Control"] = "private, no-cache"
        return response


def _room(name: str) -> Room:
    """Read how high the picture asked for is."""
    if name == "map":
        return Room(map_mm=read_height(request.args, LEAST.map_mm, MOST_MAP_MM))
    return Room(trend_mm=read_height(request.args, LEAST.trend_mm, MOST_TREND_MM))
