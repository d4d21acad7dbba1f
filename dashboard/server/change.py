"""The change between two periods: a class for each area of an index, and one in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from flask import Flask, Response, jsonify, request

from dashboard.comparing.changes import changes, pack
from dashboard.components.comparing.change import change_sentence
from dashboard.errors import BadRequestError
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.picture import of_one_picture
from dashboard.server.parameters import read_filters
from dashboard.server.values import binary, cache_control, enter, require_layer
from dashboard.source import Source
from dashboard.state import LANGUAGES, read_range
from dashboard.text import text_for
from geo.errors import NotFoundError

_LARGEST_ID = 2**31 - 1


def register(server: Flask, sources: Callable[[], Source]) -> None:
    """Answer ``/changes``."""

    @server.get("/changes/<scope>/<int:revision>/<int:layer>/<code>.bin")
    @of_one_picture
    def change_of_all(scope: str, revision: int, layer: int, code: str) -> Response:
        source = enter(sources, scope, revision)
        source.picture.lineage.row(code)
        filters, others = _asked(source, request.args)
        body = pack(changes(source, code, require_layer(layer), filters, others))
        return binary(body, cache_control(source))

    @server.get("/changes/<scope>/<int:revision>/<int:layer>/<code>/<int:area_id>.json")
    @of_one_picture
    def change_of_one(scope: str, revision: int, layer: int, code: str, area_id: int) -> Response:
        source = enter(sources, scope, revision)
        response = jsonify({"sentence": say(source, require_layer(layer), code, area_id)})
        response.headers["Cache-Control"] = cache_control(source)
        return response


def say(source: Source, slot: int, code: str, area_id: int) -> dict[str, str]:
    """Say the change of one area of a layer inside an area, in every language.

    Raises:
        NotFoundError: the layer shows no such area there.
    """
    lineage, covered = source.picture.lineage, source.coverage()
    ids = lineage.area_ids[lineage.features(slot, lineage.row(code))]
    filters, others = _asked(source, request.args)
    at = int(np.searchsorted(ids, min(area_id, _LARGEST_ID)))
    if at == len(ids) or ids[at] != area_id:
        raise NotFoundError("no such area")
    found = changes(source, code, slot, filters, others)
    both = (filters.days, others)
    first, second = (len(days.clipped(covered)) if covered else 0 for days in both)
    return {lang: change_sentence(found, at, (first, second), text_for(lang)) for lang in LANGUAGES}


def _asked(source: Source, arguments: Mapping[str, str]) -> tuple[Filters, Days]:
    """Read the filters, and the days compared with.

    Raises:
        BadRequestError: some of them is not understood.
    """
    filters = read_filters(arguments, source.picture.basics.terms)
    others = read_range(dict(arguments), [], "from2", "to2")
    if others is None:
        raise BadRequestError("'from2' and 'to2' must be dates, YYYY-MM-DD, one after the other")
    return filters, others
