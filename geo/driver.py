"""Down to psycopg2, for what SQLAlchemy's text() cannot say: identifiers, scripts, COPY."""

from psycopg2 import sql
from psycopg2.extensions import connection as DriverConnection  # noqa: N812 (psycopg2 spells small)
from psycopg2.extensions import cursor as Cursor  # noqa: N812
from sqlalchemy import Connection


def driver_cursor(connection: Connection) -> Cursor:
    """A psycopg2 cursor within the connection's transaction; close it by ``with``."""
    found = connection.connection.cursor()
    if not isinstance(found, Cursor):
        raise TypeError(f"expected a cursor of psycopg2, got one of {type(found).__module__}")
    return found


def driver_connection(connection: Connection) -> DriverConnection:
    """The connection of psycopg2 beneath, for what it alone can: notices and its socket."""
    found = connection.connection.dbapi_connection
    if not isinstance(found, DriverConnection):
        raise TypeError(f"expected a connection of psycopg2, got one of {type(found).__module__}")
    return found


def run_statement(connection: Connection, statement: sql.Composable | str) -> None:
    """Run one or more statements as they stand: ``%`` and ``:`` mean what they mean in psql."""
    with driver_cursor(connection) as cursor:
        cursor.execute(statement)
