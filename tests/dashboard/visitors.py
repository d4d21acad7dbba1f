"""Accounts and sessions made in a test's database, and clients that carry their cookies."""

from __future__ import annotations

from itertools import count

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.people.account import Account, By, Scope
from dashboard.people.accounts import add_account
from dashboard.people.cookies import cookie_name
from dashboard.people.limits import SessionLimits
from dashboard.people.sessions import open_session
from geo.database import administering, engine_for, guarding
from geo.settings import DatabaseSettings
from geo.viewer import SCOPES

BY = By("tests")
DEFAULT_ROLE = "leader"
OWN_PAGE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
"""What a browser says of a request by a page of ours."""

_numbers = count(1)


def parse_viewer(viewer: str) -> tuple[str, tuple[Scope, ...]]:
    """Role and scopes of ``[<role>@]<slot>:<code>[,<slot>:<code>…]``; by default a leader."""
    role, _, scopes = viewer.rpartition("@")
    pairs = [scope.partition(":")[::2] for scope in scopes.split(",")]
    return role or DEFAULT_ROLE, tuple(Scope(SCOPES.index(slot), code) for slot, code in pairs)


def make_account(database: DatabaseSettings, viewer: str, login: str | None = None) -> Account:
    """Make an account such as ``operator@county:620102`` in a database of the tests."""
    role, scopes = parse_viewer(viewer)
    login = login or f"{role}-{next(_numbers)}"
    engine = engine_for(database, "admin")
    try:
        with administering(engine) as connection:
            return add_account(connection, login, login.title(), role, scopes, BY)
    finally:
        engine.dispose()


def make_session(engine: Engine, account: Account, limits: SessionLimits | None = None) -> str:
    """Open a session of an account; its cookie's token."""
    with guarding(engine) as connection:
        return open_session(
            connection,
            account,
            account.scopes[0],
            "password",
            "127.0.0.1",
            "tests",
            limits or SessionLimits(),
        )


def enter(client: FlaskClient, token: str, *, secure: bool = True) -> FlaskClient:
    """Give a client the cookie of a session."""
    client.set_cookie(cookie_name(secure), token, secure=False, path="/")
    return client


def client_of(server: Flask, token: str | None = None, *, secure: bool = True) -> FlaskClient:
    """A client that asks as a page of ours would, in a session if a token is given."""
    client = server.test_client()
    client.environ_base.update(OWN_PAGE)
    return enter(client, token, secure=secure) if token else client


class Visitors:
    """Sessions of viewers in one database: an account for each kind of viewer, a session each.

    Args:
        database: whose administrator makes the accounts.
        engine: the application's connections to it.
    """

    def __init__(self, database: DatabaseSettings, engine: Engine) -> None:
        self._database = database
        self._engine = engine
        self._accounts: dict[str, Account] = {}

    def account(self, viewer: str) -> Account:
        """The account of a viewer, ``[<role>@]<slot>:<code>``; always the same one."""
        if viewer not in self._accounts:
            self._accounts[viewer] = make_account(self._database, viewer)
        return self._accounts[viewer]

    def token(self, viewer: str) -> str:
        """The cookie of a new session of a viewer."""
        return make_session(self._engine, self.account(viewer))

    def client(self, server: Flask, viewer: str | None) -> FlaskClient:
        """A client of a viewer in a session of its own; ``None`` is a stranger."""
        return client_of(server, self.token(viewer) if viewer else None)


def forget_people(connection) -> None:
    """Delete every account, with its sessions, and what was noted about them."""
    for table in ("account", "failed_log_in", "audit"):
        connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
