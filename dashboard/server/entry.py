"""The way in and out: log-in, the demo's ready accounts, one-time links, log-out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine

from dashboard.entry import notices
from dashboard.entry.forms import Asked, read_asked
from dashboard.entry.here import remember_engine
from dashboard.entry.notices import Notice
from dashboard.entry.pages import door_page, go_to, prepare_templates
from dashboard.entry.ready import ReadyAccount, ready_accounts
from dashboard.oidc.problems import oidc_notice
from dashboard.people import entering
from dashboard.people.cookies import clear_cookie, set_cookie, token_of
from dashboard.people.entering import Entered
from dashboard.people.errors import (
    InvitationError,
    LogInRefusedError,
    TooManyAttemptsError,
    WeakPasswordError,
)
from dashboard.people.invitations import invited
from dashboard.people.sessions import Session, end_session
from dashboard.public_url import is_secure
from dashboard.roles import role_name
from dashboard.server import account
from dashboard.server.origin import origin_of
from dashboard.settings import DashboardSettings
from geo.database import guarding
from geo.errors import DatabaseUnavailableError, NotFoundError

LOG_IN, LOG_OUT, WELCOME = "/log-in", "/log-out", "/welcome"
_FORGET = '"cache", "storage"'


def register(server: Flask, engine: Engine, settings: DashboardSettings) -> None:
    """Answer at the doors that are open to strangers, and for the own account."""
    prepare_templates(server)
    remember_engine(server, engine)
    desk = FrontDesk(engine, settings)
    server.add_url_rule(LOG_IN, view_func=desk.show, methods=["GET"])
    server.add_url_rule(LOG_IN, view_func=desk.log_in, methods=["POST"])
    server.add_url_rule(f"{LOG_IN}/demo", view_func=desk.enter_demo, methods=["POST"])
    server.add_url_rule(LOG_OUT, view_func=desk.log_out, methods=["POST"])
    server.add_url_rule(WELCOME, view_func=desk.welcome, methods=["GET"])
    server.add_url_rule(WELCOME, view_func=desk.redeem, methods=["POST"])
    account.register(server, engine)


@dataclass(frozen=True)
class FrontDesk:
    """Lets people in and out.

    Attributes:
        engine: the application's connections.
        settings: how sessions and cookies are kept, and whether this is the demo.
    """

    engine: Engine
    settings: DashboardSettings

    def show(self) -> Response:
        """Show the log-in page, or go on if the browser has just been let in."""
        asked = read_asked(request)
        if "entered" in request.args and g.session is not None:
            return go_to(asked.onward)
        return self._page(asked, self._told(asked))

    def log_in(self) -> Response:
        """Let in who knows the password."""
        login, password = request.form.get("login", ""), request.form.get("password", "")
        origin, limits = origin_of(request), self.settings.session_limits
        return self._enter(
            lambda: entering.log_in(self.engine, login, password, origin, limits), login
        )

    def enter_demo(self) -> Response:
        """Let in who clicks a ready account, in the demo and nowhere else.

        Raises:
            NotFoundError: this is not the demo.
        """
        if not self.settings.demo:
            raise NotFoundError("no such page")
        login, origin = request.form.get("login", ""), origin_of(request)
        limits = self.settings.session_limits
        return self._enter(lambda: entering.enter_demo(self.engine, login, origin, limits))

    def log_out(self) -> Response:
        """End the session, and have the browser forget what it kept."""
        asked, session = read_asked(request), g.session
        if session is not None:
            self._end(session)
        answer = go_to(asked.look.address(LOG_IN, out="1"))
        clear_cookie(answer, secure=self.settings.cookie_secure)
        answer.headers["Clear-Site-Data"] = _FORGET
        return answer

    def welcome(self) -> Response:
        """Show the page that reads the key of a one-time link and posts it."""
        return door_page("welcome.html", read_asked(request).look, HTTPStatus.OK, **_link())

    def redeem(self) -> Response:
        """Show whom a link is for; with a password, set it and let the person in."""
        asked, token = read_asked(request), request.form.get("token", "")
        try:
            if request.form.get("step") != "set":
                return self._invited(asked, token)
            return self._let_in(asked, self._redeemed(token))
        except InvitationError:
            told = notices.void_link(asked.look.text)
            return door_page("welcome.html", asked.look, HTTPStatus.GONE, **_link(told=told))
        except WeakPasswordError as error:
            return self._invited(asked, token, notices.weak(error.reason, asked.look.text))
        except TooManyAttemptsError as error:
            told = notices.too_many(error.retry_after_s, asked.look.text)
            return self._invited(asked, token, told)

    def _enter(self, attempt: Callable[[], Entered], login: str = "") -> Response:
        asked = read_asked(request)
        try:
            return self._let_in(asked, attempt())
        except LogInRefusedError:
            told, status = notices.refused(asked.look.text), HTTPStatus.UNAUTHORIZED
        except TooManyAttemptsError as error:
            told = notices.too_many(error.retry_after_s, asked.look.text)
            status = HTTPStatus.TOO_MANY_REQUESTS
        except DatabaseUnavailableError:
            told, status = notices.away(asked.look.text), HTTPStatus.SERVICE_UNAVAILABLE
        return self._page(asked, told, status, login)

    def _let_in(self, asked: Asked, entered: Entered) -> Response:
        """Give the browser its session; the page it is sent to first sees whether it kept it."""
        if g.session is not None:
            self._end(g.session)
        answer = go_to(asked.look.address(LOG_IN, entered="1", next=asked.wanted))
        role, limits = entered.account.role, self.settings.session_limits
        set_cookie(answer, entered.token, role, limits, secure=self.settings.cookie_secure)
        return answer

    def _end(self, session: Session) -> None:
        origin = origin_of(request)
        by = session.by(origin.address, origin.request_id)
        with guarding(self.engine) as connection, suppress(NotFoundError):
            end_session(connection, session.session_id, by, log_out=True)

    def _redeemed(self, token: str) -> Entered:
        origin, limits = origin_of(request), self.settings.session_limits
        return entering.redeem(self.engine, token, request.form.get("password", ""), origin, limits)

    def _invited(self, asked: Asked, token: str, told: Notice | None = None) -> Response:
        with guarding(self.engine) as connection:
            account = invited(connection, token)
        if account is None:
            raise InvitationError("the link opens nothing")
        _ = asked.look.text
        who = {"name": account.name, "login": account.login, "role": role_name(account.role, _)}
        hint = notices.password_hint(_)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if told else HTTPStatus.OK
        values = _link(told=told, who=who, token=token, hint=hint)
        return door_page("welcome.html", asked.look, status, **values)

    def _page(
        self,
        asked: Asked,
        told: Notice | None,
        status: HTTPStatus = HTTPStatus.OK,
        login: str = "",
    ) -> Response:
        _ = asked.look.text
        ready: list[ReadyAccount] = []
        if self.settings.demo:
            try:
                ready = ready_accounts(self.engine, _)
            except DatabaseUnavailableError:
                told, status = notices.away(_), HTTPStatus.SERVICE_UNAVAILABLE
        provider = current_app.config.get("GRIDBOARD_OIDC")
        page = door_page(
            "log_in.html",
            asked.look,
            status,
            next=asked.wanted,
            told=told,
            login=login,
            here=g.session,
            ready=ready,
            oidc=None if provider is None else provider or _("your organisation"),
        )
        if told and told.wait_s:
            page.headers["Retry-After"] = str(told.wait_s)
        return page

    def _told(self, asked: Asked) -> Notice | None:
        """What is to be said to somebody who comes to the log-in page, if anything."""
        _, problem = asked.look.text, request.args.get("problem", "")
        if self.settings.cookie_secure and not _came_safely():
            return notices.unencrypted(self._https(), _)
        if "entered" in request.args:
            return notices.not_kept(_)
        if "out" in request.args:
            return notices.logged_out(_)
        failed = oidc_notice(problem, _)
        if failed:
            return failed
        has_cookie = token_of(request.environ, secure=self.settings.cookie_secure) is not None
        return notices.ended(_) if has_cookie and g.session is None else None

    def _https(self) -> str:
        return self.settings.public_url or f"https://{request.host.partition(':')[0]}"


def _came_safely() -> bool:
    """Whether nobody on the way could read the request.

    Browsers send Sec-Fetch-Site over HTTPS and to the machine itself alone: it tells even
    where a proxy in front says nothing of the scheme.
    """
    return "Sec-Fetch-Site" in request.headers or is_secure(request.host_url)


def _link(**values: Any) -> dict[str, Any]:
    """What the page of a one-time link is given: nothing is known yet, but for what is said."""
    nothing: dict[str, Any] = {"told": None, "who": None, "token": "", "hint": ""}
    return nothing | values
