"""Every failure gets a status, a request id and a body that says nothing about the inside."""

from __future__ import annotations

import logging
from http import HTTPStatus

from dash.exceptions import DependencyException
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from dashboard.entry.problem import is_visit, problem_page
from dashboard.errors import (
    BadRequestError,
    ForbiddenError,
    GoneError,
    NoRoomError,
    NotLoggedInError,
    TooLargeError,
    TooManyRequestsError,
)
from dashboard.misread import MisreadError
from dashboard.publishing.errors import NotPublishableError
from dashboard.server.requestlog import request_id
from geo.errors import DatabaseUnavailableError, GridboardError, NotFoundError

RETRY_AFTER_S = 2
_STATUS: tuple[tuple[type[GridboardError], HTTPStatus], ...] = (
    (NotLoggedInError, HTTPStatus.UNAUTHORIZED),
    (ForbiddenError, HTTPStatus.FORBIDDEN),
    (NotPublishableError, HTTPStatus.FORBIDDEN),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (BadRequestError, HTTPStatus.BAD_REQUEST),
    (GoneError, HTTPStatus.GONE),
    (TooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (NoRoomError, HTTPStatus.INSUFFICIENT_STORAGE),
    (TooManyRequestsError, HTTPStatus.TOO_MANY_REQUESTS),
    (DatabaseUnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
)
_log = logging.getLogger(__name__)


def register(server: Flask) -> None:
    """Answer every error of a route; the cause of a surprise goes to the log only."""
    server.register_error_handler(GridboardError, _known)
    server.register_error_handler(HTTPException, _refused)
    # What Dash says of a script that it does not serve.
    server.register_error_handler(DependencyException, _no_script)
    server.register_error_handler(Exception, _surprise)


def error_response(status: HTTPStatus, message: str, said: MisreadError | None = None) -> Response:
    """Build the JSON answer ``{error, request_id}``, or a page for who opened an address.

    Args:
        status: of the answer.
        message: in English, for programs.
        said: what says it in the language of a page.
    """
    identity = request_id(request.environ)
    if is_visit(request):
        response = problem_page(status, request, identity, said)
    else:
        response = jsonify(error=message, request_id=identity)
        response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _known(error: GridboardError) -> Response:
    for kind, status in _STATUS:
        if isinstance(error, kind):
            if status is HTTPStatus.SERVICE_UNAVAILABLE:
                _log.warning("%s", error)
                return error_response(status, "the data is unavailable at the moment")
            said = error if isinstance(error, MisreadError) else None
            response = error_response(status, str(error), said)
            if isinstance(error, TooManyRequestsError):
                response.headers["Retry-After"] = str(error.retry_after_s)
            return response
    return _surprise(error)


def _refused(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    return error_response(status, status.phrase.lower())


def _no_script(_error: Exception) -> Response:
    return error_response(HTTPStatus.NOT_FOUND, "no such script")


def _surprise(error: Exception) -> Response:
    _log.error("request %s failed", request_id(request.environ), exc_info=error)
    return error_response(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong on the server")
