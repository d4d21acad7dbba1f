"""The way to PostgreSQL: engine, transactions on behalf of a viewer, COPY."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Protocol, TextIO, cast

import psycopg2
import psycopg2.errors
from psycopg2 import sql
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo.driver import driver_cursor, run_statement
from geo.errors import DatabaseUnavailableError, GridboardError, StorageFullError
from geo.settings import DatabaseSettings, Login
from geo.viewer import Viewer


class Readable(Protocol):
    """What COPY reads from: a file, or anything that gives pieces until there are no more."""

    def read(self, size: int, /) -> bytes | str:
        """The next piece; empty at the end."""
        ...


LOADER_ROLE = "gridboard_loader"
GATE_ROLE = "gridboard_gate"
OWNER_ROLE = "gridboard_owner"

COPY_BYTES = 1 << 20
"""What the driver takes from a buffer at once: it waits for Python's lock before each piece."""


def engine_for(settings: DatabaseSettings, login: Login = "app") -> Engine:
    """Build an engine whose pool checks connections and never waits long; nothing connects yet.

    Every session has ``search_path`` = gridboard, public and the time zone UTC.
    """
    options = "-c search_path=gridboard,public -c timezone=UTC"
    if login == "app":
        options += f" -c statement_timeout={round(settings.statement_timeout_s * 1000)}"
    return create_engine(
        settings.url(login),
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=settings.pool_wait_s,
        pool_pre_ping=True,
        # Parameters are somebody's rows: they must not get into a log by way of an error.
        hide_parameters=True,
        connect_args={
            "options": options,
            "connect_timeout": settings.connect_timeout_s,
            "application_name": f"gridboard {login}",
        },
    )


@contextmanager
def transaction(engine: Engine, viewer: Viewer) -> Iterator[Connection]:
    """Read on behalf of a viewer: one consistent picture, only rows within the scope.

    The scope lives in the transaction alone (SET LOCAL, as literals), so nothing of it is left
    in the connection that goes back to the pool.

    Raises:
        DatabaseUnavailableError: no connection came free in time, the server went away, or a
            query took longer than its limit.
    """
    # REPEATABLE READ lets a page's total and its parts come from the same state although they are
    # several queries.
    picture = sql.SQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;")
    with _available(), engine.begin() as connection:
        run_statement(connection, picture + _scope_of(viewer))
        yield connection


@contextmanager
def writing(engine: Engine, viewer: Viewer) -> Iterator[Connection]:
    """Write on behalf of a viewer, where policies let its role and scope.

    Raises:
        DatabaseUnavailableError: as for ``transaction``.
    """
    with _available(), engine.begin() as connection:
        run_statement(connection, _scope_of(viewer))
        yield connection


@contextmanager
def guarding(engine: Engine) -> Iterator[Connection]:
    """Read and write as gridboard_gate what a log-in needs, before there is a viewer.

    Raises:
        DatabaseUnavailableError: as for ``transaction``.
    """
    with _available(), engine.begin() as connection:
        run_statement(connection, _role(GATE_ROLE))
        yield connection


@contextmanager
def administering(admin_engine: Engine) -> Iterator[Connection]:
    """Write as the schema's owner, past row-level security: for the command line alone.

    Raises:
        DatabaseUnavailableError: as for ``transaction``.
    """
    with _available(), admin_engine.begin() as connection:
        run_statement(connection, _role(OWNER_ROLE))
        yield connection


@contextmanager
def loading(engine: Engine) -> Iterator[Connection]:
    """Write as gridboard_loader, all or nothing, without a time limit.

    COPY refuses tables under row-level security: copy into a temporary table first.

    Raises:
        DatabaseUnavailableError: as for ``transaction``.
    """
    role = _role(LOADER_ROLE) + sql.SQL(" SET LOCAL statement_timeout = 0")
    with _available(), engine.begin() as connection:
        run_statement(connection, role)
        yield connection


def copy_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    buffer: Readable,
    *,
    binary: bool = False,
) -> int:
    r"""COPY rows into a table, at best a temporary one.

    Args:
        connection: within a transaction.
        table: name, with or without its schema (``pg_temp.staging``).
        columns: the columns the buffer holds, in its order.
        buffer: CSV without a header, empty = NULL; or PostgreSQL's binary format. Read from
            where it stands.
        binary: which of the two.

    Returns:
        The number of rows.
    """
    statement = sql.SQL("COPY {table} ({columns}) FROM STDIN WITH (FORMAT {format})").format(
        table=sql.Identifier(*table.split(".")),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        format=sql.SQL("binary" if binary else "csv"),
    )
    with driver_cursor(connection) as cursor:
        # Reads are all it asks for, whatever its stubs say.
        cursor.copy_expert(statement, cast(TextIO, buffer), size=COPY_BYTES)
        return int(cursor.rowcount)


@cache
def read_sql_file(package: str, name: str) -> str:
    """The text of a SQL file in the folder ``sql`` of a package."""
    return files(package).joinpath("sql", name).read_text(encoding="utf-8")


def _scope_of(viewer: Viewer) -> sql.Composed:
    """The statements that make a transaction a viewer's, together, to cost one round trip."""
    return sql.SQL(
        " SET LOCAL ROLE {database_role}; SET LOCAL gridboard.scope = {scope};"
        " SET LOCAL gridboard.role = {role}; SET LOCAL gridboard.login = {login};"
    ).format(
        database_role=sql.Identifier(viewer.database_role),
        scope=sql.Literal(viewer.scope_code),
        role=sql.Literal(viewer.role),
        login=sql.Literal(viewer.login),
    )


def _role(name: str) -> sql.Composed:
    return sql.SQL("SET LOCAL ROLE {role};").format(role=sql.Identifier(name))


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise DatabaseUnavailableError(
            "every database connection is taken: try again shortly, or raise GRIDBOARD_POOL_SIZE"
        ) from error
    except (OperationalError, InterfaceError) as error:
        raise _unavailable(error.orig or error) from error
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        # From a cursor of the driver's own, which SQLAlchemy does not wrap.
        raise _unavailable(error) from error


def _unavailable(error: BaseException) -> GridboardError:
    reason = str(error).strip().partition("\n")[0]
    if isinstance(error, psycopg2.errors.DiskFull):
        return StorageFullError(
            f"the database's disk is full, nothing was changed: free space, then run it again"
            f" ({reason})"
        )
    return DatabaseUnavailableError(f"the database does not answer: {reason}")
