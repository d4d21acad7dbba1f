"""Run a SQL file of the migrations as it stands."""

from importlib.resources import files

from sqlalchemy import Connection

from geo.driver import run_statement


def run_script(connection: Connection, name: str) -> None:
    """Run every statement of geo/migrations/sql/``name`` in the connection's transaction."""
    script = files("geo.migrations").joinpath("sql", name).read_text(encoding="utf-8")
    run_statement(connection, script)
