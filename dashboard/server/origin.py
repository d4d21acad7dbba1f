"""Where a request comes from: for the audit log, for throttling, and for the list of sessions."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Request

from dashboard.server.requestlog import request_id


@dataclass(frozen=True)
class Origin:
    """Where a request comes from.

    Attributes:
        address: network address; behind a proxy the one it tells of, where it is trusted to.
        request_id: as in the log.
        browser: what the browser says it is.
    """

    address: str
    request_id: str | None = None
    browser: str | None = None


def origin_of(request: Request) -> Origin:
    """Look at a request."""
    browser = request.headers.get("User-Agent")
    return Origin(request.remote_addr or "", request_id(request.environ), browser)
