"""The density map as bytes."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request

from dashboard.heat import pack
from dashboard.server.gate import require_scope
from dashboard.server.parameters import read_filters
from dashboard.server.values import binary, cache_control
from dashboard.source import Source


def register(server: Flask, sources: Callable[[], Source]) -> None:
    """Answer ``/heat``."""

    @server.get("/heat/<scope>/<code>.bin")
    def density(scope: str, code: str) -> Response:
        source = sources()
        require_scope(source.viewer, scope)
        filters = read_filters(request.args, source.picture.basics.terms)
        return binary(pack(source.heat(code, filters)), cache_control(source))
