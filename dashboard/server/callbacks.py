"""Checks a Dash callback request before Dash does, which answers 500 to what it cannot read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash
from flask import Flask, request

from dashboard.errors import BadRequestError

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
    if not isinstance(output, str) or output not in callbacks:
        raise BadRequestError("no such callback")
    callback = callbacks[output]
    for part, declared in (("inputs", callback["inputs"]), ("state", callback["state"])):
        given = body.get(part, [])
        if not isinstance(given, list) or len(given) != len(declared):
            raise BadRequestError(f"the callback takes {len(declared)} {part}")
        if not all(_is_property(item) for item in given):
            raise BadRequestError(f"{part} must be properties with an id")
    changed = body.get("changedPropIds", [])
    if not isinstance(changed, list) or not all(isinstance(name, str) for name in changed):
        raise BadRequestError("changedPropIds must be a list of names")
    if not isinstance(body.get("outputs", {}), dict | list):
        raise BadRequestError("outputs must be an object or a list")


def _is_property(item: object) -> bool:
    if isinstance(item, list):
        return all(_is_property(part) for part in item)
    return (
        isinstance(item, dict)
        and isinstance(item.get("id"), str | dict)
        and isinstance(item.get("property"), str)
    )
