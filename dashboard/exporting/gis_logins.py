"""Logins for a GIS: roles of the database whose scope hangs on who logged in, and on no setting."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg2 import sql
from psycopg2.extensions import encrypt_password
from sqlalchemy import Connection, Engine, Row, text

from dashboard.people.account import Scope
from dashboard.people.accounts import find_scopes
from geo.audit import Action, Deed, record
from geo.database import OWNER_ROLE, read_sql_file
from geo.driver import driver_connection, run_statement
from geo.errors import InputError, NotFoundError
from geo.viewer import SCOPES

PREFIX = "gis_"
CONNECTIONS = 6
"""At once for each login; QGIS takes a few for a project."""

LIMITS = {
    "search_path": "gridboard, public",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    "default_transaction_read_only": "on",
    # A GIS asks with costly spatial functions; to compile them takes longer than to run them.
    "jit": "off",
}
"""What a connection begins with, besides the time zone of the data, in which a GIS then shows
moments and reads those of its filters. Its owner can change these, and gains rows by none."""

_NAME = re.compile(r"[a-z0-9_]{1,40}")


@dataclass(frozen=True)
class GisLogin:
    """A login for a GIS.

    Attributes:
        login: as a GIS asks for it.
        scope: the area it is for.
        note: whose it is, or what for.
        exists: whether this server knows it; after restoring into another one it does not.
    """

    login: str
    scope: Scope
    note: str
    created_at: datetime
    exists: bool


def add_login(
    admin_engine: Engine, name: str, code: str, note: str, author: str
) -> tuple[str, str]:
    """Make a login for a GIS.

    Args:
        admin_engine: logs in as one who may create roles.
        name: of the login, with or without its prefix.
        code: of the area, from a province to a township.
        note: whose it is, or what for.
        author: who makes it, for the audit log.

    Returns:
        The login and its password, which nobody can look up afterwards.

    Raises:
        InputError: the name cannot be that of a login, or is taken.
        NotFoundError: there is no such area that could be a scope.
    """
    login = _login(name)
    password = secrets.token_urlsafe(24)
    with admin_engine.begin() as connection:
        if _exists(connection, login):
            raise InputError(f"there is a login {login} already: remove it first, or take another")
        with _as_owner(connection):
            (scope,) = find_scopes(connection, [code])
            zone = _run(connection, "read_time_zone")[0].time_zone
        # Hashed here, so that the password is in no log of the server's.
        hashed = encrypt_password(
            password, login, scope=driver_connection(connection), algorithm="scram-sha-256"
        )
        _create(connection, login, hashed, scope)
        _begin_with(connection, login, {**LIMITS, "timezone": zone})
        with _as_owner(connection):
            values = {"slot": scope.slot, "code": code, "note": note, "author": author}
            _run(connection, "insert_gis_login", login=login, **values)
            _note(connection, "gis_login_added", author, code, login)
    return login, password


def remove_login(admin_engine: Engine, name: str, author: str) -> str:
    """Take a login away and end its connections.

    Raises:
        NotFoundError: there is none of this name.
    """
    login = _login(name)
    with admin_engine.begin() as connection:
        with _as_owner(connection):
            found = _run(connection, "delete_gis_login", login=login)
            if not found:
                raise NotFoundError(f"there is no login {login}: see gridboard gis list")
            _note(connection, "gis_login_removed", author, found[0].scope_code, login)
        if _exists(connection, login):
            _drop(connection, login)
    return login


def read_logins(admin_engine: Engine) -> list[GisLogin]:
    """List the logins, by name."""
    with admin_engine.begin() as connection, _as_owner(connection):
        rows = _run(connection, "read_gis_logins")
    return [
        GisLogin(
            row.login,
            Scope(row.scope_slot, row.scope_code),
            row.note,
            row.created_at,
            bool(row.role_exists),
        )
        for row in rows
    ]


def _login(name: str) -> str:
    bare = name.removeprefix(PREFIX)
    if not _NAME.fullmatch(bare):
        raise InputError(
            f"{name!r} cannot be a login: expected 1 to 40 small letters, digits and _"
        )
    return PREFIX + bare


def _create(connection: Connection, login: str, password: str, scope: Scope) -> None:
    role = sql.Identifier(login)
    create = sql.SQL(
        "CREATE ROLE {role} LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION"
        " NOBYPASSRLS CONNECTION LIMIT {connections} PASSWORD {password}"
    )
    most, secret = sql.Literal(CONNECTIONS), sql.Literal(password)
    run_statement(connection, create.format(role=role, connections=most, password=secret))
    group = sql.Identifier(f"gridboard_gis_{SCOPES[scope.slot]}")
    run_statement(connection, sql.SQL("GRANT {} TO {}").format(group, role))


def _begin_with(connection: Connection, login: str, settings: Mapping[str, str]) -> None:
    role, database = sql.Identifier(login), connection.engine.url.database or ""
    for name, value in settings.items():
        # A list of schemas is several values.
        parts = sql.SQL(", ").join(sql.Literal(part) for part in value.split(", "))
        limit = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
            role, sql.Identifier(database), sql.Identifier(name), parts
        )
        run_statement(connection, limit)


def _drop(connection: Connection, login: str) -> None:
    role = sql.Identifier(login)
    # Whoever is no superuser may end only connections of roles that they are a member of.
    run_statement(connection, sql.SQL("GRANT {} TO CURRENT_USER").format(role))
    _run(connection, "end_gis_connections", login=login)
    run_statement(connection, sql.SQL("DROP ROLE {}").format(role))


def _exists(connection: Connection, login: str) -> bool:
    return bool(_run(connection, "find_role", login=login))


def _note(connection: Connection, action: Action, author: str, code: str, login: str) -> None:
    record(connection, Deed(author, code, action, detail={"login": login}))


@contextmanager
def _as_owner(connection: Connection) -> Iterator[None]:
    """Be the schema's owner for a part of the administrator's transaction."""
    become = sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(OWNER_ROLE))
    run_statement(connection, become)
    yield
    run_statement(connection, "RESET ROLE")


def _run(connection: Connection, name: str, **values: object) -> list[Row[Any]]:
    statement = text(read_sql_file("dashboard.exporting", f"{name}.sql"))
    found = connection.execute(statement, values)
    return list(found) if found.returns_rows else []
