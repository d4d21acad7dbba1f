"""Accounts: read, made, changed and shut out, each with its line of the audit log.

Every function takes a connection of ``geo.database.writing`` (an admin, whom row-level security
keeps within the own scope), of ``administering`` (the command line) or, to read, of ``guarding``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2.errors
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from dashboard.people.account import (
    Account,
    By,
    Scope,
    clean_name,
    normal_login,
    pair_scopes,
)
from dashboard.people.errors import AccountError, LoginTakenError
from dashboard.people.sessions import end_sessions
from dashboard.people.statements import run, tell_of_people
from geo.audit import Action, Deed, record
from geo.errors import NotFoundError
from geo.viewer import ROLES

MAX_SCOPES = 100


def read_accounts(connection: Connection) -> list[Account]:
    """The accounts in sight, by login."""
    rows = run(connection, "read_accounts", {"login": None, "account_id": None})
    return [_account(row) for row in rows]


def read_account(connection: Connection, login: str | int) -> Account:
    """One account, by login or number.

    Raises:
        NotFoundError: there is none in sight.
    """
    by_number = isinstance(login, int)
    values = {"login": None if by_number else login, "account_id": login if by_number else None}
    row = run(connection, "read_accounts", values).one_or_none()
    if row is None:
        raise NotFoundError("no such account")
    return _account(row)


def find_scopes(connection: Connection, codes: Sequence[str]) -> tuple[Scope, ...]:
    """The scopes that area codes name, in the order given.

    Raises:
        NotFoundError: a code names no area in sight, from a province to a township.
    """
    found = {row.code: row.level for row in run(connection, "find_scopes", {"codes": list(codes)})}
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise NotFoundError(
            f"no such area: {', '.join(unknown)}: expected the code of a province, city, county or"
            " township that is loaded, as the address of its map ends with it (/map/620102)"
        )
    return tuple(Scope(found[code], code) for code in dict.fromkeys(codes))


def add_account(
    connection: Connection, login: str, name: str, role: str, scopes: Sequence[Scope], by: By
) -> Account:
    """Make an account. It can log in once it has set a password by a one-time link.

    Raises:
        AccountError: login, name, role or scopes cannot be those of one.
        LoginTakenError: the login is another account's.
        NotFoundError: a scope is not within that of whoever makes it.
    """
    login = normal_login(login)
    values = {"login": login, "created_by": by.login, **_values(name, role, scopes)}
    with _within_scope():
        made = run(connection, "insert_account", values).scalar()
    if made is None:
        raise LoginTakenError(f"the login {login} is taken: choose another")
    account = read_account(connection, int(made))
    detail = {"name": account.name, "role": role, "scopes": [scope.key for scope in scopes]}
    note(connection, by, account, "account_added", **detail)
    return account


def change_account(
    connection: Connection,
    account: Account,
    by: By,
    *,
    name: str | None = None,
    role: str | None = None,
    scopes: Sequence[Scope] | None = None,
) -> Account:
    """Change an account; its sessions have it at their next request.

    A session in a scope that was taken away ends by that. Another role ends all of them: they
    would go on with the limits of the old one.

    Raises:
        AccountError: name, role or scopes cannot be those of one.
        NotFoundError: the account or a scope is not within that of whoever changes it.
    """
    wanted = (
        account.name if name is None else clean_name(name),
        role or account.role,
        tuple(account.scopes if scopes is None else scopes),
    )
    values = {"account_id": account.account_id, **_values(*wanted)}
    with _within_scope():
        _one(run(connection, "change_account", values).scalar())
    changed = read_account(connection, account.account_id)
    if changed.role != account.role:
        end_sessions(connection, account.account_id, by)
    lost = {"account_id": account.account_id, "ended_by": by.login}
    run(connection, "end_lost_sessions", lost)
    note(connection, by, account, "account_changed", **_differences(account, changed))
    tell_of_people(connection)
    return changed


def disable(connection: Connection, account: Account, by: By) -> None:
    """Shut an account out; its sessions are over at their next request, and its links void.

    Raises:
        NotFoundError: the account is not within the scope of whoever does it.
    """
    with _within_scope():
        _one(run(connection, "disable_account", {"account_id": account.account_id}).scalar())
    run(connection, "end_invitations", {"account_id": account.account_id})
    ended = end_sessions(connection, account.account_id, by)
    note(connection, by, account, "account_disabled", sessions=ended)


def enable(connection: Connection, account: Account, by: By) -> None:
    """Let an account in again; it must log in anew.

    Raises:
        NotFoundError: the account is not within the scope of whoever does it.
    """
    with _within_scope():
        _one(run(connection, "enable_account", {"account_id": account.account_id}).scalar())
    # One may have begun while the account was being disabled.
    end_sessions(connection, account.account_id, by)
    note(connection, by, account, "account_enabled")


def note(connection: Connection, by: By, account: Account, action: Action, **detail: Any) -> None:
    """Write down what was done to an account.

    What the command line does is noted in the scope of the account, for its admins to see; with
    several scopes in none: row-level security shows it to those who may see the account.
    """
    own = account.scopes[0].code if len(account.scopes) == 1 else ""
    scope_code = by.scope_code or own
    about = {"login": account.login, "account_id": account.account_id, **detail}
    record(
        connection, Deed(by.login, scope_code, action, by.role, by.address, by.request_id, about)
    )


def _values(name: str, role: str, scopes: Sequence[Scope]) -> dict[str, Any]:
    if role not in ROLES:
        raise AccountError(f"there is no such role: expected one of {', '.join(ROLES)}")
    if not 1 <= len(scopes) <= MAX_SCOPES or len(set(scopes)) < len(scopes):
        raise AccountError(f"an account has 1 to {MAX_SCOPES} different scopes")
    slots, codes = [scope.slot for scope in scopes], [scope.code for scope in scopes]
    return {"name": clean_name(name), "role": role, "slots": slots, "codes": codes}


def _differences(old: Account, new: Account) -> dict[str, Any]:
    """What changed, as ``[before, after]``."""

    def shown(account: Account) -> dict[str, Any]:
        scopes = [scope.key for scope in account.scopes]
        return {"name": account.name, "role": account.role, "scopes": scopes}

    before, after = shown(old), shown(new)
    return {key: [before[key], after[key]] for key in before if before[key] != after[key]}


@contextmanager
def _within_scope() -> Iterator[None]:
    """What a policy refuses does not exist for whoever asked."""
    try:
        yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg2.errors.InsufficientPrivilege):
            raise NotFoundError("no such account or area") from error
        raise


def _one(found: Any) -> None:
    if found is None:
        raise NotFoundError("no such account")


def _account(row: Any) -> Account:
    values = dict(row._mapping)
    scopes = pair_scopes(values.pop("scope_slots"), values.pop("scope_codes"))
    return Account(scopes=scopes, **values)
