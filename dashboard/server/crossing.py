"""Requests that change something come from our own pages, never from another site's."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request

from dashboard.errors import ForbiddenError

_HARMLESS = ("GET", "HEAD", "OPTIONS")
_OWN = ("same-origin", "none")


def register(server: Flask) -> None:
    """Refuse what a page of another site has a browser send."""

    @server.before_request
    def _check() -> None:
        if request.method not in _HARMLESS:
            site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
            refuse_other_sites(site, origin, request.host)


def refuse_other_sites(fetch_site: str | None, origin: str | None, host: str) -> None:
    """Look at what browsers say about where a request comes from; nothing else says so.

    Args:
        fetch_site: the header Sec-Fetch-Site, which browsers send over HTTPS and to the
            machine itself. It counts alone where it is given: a proxy may change ``host``.
        origin: the header Origin, such as ``http://10.0.0.5:8050``.
        host: the host the request was sent to, with its port.

    Raises:
        ForbiddenError: they name another site.
    """
    if fetch_site is not None:
        own = fetch_site in _OWN
    else:
        own = origin is None or urlsplit(origin).netloc == host
    if not own:
        raise ForbiddenError("this must be asked for by a page of this site")
