"""The doors of a log-in by an OpenID Connect provider: to it, and back from it."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from sqlalchemy import Engine

from dashboard.oidc.entering import enter
from dashboard.oidc.flow import LIFE_S, begin, resume
from dashboard.oidc.problems import OidcError
from dashboard.oidc.provider import Provider
from dashboard.oidc.settings import OidcSettings
from dashboard.people.cookies import set_cookie
from dashboard.people.sessions import end_session
from dashboard.server.next import safe_next
from dashboard.server.origin import origin_of
from dashboard.settings import DashboardSettings
from geo.database import guarding
from geo.errors import ConfigurationError, NotFoundError

START = "/log-in/oidc"
BACK = "/log-in/oidc/back"
LABEL = "GRIDBOARD_OIDC"
"""In the configuration of the server: the words on the button, where there is a provider."""

_log = logging.getLogger(__name__)


def register(
    server: Flask, engine: Engine, settings: DashboardSettings, oidc: OidcSettings
) -> None:
    """Open the doors, if the settings name a provider.

    Raises:
        ConfigurationError: they do, but nobody knows what address of ours it knows.
    """
    if oidc.oidc_issuer is None:
        return
    if settings.public_url is None:
        raise ConfigurationError(
            "GRIDBOARD_OIDC_ISSUER is set: set GRIDBOARD_PUBLIC_URL as well; the provider sends"
            f" people back to {BACK} there"
        )
    doors = _Doors(engine, settings, oidc, Provider(oidc, settings.public_url + BACK))
    server.config[LABEL] = oidc.oidc_label
    server.add_url_rule(START, "oidc_start", doors.start, methods=["GET"])
    server.add_url_rule(BACK, "oidc_back", doors.back, methods=["GET"])


class _Doors:
    def __init__(
        self,
        engine: Engine,
        settings: DashboardSettings,
        oidc: OidcSettings,
        provider: Provider,
    ) -> None:
        self._engine = engine
        self._settings = settings
        self._oidc = oidc
        self._provider = provider
        self._secure = settings.cookie_secure
        self._cookie = f"{'__Host-' if self._secure else ''}gridboard-oidc"

    def start(self) -> Response:
        """Send a person to the provider, with a secret of this log-in in a cookie."""
        flow = begin(safe_next(request.args.get("next", "/")), time.time())
        try:
            answer = _see(self._provider.address(flow))
        except OidcError as error:
            return self._problem(error, flow.wanted)
        self._keep(answer, flow.cookie(), LIFE_S)
        return answer

    def back(self) -> Response:
        """Let in whom the provider vouches for; the cookie has served its turn in any case."""
        wanted = "/"
        try:
            given = {name: request.args[name] for name in request.args}
            flow = resume(request.cookies.get(self._cookie), given.get("state", ""), time.time())
            wanted = safe_next(flow.wanted)
            claims = self._provider.claims(flow, given)
            limits = self._settings.session_limits
            entered = enter(self._engine, claims, self._oidc, origin_of(request), limits)
        except OidcError as error:
            answer = self._problem(error, wanted)
        else:
            self._leave()
            # The log-in page goes on to what is wanted if the browser has kept its cookie.
            answer = _see(f"/log-in?{urlencode({'entered': 1, 'next': wanted})}")
            set_cookie(answer, entered.token, entered.account.role, limits, secure=self._secure)
        self._keep(answer, "", 0)
        return answer

    def _leave(self) -> None:
        """End the session the browser had before."""
        if g.session is None:
            return
        origin = origin_of(request)
        by = g.session.by(origin.address, origin.request_id)
        with guarding(self._engine) as connection, suppress(NotFoundError):
            end_session(connection, g.session.session_id, by, log_out=True)

    def _problem(self, error: OidcError, wanted: str) -> Response:
        _log.warning("%s: %s", error.problem, error)
        return _see(f"/log-in?{urlencode({'problem': error.problem, 'next': wanted})}")

    def _keep(self, answer: Response, value: str, life_s: int) -> None:
        answer.set_cookie(
            self._cookie,
            value,
            max_age=life_s,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="Lax",
        )


def _see(address: str) -> Response:
    answer = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
    answer.headers["Cache-Control"] = "no-store"
    return answer
