"""The way to PostgreSQL: engine, transactions on behalf of a viewer, COPY."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import Any, Protocol, TextIO, cast
from weakref import WeakKeyDictionary

import psycopg2
import psycopg2.errors
from psycopg2 import sql
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from geo.driver import driver_connection, driver_cursor, run_statement
from geo.errors import DatabaseUnavailableError, GridboardError, StorageFullError
from geo.settings import DatabaseSettings, Login, read_settings
from geo.viewer import Viewer


class Readable(Protocol):
    """What COPY reads from: a file, or anything that gives pieces until there are no more."""

    def read(self, size: int, /) -> bytes | str:
        """The next piece; empty at the end."""
        ...


LOADER_ROLE = "gridboard_loader"
GATE_ROLE = "gridboard_gate"
OWNER_ROLE = "gridboard_owner"
GATE_CONNECTIONS = 3
"""Of each process, for questions of a fraction of a millisecond."""

GATE_TIMEOUT_MS = 5_000
# Compiling a query of milliseconds takes longer than to run it, and servers do so by default.
_OPTIONS = "-c search_path=gridboard,public -c timezone=UTC -c jit=off"
_PREPARED = "gridboard.prepared"
_gates: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()

COPY_BYTES = 1 << 20
"""What the driver takes from a buffer at once: it waits for Python's lock before each piece."""


def engine_for(settings: DatabaseSettings, login: Login = "app") -> Engine:
    """Build an engine whose pool checks connections and never waits long; nothing connects yet.

    Every session has ``search_path`` = gridboard, public, the time zone UTC, and compiles nothing.
    """
    options = _OPTIONS
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
def listening(engine: Engine, channel: str) -> Iterator[Connection]:
    """Open a connection of one's own, beside the pool, that hears what commits with NOTIFY.

    ``transaction`` and ``guarding`` take it in place of an engine.

    Raises:
        DatabaseUnavailableError: as for ``transaction``, then and whenever it is used.
    """
    listen = sql.SQL("LISTEN {}").format(sql.Identifier(channel))
    with _available(), engine.connect() as connection:
        connection.detach()
        with connection.begin():
            run_statement(connection, listen)
        yield connection


def heard(connection: Connection) -> list[str]:
    """What a listening connection was told since it was last asked; does not wait.

    Raises:
        DatabaseUnavailableError: the server went away.
    """
    with _available():
        driver = driver_connection(connection)
        try:
            driver.poll()
        except psycopg2.Error:
            # Nobody must try to roll back on it.
            connection.invalidate()
            raise
        messages = [notice.payload for notice in driver.notifies]
        driver.notifies.clear()
        return messages


@contextmanager
def transaction(engine: Engine | Connection, viewer: Viewer) -> Iterator[Connection]:
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
    with _available(), _begun(engine) as connection:
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
def guarding(engine: Engine | Connection) -> Iterator[Connection]:
    """Read and write as gridboard_gate what a log-in needs, before there is a viewer.

    Raises:
        DatabaseUnavailableError: as for ``transaction``.
    """
    with _available(), _begun(engine) as connection:
        run_statement(connection, _role(GATE_ROLE))
        yield connection


def gate_engine(engine: Engine, settings: DatabaseSettings | None = None) -> Engine:
    """Connections beside an engine's own that are gridboard_gate from their start.

    Each statement is a transaction of its own, so that asking whose a session is costs one
    round trip; and it need not wait for those who draw maps. There is one for each engine; it
    is closed with it, so that processes forked afterwards share neither.
    """
    if engine not in _gates:
        settings = settings or read_settings(DatabaseSettings)
        options = f"{_OPTIONS} -c role={GATE_ROLE} -c statement_timeout={GATE_TIMEOUT_MS}"
        gate = create_engine(
            engine.url,
            isolation_level="AUTOCOMMIT",
            pool_size=GATE_CONNECTIONS,
            max_overflow=0,
            pool_timeout=settings.pool_wait_s,
            # No check before use, which would be a second round trip: see run_at_gate.
            pool_pre_ping=False,
            pool_use_lifo=True,
            pool_reset_on_return=None,
            hide_parameters=True,
            connect_args={
                "options": options,
                "connect_timeout": settings.connect_timeout_s,
                "application_name": "gridboard gate",
            },
        )
        _gates[engine] = gate
        event.listen(engine, "engine_disposed", lambda _: gate.dispose())
    return _gates[engine]


def run_at_gate(
    engine: Engine, statement: str, values: Mapping[str, Any], prepared: str | None = None
) -> list[tuple[Any, ...]]:
    """Run one statement on a gate's engine; twice if its connection turns out to have died.

    Args:
        engine: as ``gate_engine`` makes it.
        statement: in the driver's own notation; may be run twice without harm.
        values: its parameters.
        prepared: what to run once in each connection before: the PREPARE of what the
            statement executes, so that it is planned once and not at every request.

    Returns:
        The rows, if it returns any.

    Raises:
        DatabaseUnavailableError: as for ``transaction``.
    """
    with _available():
        try:
            return _run_once(engine, statement, values, prepared)
        except DBAPIError as error:
            if isinstance(error.orig, psycopg2.errors.InvalidSqlStatementName):
                # Somebody has taken the connection's prepared statements away.
                engine.dispose()
            elif not error.connection_invalidated:
                raise
            return _run_once(engine, statement, values, prepared)


def _run_once(
    engine: Engine, statement: str, values: Mapping[str, Any], prepared: str | None
) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        if prepared is not None and connection.info.get(_PREPARED) != prepared:
            connection.exec_driver_sql("DEALLOCATE ALL")
            connection.exec_driver_sql(prepared)
            connection.info[_PREPARED] = prepared
        found = connection.exec_driver_sql(statement, dict(values))
        return [tuple(row) for row in found] if found.returns_rows else []


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
def _begun(engine: Engine | Connection) -> Iterator[Connection]:
    """A transaction on a connection of the pool, or on one that somebody holds for long."""
    if isinstance(engine, Engine):
        with engine.begin() as connection:
            yield connection
    else:
        with engine.begin():
            yield engine


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
