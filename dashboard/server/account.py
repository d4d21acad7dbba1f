"""The own account of whoever is logged in: areas, sessions, password."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import Connection, Engine

from dashboard.browsers import browser_name
from dashboard.entry import notices
from dashboard.entry.forms import Asked, read_asked
from dashboard.entry.notices import Notice
from dashboard.entry.pages import door_page, go_to
from dashboard.entry.places import read_places
from dashboard.people.account import By
from dashboard.people.accounts import read_account
from dashboard.people.entering import change_password
from dashboard.people.errors import LogInRefusedError, TooManyAttemptsError, WeakPasswordError
from dashboard.people.sessions import (
    OpenSession,
    Session,
    choose_scope,
    end_session,
    read_sessions,
)
from dashboard.roles import role_may, role_name
from dashboard.server.gate import current_session
from dashboard.server.origin import origin_of
from dashboard.text import Text
from geo.database import guarding
from geo.errors import NotFoundError

PATH = "/account"
_DONE = {"password": notices.password_changed, "session": notices.session_ended}


def register(server: Flask, engine: Engine) -> None:
    """Answer ``/account`` and what its forms send, to whoever is logged in."""

    @server.get(PATH)
    def account() -> Response:
        asked = read_asked(request)
        done = _DONE.get(request.args.get("done", ""))
        return _page(engine, asked, done(asked.look.text) if done else None)

    @server.post("/session/scope")
    def choose() -> Response:
        asked, session = read_asked(request), current_session()
        with guarding(engine) as connection:
            choose_scope(connection, session, request.form.get("scope", ""), _by(session))
        return go_to(asked.onward)

    @server.post(f"{PATH}/sessions/end")
    def end() -> Response:
        asked, session = read_asked(request), current_session()
        with guarding(engine) as connection:
            end_own(connection, session, request.form.get("session", ""))
        return go_to(asked.look.address(PATH, done="session"))

    @server.post(f"{PATH}/password")
    def password() -> Response:
        asked, told = read_asked(request), _change_password(engine)
        if told is None:
            return go_to(asked.look.address(PATH, done="password"))
        return _page(engine, asked, told)


def _change_password(engine: Engine) -> Notice | None:
    """Change the own password; return what is wrong, if anything is."""
    _, session = read_asked(request).look.text, current_session()
    current, new = request.form.get("current", ""), request.form.get("password", "")
    try:
        change_password(engine, session, current, new, origin_of(request))
    except LogInRefusedError:
        return notices.wrong_password(_)
    except WeakPasswordError as error:
        return notices.weak(error.reason, _)
    except TooManyAttemptsError as error:
        return notices.too_many(error.retry_after_s, _)
    return None


def end_own(connection: Connection, session: Session, number: str) -> None:
    """End a session of the same account.

    Args:
        connection: as the gate, which sees the sessions of everybody.
        session: of whoever asks.
        number: the number of the session, as a form gave it.

    Raises:
        NotFoundError: it is not one of theirs, or has ended.
    """
    own = {str(each.session_id): each for each in read_sessions(connection, session.account_id)}
    if number not in own:
        raise NotFoundError("no such session")
    end_session(connection, own[number].session_id, _by(session))


def _page(engine: Engine, asked: Asked, told: Notice | None) -> Response:
    session, _ = current_session(), asked.look.text
    with guarding(engine) as connection:
        account = read_account(connection, session.account_id)
        sessions = read_sessions(connection, session.account_id)
    places = read_places(engine, session.scopes)
    return door_page(
        "account.html",
        asked.look,
        HTTPStatus.UNPROCESSABLE_ENTITY if told and told.look == "bad" else HTTPStatus.OK,
        me={
            "name": session.name,
            "login": session.login,
            "role": role_name(session.role, _),
            "may": role_may(session.role, _),
        },
        places=[
            {
                "name": place.named(_),
                "code": place.scope.code,
                "key": place.scope.key,
                "current": place.scope == session.scope,
            }
            for place in places
        ],
        sessions=[_described(each, session, _) for each in sessions],
        has_password=account.has_password,
        hint=notices.password_hint(_),
        told=told,
    )


def _described(each: OpenSession, session: Session, _: Text) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "session_id": each.session_id,
        "here": each.session_id == session.session_id,
        "browser": browser_name(each.browser) or _("Unknown browser"),
        "address": each.address or "",
        "since": _.ago(now - each.created_at),
        "seen": _.ago(now - each.seen_at),
        "ends": _.ago(now - each.expires_at),
    }


def _by(session: Session) -> By:
    origin = origin_of(request)
    return session.by(origin.address, origin.request_id)
