"""One line of JSON for each request, and for everything else that is logged."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dashboard.server.gate import session_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REQUEST_ID = "gridboard.request_id"
_SCOPE = "gridboard.scope"
_current: ContextVar[str | None] = ContextVar("request_id", default=None)
_log = logging.getLogger("gridboard.request")


class RequestLog:
    """WSGI middleware: gives each request an id and logs its outcome when it is answered.

    The path is logged without its query string, and no address of the client. Who it was is
    logged under a pseudonym. All that is logged meanwhile carries the id of the request.

    Args:
        application: what answers.
        pseudonym: names a login so that its lines can be told from others', but not whose they
            are.
    """

    def __init__(self, application: WSGIApplication, pseudonym: Callable[[str], str]) -> None:
        self._application = application
        self._pseudonym = pseudonym

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on; log path, status, milliseconds, request id, scope and user."""
        started = time.perf_counter()
        identity = environ[_REQUEST_ID] = secrets.token_hex(8)

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], object]:
            headers.append(("X-Request-ID", identity))
            _log.info(
                "request",
                extra={
                    "fields": {
                        "method": environ["REQUEST_METHOD"],
                        "path": environ.get("PATH_INFO", ""),
                        "status": int(status[:3]),
                        "ms": round((time.perf_counter() - started) * 1000, 2),
                        "request_id": identity,
                        "scope": environ.get(_SCOPE),
                        **self._person(environ),
                    }
                },
            )
            return start_response(status, headers, exc_info)

        token = _current.set(identity)
        try:
            return self._application(environ, start)
        finally:
            _current.reset(token)

    def _person(self, environ: WSGIEnvironment) -> dict[str, str | None]:
        session = session_of(environ)
        if session is None:
            return {"user": None, "role": None}
        return {"user": self._pseudonym(session.login), "role": session.role}


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON; ``fields`` of a record become keys."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without a line break inside."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identity := _current.get():
            line["request_id"] = identity
        line.update(getattr(record, "fields", {}))
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def request_id(environ: WSGIEnvironment) -> str:
    """Return the id of a request, as in its log line and its ``X-Request-ID`` header."""
    return str(environ.get(_REQUEST_ID, ""))


def note_scope(environ: WSGIEnvironment, scope_key: str) -> None:
    """Remember the viewer's scope for the request's log line."""
    environ[_SCOPE] = scope_key


def log_json(level: str) -> None:
    """Send every log record to standard error, one line of JSON each."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # Alongside our own line, the server's access log would say everything twice.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
