"""One-time links: how a password is set, for the first time or anew; nobody else ever knows it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from dashboard.people.account import Account, By
from dashboard.people.accounts import note, read_account
from dashboard.people.errors import AccountError, InvitationError
from dashboard.people.passwords import hash_password, require_good
from dashboard.people.sessions import end_sessions
from dashboard.people.statements import run
from dashboard.people.tokens import digest, is_token, new_token
from geo.database import guarding

HOURS = 72
WELCOME = "/welcome"


def invite(connection: Connection, account: Account, by: By, hours: int = HOURS) -> str:
    """Make a one-time link for an account; links made before open nothing any more.

    Args:
        connection: of an admin or the owner.
        account: whose password may be set.
        by: who makes it.
        hours: how long it can be used.

    Returns:
        The token, known to nobody else: see ``link``.

    Raises:
        AccountError: the account does not log in with a password.
    """
    if account.is_demo or account.subject is not None:
        raise AccountError(f"{account.login} does not log in with a password")
    token = new_token()
    run(connection, "end_invitations", {"account_id": account.account_id})
    values = {"digest": digest(token), "account_id": account.account_id, "made_by": by.login}
    run(connection, "insert_invitation", {**values, "hours": hours})
    return token


def reset(connection: Connection, account: Account, by: By) -> str:
    """Take an account its password and its sessions; return a one-time link's token for another.

    Raises:
        AccountError: the account does not log in with a password.
    """
    token = invite(connection, account, by)
    run(connection, "delete_credential", {"account_id": account.account_id})
    ended = end_sessions(connection, account.account_id, by)
    note(connection, by, account, "account_reset", sessions=ended)
    return token


def link(token: str, site: str = "") -> str:
    """The address of a one-time link: the token stands where browsers do not send it to anybody."""
    return f"{site.rstrip('/')}{WELCOME}#{token}"


def invited(connection: Connection, token: str) -> Account | None:
    """Whom a link is for, while it can be used.

    Args:
        connection: as the gate.
        token: from the link, whoever made it up.
    """
    if not is_token(token):
        return None
    found = run(connection, "find_invitation", {"digest": digest(token)}).scalar()
    return None if found is None else read_account(connection, int(found))


@contextmanager
def set_password(engine: Engine, token: str, password: str) -> Iterator[tuple[Connection, Account]]:
    """Set a password with a one-time link, which is used up by that.

    Yields:
        The gate's transaction in which it happens, and the account it happens to.

    Raises:
        InvitationError: the link was used, has expired or was replaced.
        WeakPasswordError: the password is easy to guess; the link can still be used.
        TooManyAttemptsError: too many passwords are being looked at at this moment.
    """
    with guarding(engine) as connection:
        account = invited(connection, token)
    if account is None:
        raise InvitationError(_USED_UP)
    require_good(password, account.login)
    # Outside of the transaction: a connection must not wait for it.
    values = {"account_id": account.account_id, "hash": hash_password(password)}
    with guarding(engine) as connection:
        if run(connection, "use_invitation", {"digest": digest(token)}).scalar() is None:
            raise InvitationError(_USED_UP)
        run(connection, "keep_password", values)
        yield connection, read_account(connection, account.account_id)


_USED_UP = "this link was used, has expired or was replaced: ask for another"
