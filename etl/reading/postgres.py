"""Read a table or view of another PostgreSQL database."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import psycopg2
import pyarrow as pa
from psycopg2 import extensions, sql

from etl.reading.forms import Form, Reading
from geo.errors import InputError

SCHEMES = ("postgresql", "postgres")
"""How the address of a database begins."""

_ROWS = 20_000
_CONNECT_TIMEOUT_S = 15


def is_database(source: object) -> bool:
    """Whether a source is the address of a database rather than a file."""
    return isinstance(source, str) and urlsplit(source).scheme in SCHEMES


def shown(url: str) -> str:
    """The address as it may be shown and kept: host, database and table, nothing secret."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise InputError("the address of the database cannot be read") from error
    table = dict(parse_qsl(parts.query)).get("table", "")
    return urlunsplit(("postgresql", host + port, parts.path, urlencode({"table": table}), ""))


@contextmanager
def open_table(url: str, form: Form) -> Iterator[Reading]:
    """Read a table or view through a cursor of the server, in one read-only transaction.

    Args:
        url: ``postgresql://user@host/database?table=schema.name``; other parameters are libpq's.
        form: what the profile says.

    Yields:
        The reading; tables of text as PostgreSQL writes it, moments in UTC.

    Raises:
        InputError: the address names no table, the server refuses, or there is no such table.
    """
    name = shown(url)
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    table = query.pop("table", "")
    if not table or table.count(".") > 1 or not all(table.split(".")):
        raise InputError(f"{name} names no table: write ?table=schema.name")
    # Taken apart here: libpq would repeat pieces of an address it cannot read, even secret ones.
    named = {
        "host": parts.hostname,
        "port": parts.port,
        "user": parts.username and unquote(parts.username),
        "password": parts.password and unquote(parts.password),
        "dbname": unquote(parts.path.lstrip("/")),
    }
    known = {key: str(value) for key, value in named.items() if value}
    try:
        dsn = extensions.make_dsn(
            **{"connect_timeout": str(_CONNECT_TIMEOUT_S), **known, **query},
            application_name="gridboard reader",
        )
        connection = psycopg2.connect(dsn)
    except psycopg2.Error as error:
        raise InputError(f"{name} cannot be reached: {_reason(error)}") from error
    try:
        connection.set_session(readonly=True, isolation_level="REPEATABLE READ")
        yield _reading(connection, sql.Identifier(*table.split(".")), form, name)
    except psycopg2.Error as error:
        raise InputError(f"{name} cannot be read: {_reason(error)}") from error
    finally:
        connection.close()


def _reading(
    connection: extensions.connection, table: sql.Identifier, form: Form, name: str
) -> Reading:
    """See the columns, and read them as text."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'")
        cursor.execute(sql.SQL("SELECT * FROM {} LIMIT 0").format(table))
        columns = [column.name for column in cursor.description or ()]
    wanted = form.wanted(columns, name)
    texts = [sql.SQL("{}::text").format(sql.Identifier(column)) for column in wanted]
    question = sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(texts), table)

    def tables() -> Iterator[pa.Table]:
        with connection.cursor("gridboard_reader") as cursor:
            cursor.execute(question)
            while rows := cursor.fetchmany(_ROWS):
                values = zip(*rows, strict=True)
                arrays = [pa.array(column, pa.string()) for column in values]
                yield pa.Table.from_arrays(arrays, names=wanted)

    return Reading("table", columns, tables())


def _reason(error: psycopg2.Error) -> str:
    """The first line of what the server says; it names no password."""
    return str(error).strip().split("\n")[0]
