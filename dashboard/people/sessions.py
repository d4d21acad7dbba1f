"""Sessions on the server side: opened at log-in, looked up at every request, ended at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Engine

from dashboard.people.account import Account, By, Scope, pair_scopes
from dashboard.people.limits import SessionLimits
from dashboard.people.statements import run, tell_of_people
from dashboard.people.tokens import digest, is_token, new_token
from geo.audit import Deed, record
from geo.database import gate_engine, read_sql_file, run_at_gate
from geo.errors import NotFoundError
from geo.viewer import Viewer

Via = Literal["password", "invitation", "oidc", "demo"]
MAX_BROWSER = 200


@dataclass(frozen=True)
class Session:
    """Who is asking: a session that may go on.

    Attributes:
        session_id, account_id: numbers.
        login, name, role: of the account, as they are now.
        scope: the one it works in.
        scopes: those it may choose from.
        via: how it came in.
        created_at: time of log-in.
        expires_at: when it ends, whatever happens.
        unseen: whether the minute of its last deed is over, so that another is worth writing.
        is_demo: of a ready account of the demo.
    """

    session_id: int
    account_id: int
    login: str
    name: str
    role: str
    scope: Scope
    scopes: tuple[Scope, ...]
    via: str
    created_at: datetime
    expires_at: datetime
    unseen: bool = False
    is_demo: bool = False

    @property
    def viewer(self) -> Viewer:
        """Who looks, for queries."""
        return self.scope.viewer(self.role, self.login)

    def by(self, address: str | None = None, request_id: str | None = None) -> By:
        """Who does something, for the audit log."""
        return By(self.login, self.role, self.scope.code, address, request_id)


@dataclass(frozen=True)
class OpenSession:
    """A session as its owner or an admin sees it in a list."""

    session_id: int
    account_id: int
    login: str
    scope: Scope
    via: str
    address: str | None
    browser: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class Sessions:
    """Looks sessions up, in one round trip each, over connections that are nothing but the gate's.

    Args:
        engine: the application's; the gate's connections go where it goes, and are closed with it.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._gate = gate_engine(engine)

    def find(self, token: str) -> Session | None:
        """Return the session of a cookie's token, if it may go on.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        if not is_token(token):
            return None
        values, prepared = {"digest": digest(token)}, _statement("prepare_find_session")
        rows = run_at_gate(self._gate, _statement("find_session"), values, prepared)
        return _session(rows[0]) if rows else None

    def touch(self, session: Session) -> None:
        """Note that a person did something; at most once a minute something is written."""
        if session.unseen:
            values = {"session_id": session.session_id}
            run_at_gate(self._gate, _statement("touch_session"), values)


def open_session(
    connection: Connection,
    account: Account,
    scope: Scope,
    via: Via,
    address: str | None,
    browser: str | None,
    limits: SessionLimits,
) -> str:
    """Begin a session.

    Args:
        connection: as the gate (``geo.database.guarding``).
        account: whose.
        scope: where it begins; one of the account's.
        via: how the person came in.
        address: network address, to recognise it in the list of sessions.
        browser: what the browser says it is; the beginning of it is kept.
        limits: how long it lasts.

    Returns:
        The token for the cookie, known to nobody else from now on.
    """
    token = new_token()
    values = {
        "digest": digest(token),
        "account_id": account.account_id,
        "slot": scope.slot,
        "code": scope.code,
        "via": via,
        "address": address,
        "browser": (browser or "").replace("\0", "")[:MAX_BROWSER] or None,
        "idle_s": limits.idle_of(account.role),
        "absolute_s": limits.absolute_of(account.role),
    }
    run(connection, "forget_sessions", {"account_id": account.account_id})
    run(connection, "insert_session", values)
    return token


def entry_scope(connection: Connection, account: Account) -> Scope:
    """Where a person begins: where they worked last, else in the first of their scopes."""
    last = run(connection, "last_scope", {"account_id": account.account_id}).one_or_none()
    found = Scope(last.scope_slot, last.scope_code) if last else None
    return found if found in account.scopes else account.scopes[0]


def end_session(connection: Connection, session_id: int, by: By, *, log_out: bool = False) -> None:
    """End a session: its cookie opens nothing from the next request on.

    Args:
        connection: as the gate, an admin or the owner.
        session_id: which.
        by: who ends it.
        log_out: whether the person leaves by own will, in this very session.

    Raises:
        NotFoundError: there is no such session in sight, or it has ended already.
    """
    values = {"session_id": session_id, "ended_by": by.login}
    ended = run(connection, "end_session", values).one_or_none()
    if ended is None:
        raise NotFoundError("no such session")
    detail = {"login": ended.login, "session": session_id}
    action: Literal["log_out", "session_ended"] = "log_out" if log_out else "session_ended"
    record(
        connection,
        Deed(by.login, by.scope_code, action, by.role, by.address, by.request_id, detail),
    )
    tell_of_people(connection)


def end_sessions(
    connection: Connection, account_id: int, by: By, but_session_id: int | None = None
) -> int:
    """End the sessions of an account; the deed that makes them end is what the audit log tells.

    Returns:
        How many there were.
    """
    values = {"account_id": account_id, "ended_by": by.login, "but": but_session_id}
    ended = len(run(connection, "end_sessions", values).all())
    tell_of_people(connection)
    return ended


def choose_scope(connection: Connection, session: Session, key: str, by: By) -> Scope:
    """Have a session work in another scope of its account from the next request on.

    Raises:
        NotFoundError: the account has no such scope.
    """
    scope = next((each for each in session.scopes if each.key == key), None)
    if scope is None:
        raise NotFoundError("no such scope")
    values = {"session_id": session.session_id, "slot": scope.slot, "code": scope.code}
    run(connection, "choose_scope", values)
    detail = {"from": session.scope.key}
    deed = Deed(by.login, scope.code, "scope_chosen", by.role, by.address, by.request_id, detail)
    record(connection, deed)
    tell_of_people(connection)
    return scope


def read_sessions(connection: Connection, account_id: int | None = None) -> list[OpenSession]:
    """The sessions that may go on, the latest first; of one account, or of all in sight."""
    rows = run(connection, "read_sessions", {"account_id": account_id})
    return [_open_session(row._mapping) for row in rows]


def _open_session(row: Any) -> OpenSession:
    values = dict(row)
    scope = Scope(values.pop("scope_slot"), values.pop("scope_code"))
    return OpenSession(scope=scope, **values)


def _session(row: tuple[Any, ...]) -> Session:
    session_id, account_id, login, name, role, slot, code, slots, codes, *rest = row
    scopes = pair_scopes(slots, codes)
    return Session(session_id, account_id, login, name, role, Scope(slot, code), scopes, *rest)


def _statement(name: str) -> str:
    return read_sql_file("dashboard.people", f"{name}.sql")
