"""The density map as bytes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request

from dashboard.heat import pack
from dashboard.picture import of_one_picture
from dashboard.server.parameters import read_filters, read_radius
from dashboard.server.values import binary, cache_control, enter
from dashboard.source import Source


def register(server: Flask, sources: Callable[[], Source]) -> None:
    """Answer ``/heat``."""

    @server.get("/heat/<scope>/<int:revision>/<code>.bin")
    @of_one_picture
    def density(scope: str, revision: int, code: str) -> Response:
        source = enter(sources, scope, revision)
        filters = read_filters(request.args, source.picture.basics.terms)
        heat = source.heat(code, filters, read_radius(request.args))
        return binary(pack(heat), cache_control(source))
