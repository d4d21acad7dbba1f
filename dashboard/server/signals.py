"""Hot and emerging spots: a class for each area of an index, and one area in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from flask import Flask, Response, jsonify, request

from dashboard.picture import of_one_picture
from dashboard.rating import rate_sentence
from dashboard.scales import RateOf
from dashboard.server.parameters import read_choice, read_filters
from dashboard.server.values import binary, cache_control, enter, require_layer
from dashboard.signals.answers import KINDS, Signals
from dashboard.signals.packing import pack
from dashboard.signals.sentences import sentence
from dashboard.source import Source
from dashboard.state import LANGUAGES, PER
from dashboard.text import text_for
from geo.errors import NotFoundError
from geo.rates import prior_of

RATE = "rate"
_LARGEST_ID = 2**31 - 1


def register(server: Flask, sources: Callable[[], Source]) -> None:
    """Answer ``/signals``."""

    @server.get("/signals/<scope>/<int:revision>/<int:layer>/<code>.bin")
    @of_one_picture
    def signals(scope: str, revision: int, layer: int, code: str) -> Response:
        source = enter(sources, scope, revision)
        slot, lineage = require_layer(layer), source.picture.lineage
        rows = lineage.features(slot, lineage.row(code))
        found = asked(source, slot, request.args)
        return binary(pack(found, rows), cache_control(source))

    @server.get("/signals/<scope>/<int:revision>/<int:layer>/<int:area_id>.json")
    @of_one_picture
    def signal(scope: str, revision: int, layer: int, area_id: int) -> Response:
        source = enter(sources, scope, revision)
        slot = require_layer(layer)
        response = jsonify(describe(source, slot, area_id, request.args))
        response.headers["Cache-Control"] = cache_control(source)
        return response


def asked(source: Source, slot: int, arguments: Mapping[str, str]) -> Signals:
    """Find the spots a request asks for.

    Raises:
        BadRequestError: ``kind``, ``per`` or the filters are not understood.
    """
    filters = read_filters(arguments, source.picture.basics.terms)
    kind, per = read_choice(arguments, "kind", KINDS), read_choice(arguments, "per", PER, PER[0])
    find = source.hot if kind == "hot" else source.emerging
    return find(slot, filters, per)


def describe(
    source: Source, slot: int, area_id: int, arguments: Mapping[str, str]
) -> dict[str, Any]:
    """Say of one area of a layer what it is, with its numbers, in every language.

    Raises:
        NotFoundError: the layer shows no such area in the viewer's scope.
    """
    lineage = source.picture.lineage
    row = lineage.rows_of(np.array([min(area_id, _LARGEST_ID)], np.int32))
    if row[0] < 0 or not lineage.displayed[slot][row[0]]:
        raise NotFoundError("no such area")
    if read_choice(arguments, "kind", (*KINDS, RATE)) == RATE:
        return {"sentence": say_rate(source, slot, int(row[0]), arguments)}
    found = asked(source, slot, arguments)
    at = int(found.at(row)[0])
    return {
        "class": int(found.classes[at]),
        "sentence": {lang: sentence(found, at, text_for(lang)) for lang in LANGUAGES},
    }


def say_rate(source: Source, slot: int, row: int, arguments: Mapping[str, str]) -> dict[str, str]:
    """Say of one area of a layer how high its rate is and how sure that is."""
    filters = read_filters(arguments, source.picture.basics.terms)
    smooth = read_choice(arguments, "smooth", ("", "1"), "") == "1"
    rate = RateOf(read_choice(arguments, "per", PER, PER[0]), smooth)
    rows, counts = source.counts(source.home, slot, filters)
    people = source.picture.lineage.numbers(rate.column)
    prior = prior_of(counts, people[rows]) if smooth and counts is not None else None
    count = None if counts is None else float(counts[np.searchsorted(rows, row)])
    return {
        lang: rate_sentence(count, float(people[row]), prior, rate, text_for(lang))
        for lang in LANGUAGES
    }
