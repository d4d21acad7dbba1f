"""The playback of a period as bytes: all its steps in one answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request

from dashboard.frames import pack, usual_step
from dashboard.picture import of_one_picture
from dashboard.scales import RateOf
from dashboard.server.parameters import read_choice, read_filters
from dashboard.server.values import binary, cache_control, enter, require_layer
from dashboard.source import Source
from dashboard.state import PER, PLAY_STEPS


def register(server: Flask, sources: Callable[[], Source]) -> None:
    """Answer ``/frames``."""

    @server.get("/frames/<scope>/<int:revision>/<int:layer>/<code>.bin")
    @of_one_picture
    def frames(scope: str, revision: int, layer: int, code: str) -> Response:
        source = enter(sources, scope, revision)
        filters = read_filters(request.args, source.picture.basics.terms)
        step = read_choice(request.args, "step", PLAY_STEPS, usual_step(filters.days))
        rate = RateOf(read_choice(request.args, "per", PER, PER[0]))
        return binary(
            pack(source.frames(code, require_layer(layer), filters, step, rate)),
            cache_control(source),
        )
