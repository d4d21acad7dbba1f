"""How requests come: through proxies that are believed or not, and over HTTPS."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from flask import Flask, Response, request
from werkzeug.middleware.proxy_fix import ProxyFix

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

YEAR_S = 31_536_000
_BEFORE = "werkzeug.proxy_fix.orig"
_SCHEMES = ("http", "https")
_log = logging.getLogger(__name__)


def trust_proxies(application: WSGIApplication, proxies: int) -> WSGIApplication:
    """Believe what so many proxies in front say about who asks and by which scheme.

    Each adds the address it was asked from to X-Forwarded-For; the last ``proxies`` of them
    are ours, whatever a client wrote before. The host is not believed: proxies pass it on.

    Args:
        application: what to call.
        proxies: 0 leaves the headers alone; whoever asks wrote them.
    """
    if not proxies:
        return Unbelieving(application)
    return ProxyFix(Sensible(application), x_for=proxies, x_proto=proxies)


class Unbelieving:
    """WSGI middleware that says once in the log that a proxy seems to be there and is not believed.

    Everybody behind it would share one address: a few wrong passwords of one would keep all others
    from logging in.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application
        self._said = False

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Look for what proxies add, and pass the request on."""
        if not self._said and "HTTP_X_FORWARDED_FOR" in environ:
            self._said = True
            _log.warning(
                "a request came with X-Forwarded-For, which is not believed: if it came through a"
                " proxy of yours, set GRIDBOARD_TRUSTED_PROXIES; throttling takes everybody behind"
                " it for one"
            )
        return self._application(environ, start_response)


class Sensible:
    """WSGI middleware that takes back what a proxy said when it makes no sense.

    Some add the port to the address; what is no address at all, or no scheme, is not believed.
    """

    def __init__(self, application: WSGIApplication) -> None:
        self._application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Look at address and scheme, and pass the request on."""
        before = environ.get(_BEFORE, {})
        address = plain_address(environ.get("REMOTE_ADDR") or "")
        environ["REMOTE_ADDR"] = address or before.get("REMOTE_ADDR") or ""
        if environ.get("wsgi.url_scheme") not in _SCHEMES:
            environ["wsgi.url_scheme"] = before.get("wsgi.url_scheme", "http")
        return self._application(environ, start_response)


def plain_address(text: str) -> str | None:
    """An IP address without brackets and port, in its usual form; ``None`` if it is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ip_address(bare))
    except ValueError:
        return None


def register(server: Flask, public_url: str | None) -> None:
    """Have browsers that came over HTTPS come over HTTPS from then on.

    Only this host is named: what else lies under its domain is not ours to decide.

    Args:
        server: the Flask application.
        public_url: where people find the site; it tells of HTTPS before proxies that are not
            believed.
    """
    public = (public_url or "").startswith("https://")

    @server.after_request
    def _demand_https(response: Response) -> Response:
        if public or request.is_secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}")
        return response
