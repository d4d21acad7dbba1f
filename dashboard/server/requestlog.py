"""One line of JSON for each request, and for everything else that is logged."""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_REQUEST_ID = "gridboard.request_id"
_SCOPE = "gridboard.scope"
_log = logging.getLogger("gridboard.request")


class RequestLog:
    """WSGI middleware: gives each request an id and logs its outcome when it is answered.

    The path is logged without its query string, and no address of the client.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on; log path, status, milliseconds, request id and scope."""
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
                    }
                },
            )
            return start_response(status, headers, exc_info)

        return self._application(environ, start)


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
