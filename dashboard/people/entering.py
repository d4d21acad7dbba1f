"""Coming in: with a password, with a one-time link, or as one of the demo's ready accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Engine

from dashboard.people import throttle
from dashboard.people.account import MAX_LOGIN, Account, By, normal_login
from dashboard.people.accounts import note, read_account
from dashboard.people.errors import AccountError, LogInRefusedError, TooManyAttemptsError
from dashboard.people.invitations import set_password
from dashboard.people.limits import SessionLimits
from dashboard.people.passwords import hash_password, is_outdated, require_good, room, verify
from dashboard.people.sessions import Session, Via, end_sessions, entry_scope, open_session
from dashboard.people.statements import run
from dashboard.people.throttle import Attempt
from geo.audit import Deed, record
from geo.database import guarding
from geo.errors import NotFoundError


class Origin(Protocol):
    """Where a request comes from."""

    @property
    def address(self) -> str:
        """Network address."""

    @property
    def request_id(self) -> str | None:
        """As in the log."""

    @property
    def browser(self) -> str | None:
        """What the browser says it is."""


@dataclass(frozen=True)
class Entered:
    """Somebody who has come in.

    Attributes:
        token: for the cookie of the new session.
        account: whose it is.
    """

    token: str
    account: Account


def log_in(
    engine: Engine, login: str, password: str, origin: Origin, limits: SessionLimits
) -> Entered:
    """Let in who knows the password, in a session that did not exist before.

    Raises:
        LogInRefusedError: wrong login or password, no password set, or a disabled account; the
            answer and the work done for it are the same.
        TooManyAttemptsError: too many failed, or too many are being checked at this moment.
    """
    attempt = _attempt(login, origin)
    found = _check(engine, attempt, password)
    if found is None or found.disabled:
        _note_failure(engine, attempt, origin, found)
        raise LogInRefusedError(_REFUSED)
    renewed = hash_password(password) if is_outdated(found.password_hash) else None
    with guarding(engine) as connection:
        _require_unchanged(connection, found)
        throttle.forgive(connection, attempt)
        if renewed is not None:
            run(connection, "keep_password", {"account_id": found.account_id, "hash": renewed})
        return let_in(
            connection, read_account(connection, found.account_id), "password", origin, limits
        )


def enter_demo(engine: Engine, login: str, origin: Origin, limits: SessionLimits) -> Entered:
    """Let in as a ready account; for a caller who has seen that this is the demo.

    Raises:
        LogInRefusedError: there is no such ready account, or it is disabled.
    """
    with guarding(engine) as connection:
        try:
            account = read_account(connection, normal_login(login))
        except (AccountError, NotFoundError) as error:
            raise LogInRefusedError(_REFUSED) from error
        if not account.is_demo:
            raise LogInRefusedError(_REFUSED)
        return let_in(connection, account, "demo", origin, limits)


def redeem(
    engine: Engine, token: str, password: str, origin: Origin, limits: SessionLimits
) -> Entered:
    """Set a password with a one-time link and come in by that.

    Raises:
        InvitationError: the link was used, has expired or was replaced.
        WeakPasswordError: the password is easy to guess; the link can still be used.
        TooManyAttemptsError: too many passwords are being looked at at this moment.
    """
    with set_password(engine, token, password) as (connection, account):
        by = By(account.login, account.role, "", origin.address, origin.request_id)
        end_sessions(connection, account.account_id, by)
        throttle.forgive(connection, _attempt(account.login, origin))
        note(connection, by, account, "password_set", via="invitation")
        return let_in(connection, account, "invitation", origin, limits)


def change_password(
    engine: Engine, session: Session, current: str, new: str, origin: Origin
) -> None:
    """Set another password, for who knows the current one; the other sessions end.

    Raises:
        LogInRefusedError: ``current`` is not the password.
        WeakPasswordError: ``new`` is easy to guess.
        TooManyAttemptsError: as at a log-in.
    """
    attempt = _attempt(session.login, origin)
    found = _check(engine, attempt, current)
    if found is None:
        _note_failure(engine, attempt, origin, None)
        raise LogInRefusedError("this is not your password")
    require_good(new, session.login)
    values = {"account_id": session.account_id, "hash": hash_password(new)}
    by = session.by(origin.address, origin.request_id)
    with guarding(engine) as connection:
        _require_unchanged(connection, found)
        throttle.forgive(connection, attempt)
        run(connection, "keep_password", values)
        end_sessions(connection, session.account_id, by, session.session_id)
        account = read_account(connection, session.account_id)
        note(connection, by, account, "password_set", via="password")


def let_in(
    connection: Connection, account: Account, via: Via, origin: Origin, limits: SessionLimits
) -> Entered:
    """Begin a session of an account that has proved itself, and write it down.

    Args:
        connection: as the gate.
        account: as read in this transaction.
        via: how it has.
        origin: where from.
        limits: how long sessions last.

    Raises:
        LogInRefusedError: the account is disabled.
    """
    if account.disabled_at is not None:
        raise LogInRefusedError(_REFUSED)
    scope = entry_scope(connection, account)
    token = open_session(
        connection, account, scope, via, origin.address or None, origin.browser, limits
    )
    by = By(account.login, account.role, scope.code, origin.address, origin.request_id)
    note(connection, by, account, "log_in", via=via)
    return Entered(token, account)


def _attempt(login: str, origin: Origin) -> Attempt:
    try:
        key = normal_login(login)
    except AccountError:
        # It cannot be anybody's; it is counted and answered like one that might be.
        key = "\0" + login[: 4 * MAX_LOGIN]
    return Attempt(key, throttle.network_of(origin.address))


def _check(engine: Engine, attempt: Attempt, password: str) -> Any | None:
    """Look at a password, taking the same time whether there is an account or not."""
    # Before the database is asked anything: a crowd of strangers must cost next to nothing.
    with room():
        with guarding(engine) as connection:
            throttle.begin(connection, attempt)
            login = "" if attempt.login.startswith("\0") else attempt.login
            found = run(connection, "read_credential", {"login": login}).one_or_none()
        try:
            known = verify(found.password_hash if found else None, password)
        except TooManyAttemptsError:
            with guarding(engine) as connection:
                throttle.take_back(connection, attempt)
            raise
    return found if known else None


def _require_unchanged(connection: Connection, found: Any) -> None:
    """See that the password is still the one that was looked at, and keep it so until the end.

    Looking at it takes its time: meanwhile it may have been reset, and all sessions ended.

    Raises:
        LogInRefusedError: it is another, or none.
    """
    kept = run(connection, "hold_credential", {"account_id": found.account_id}).scalar()
    if kept != found.password_hash:
        raise LogInRefusedError(_REFUSED)


def _note_failure(engine: Engine, attempt: Attempt, origin: Origin, found: Any | None) -> None:
    """Write a failure down, in the scope of the account it was about, if there is one.

    The login is written only where it is somebody's: it may be a password in the wrong field.
    """
    with guarding(engine) as connection:
        try:
            account = read_account(connection, attempt.login if "\0" not in attempt.login else "")
        except NotFoundError:
            account = None
        detail: dict[str, object] = {"reason": "disabled"} if found is not None else {}
        # What is tried from now on is refused without a line of its own.
        if wait_s := throttle.seconds_to_wait(connection, attempt):
            detail |= {"reason": "throttled", "wait_s": wait_s}
        where = (origin.address, origin.request_id)
        if account is None:
            record(connection, Deed("", "", "log_in_failed", None, *where, detail))
        else:
            by = By(account.login, account.role, "", *where)
            note(connection, by, account, "log_in_failed", **detail)


_REFUSED = "login or password is wrong"
