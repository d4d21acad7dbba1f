"""Checks a Dash callback request before Dash does, which answers 500 to what it cannot read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import Dash
from flask import Flask, request

from dashboard.errors import BadRequestError
from dashboard.server.shapes import SHAPES

PATH = "/_dash-update-component"


def register(app: Dash) -> None:
    """Refuse callback requests that name an unknown output or lack what the callback takes."""
    server: Flask = app.server

    @server.before_request
    def _check() -> None:
        if request.path == PATH and request.method == "POST":
            check_callback(request.get_json(silent=True), app.callback_map)


def check_callback(body: object, callbacks: Mapping[str, Mapping[str, Any]]) -> None:
    """Compare a request's body with the callback it names.

    Raises:
        BadRequestError: the output is unknown, or the inputs, state or outputs do not
            have the shape the callback declares.
    """
    if not isinstance(body, dict):
        raise BadRequestError("the body must be a JSON object")
    output = body.get("output")
    # Those that run in the browser have nothing to call here.
    if not isinstance(output, str) or "callback" not in callbacks.get(output, ()):
        raise BadRequestError("no such callback")
    callback = callbacks[output]
    for part in ("inputs", "state"):
        _check_properties(part, body.get(part, []), callback[part])
    if not callback.get("no_output"):
        _check_outputs(body.get("outputs"), output)
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(name, str) for name in changed):
        raise BadRequestError("changedPropIds must be a list of names")


def _check_properties(part: str, given: object, declared: Sequence[Mapping[str, Any]]) -> None:
    if not isinstance(given, list) or len(given) != len(declared):
        raise BadRequestError(f"the callback takes {len(declared)} {part}")
    for item, wanted in zip(given, declared, strict=True):
        # A pattern of ids matches any number of components.
        is_pattern = str(wanted["id"]).startswith("{")
        items = item if is_pattern and isinstance(item, list) else [item]
        if not all(_is_property(one, wanted, is_pattern=is_pattern) for one in items):
            raise BadRequestError(f"{part} must be the properties the callback declares")


def _check_outputs(given: object, output: str) -> None:
    several = output.startswith("..")
    expected = len(output.split("...")) if several else 1
    items = given if several else [given]
    if not isinstance(items, list) or len(items) != expected:
        raise BadRequestError(f"the callback has {expected} outputs")
    for item in items:
        for one in item if isinstance(item, list) else [item]:
            if not isinstance(one, dict) or not {"id", "property"} <= set(one):
                raise BadRequestError("outputs must be properties with an id")


def _is_property(item: object, wanted: Mapping[str, Any], *, is_pattern: bool) -> bool:
    if not isinstance(item, dict) or item.get("property") != wanted["property"]:
        return False
    identity = item.get("id")
    is_same = isinstance(identity, dict) if is_pattern else identity == wanted["id"]
    fits = SHAPES.get(f"{wanted['id']}.{wanted['property']}")
    return is_same and fits is not None and fits(item.get("value"))
