"""What is loaded: the demo's incidents as files, and databases that hold the demo's areas alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from psycopg2 import sql
from pydantic import SecretStr
from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.pool import NullPool

from etl.profiles import Profile, load_profile
from geo.database import engine_for
from geo.driver import driver_cursor, run_statement
from geo.schema import create_database, migrate
from geo.settings import DatabaseSettings, read_settings
from tests.benchmarks.target import demo_engine

MILLION = 1_000_000
TABLES = ("hierarchy", "term", "area")
PREFIX = "gridboard_bench_"
SQL = Path(__file__).parent / "sql"
PROFILE: Profile = load_profile("china").with_crs("EPSG:4326")


@dataclass(frozen=True)
class Server:
    """A database server, with a database that holds areas and no incidents.

    Attributes:
        demo: the administrator's URL of the demo.
        areas: the same of that database.
        engine: of its administrator, whose sessions have our search path.
    """

    demo: URL
    areas: URL
    engine: Engine

    @staticmethod
    def settings(url: str) -> DatabaseSettings:
        """The settings of a database by its administrator's URL."""
        return DatabaseSettings(database_url=SecretStr(url))

    @contextmanager
    def clone(self, name: str) -> Iterator[str]:
        """A copy of the database with areas; yields its URL, and drops it."""
        self.engine.dispose()
        with fresh(self.demo, PREFIX + name, self.areas.database or "") as url:
            yield url.render_as_string(hide_password=False)


@contextmanager
def copied_areas(*more: str) -> Iterator[Server]:
    """Copy the demo's areas, and more of its tables if named, into a database of their own."""
    demo_engine().dispose()
    demo = read_settings(DatabaseSettings).url("admin")
    with fresh(demo, PREFIX + "areas", None) as areas:
        engine = engine_for(Server.settings(areas.render_as_string(hide_password=False)), "admin")
        migrate(engine)
        source = engine_for(read_settings(DatabaseSettings), "admin")
        for table in (*TABLES, *more):
            _copy_table(source, engine, table)
        source.dispose()
        with engine.begin() as connection:
            run_statement(connection, (SQL / "etl_cells.sql").read_text())
        yield Server(demo, areas, engine)
        engine.dispose()


@contextmanager
def fresh(near: URL, name: str, template: str | None) -> Iterator[URL]:
    """A new database beside another one; dropped in the end."""
    url = near.set(database=name)
    _administer(
        near, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    )
    if template is None:
        create_database(url)
    else:
        names = sql.Identifier(name), sql.Identifier(template)
        _administer(near, sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
    try:
        yield url
    finally:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        _administer(near, drop.format(sql.Identifier(name)))


def write_rows(
    server: Server, file: Path, part: int, rows: int = MILLION, shift_days: int | None = None
) -> Path:
    """Write incidents of the demo as a file; each part has other identifiers and other days.

    Args:
        server: of the demo.
        file: where to.
        part: number of the part.
        rows: how many.
        shift_days: how far the part lies back; by default 17 days a part.
    """
    query = (SQL / "etl_rows.sql").read_text().rstrip().rstrip(";")
    copy = f"COPY ({query}) TO STDOUT WITH (FORMAT csv, HEADER)"
    engine = create_engine(
        server.demo, poolclass=NullPool, connect_args={"options": "-c search_path=gridboard,public"}
    )
    with engine.begin() as connection, driver_cursor(connection) as cursor, file.open("wb") as sink:
        cursor.execute("SET LOCAL timezone = 'UTC'")
        bound = cursor.mogrify(
            copy,
            {
                "part": part,
                "rows": rows,
                "shift_days": 17 * part if shift_days is None else shift_days,
            },
        ).decode()
        cursor.copy_expert(bound, sink, size=1 << 20)
    return file


def count_rows(file: Path) -> int:
    """Rows of a file with a header and without line breaks in values."""
    with file.open("rb") as lines:
        return sum(1 for _ in lines) - 1


def _copy_table(source: Engine, target: Engine, table: str) -> None:
    """Copy a table from one database into the same table of another."""
    name = sql.Identifier("gridboard", table)
    with tempfile.TemporaryFile() as file:
        with source.begin() as connection, driver_cursor(connection) as cursor:
            cursor.copy_expert(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(name), file)
        file.seek(0)
        with target.begin() as connection, driver_cursor(connection) as cursor:
            cursor.execute(sql.SQL("DELETE FROM {}").format(name))
            cursor.copy_expert(sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(name), file)


def _administer(near: URL, statement: sql.Composable) -> None:
    engine = create_engine(
        near.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        run_statement(connection, statement)
