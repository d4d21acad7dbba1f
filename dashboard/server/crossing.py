"""Requests that change something come from our own pages, never from another site's."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, request

from dashboard.errors import ForbiddenError

_HARMLESS = ("GET", "HEAD", "OPTIONS")
_OWN = ("same-origin", "none")


def register(server: Flask, public_url: str | None = None) -> None:
    """Refuse what a page of another site has a browser send, log-ins too.

    Registered after the doors: a stranger is told to log in before anything else.

    Args:
        server: the Flask application.
        public_url: where people find the site, if a proxy changes the host.
    """
    hosts = {urlsplit(public_url).netloc} if public_url else set()

    @server.before_request
    def _check() -> None:
        if request.method not in _HARMLESS:
            site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
            require_own_page(site, origin, hosts | {request.host})


def require_own_page(fetch_site: str | None, origin: str | None, hosts: set[str]) -> None:
    """Have a request prove, by what browsers say about where it comes from, that it is our own.

    One that says nothing proves nothing: browsers of these days always say something.

    Args:
        fetch_site: the header Sec-Fetch-Site, which browsers send over HTTPS and to the
            machine itself. It counts alone where it is given: a proxy may change the host.
        origin: the header Origin, such as ``http://10.0.0.5:8050``.
        hosts: the host the request was sent to, with its port, and other names of the site.

    Raises:
        ForbiddenError: they name another site, or none.
    """
    if fetch_site is None:
        place = _netloc(origin or "")
        own = place != "" and place in hosts
    else:
        own = fetch_site in _OWN
    if not own:
        raise ForbiddenError("this must be asked for by a page of this site")


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
