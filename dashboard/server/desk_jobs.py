"""Asking for jobs, hearing how they get on, and changing a profile: JSON in and out."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, jsonify, request

from dashboard.components.data.words import step_name
from dashboard.desk.desk import Desk
from dashboard.desk.news import news
from dashboard.desk.profiles import edit_profile
from dashboard.desk.requests import ask, read_id
from dashboard.errors import BadRequestError
from dashboard.text import Text, text_for


def register(server: Flask, desks: Callable[[], Desk]) -> None:
    """Answer ``/data/jobs``, ``/data/news.json`` and ``/data/profile``."""

    @server.post("/data/jobs")
    def ask_for_job() -> Response:
        response = _fresh(job=ask(desks(), request.get_json(silent=True)))
        response.status_code = HTTPStatus.CREATED
        return response

    @server.get("/data/news.json")
    def tell_news() -> Response:
        told, words = news(desks(), _number("job")), _text()
        for job in told["jobs"]:
            job["step"] = step_name(job["step"], words)
        return _fresh(**told)

    @server.post("/data/profile")
    def change_profile() -> Response:
        desks()
        return _fresh(**edit_profile(request.get_json(silent=True)))


def _number(name: str) -> int | None:
    given = request.args.get(name)
    if given is None:
        return None
    found = read_id(given)
    if found is None:
        raise BadRequestError(f"'{name}' must be a number")
    return found


def _text() -> Text:
    return text_for("en" if request.args.get("lang") == "en" else "zh")


def _fresh(**values: Any) -> Response:
    response = jsonify(values)
    response.headers["Cache-Control"] = "private, no-store"
    return response
