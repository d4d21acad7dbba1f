"""What is refused before there is a request: a head too long, or no HTTP at all."""

from __future__ import annotations

import json
import logging
import secrets
import socket
from contextlib import suppress
from http import HTTPStatus

from gunicorn.http.errors import (
    ConfigurationProblem,
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.util import write_nonblock

_STATUS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG),
    (LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE),
    (UnsupportedTransferCoding, HTTPStatus.NOT_IMPLEMENTED),
    (ExpectationFailed, HTTPStatus.EXPECTATION_FAILED),
    # Of our own making.
    (ConfigurationProblem, HTTPStatus.INTERNAL_SERVER_ERROR),
    (InvalidResponseHeader, HTTPStatus.INTERNAL_SERVER_ERROR),
    (InvalidResponseHeaderName, HTTPStatus.INTERNAL_SERVER_ERROR),
    (ParseException, HTTPStatus.BAD_REQUEST),
)
_HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Connection": "close",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_log = logging.getLogger("gridboard.request")


def refuse(client: socket.socket, error: Exception) -> None:
    """Answer as the application does, and log a line; nothing of what was sent is repeated."""
    status = status_of(error)
    identity = secrets.token_hex(8)
    told = {"status": int(status), "request_id": identity, "reason": type(error).__name__}
    if status is HTTPStatus.INTERNAL_SERVER_ERROR:
        _log.error("request failed", extra={"fields": told}, exc_info=error)
    else:
        _log.info("request refused", extra={"fields": told})
    # A client that is gone needs no answer.
    with suppress(OSError):
        write_nonblock(client, answer(status, identity))


def status_of(error: Exception) -> HTTPStatus:
    """The status of what the server could not read, or of a failure of its own."""
    found = (status for kind, status in _STATUS if isinstance(error, kind))
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def answer(status: HTTPStatus, identity: str) -> bytes:
    """The answer as it goes over the wire."""
    body = json.dumps({"error": status.phrase.lower(), "request_id": identity})
    headers = _HEADERS | {"Content-Length": str(len(body)), "X-Request-ID": identity}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {status.value} {status.phrase}\r\n{head}\r\n{body}".encode("latin-1")
