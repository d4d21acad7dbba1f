"""Databases that live as long as a test or a session."""

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from psycopg2 import sql
from psycopg2.errors import ObjectInUse
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from geo.database import engine_for
from geo.driver import run_statement
from geo.settings import DatabaseSettings, Login

TEST_DATABASE = "gridboard_test_"
"""What the name of every database begins with that tests may write into."""

_numbers = itertools.count()
# PostgreSQL gives up on a database that is in use after five seconds.
_ATTEMPTS = 12


@contextmanager
def named_database(server: str) -> Iterator[DatabaseSettings]:
    """The settings of a database that does not exist yet; dropped in the end if it does."""
    name = f"{TEST_DATABASE}{os.getpid()}_{next(_numbers)}"
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    yield DatabaseSettings(database_url=SecretStr(url), pool_size=4)
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    _administer(server, drop.format(sql.Identifier(name)))


@contextmanager
def cloned_database(server: str, template: str) -> Iterator[DatabaseSettings]:
    """A copy of a database to which nobody is connected; dropped in the end."""
    with named_database(server) as settings:
        names = (settings.url("admin").database, template)
        clone = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        _administer(server, clone.format(*(sql.Identifier(name or "") for name in names)))
        yield settings


@contextmanager
def opened(settings: DatabaseSettings, login: Login) -> Iterator[Engine]:
    """An engine whose connections are closed in the end."""
    name = settings.url(login).database or ""
    assert name.startswith(TEST_DATABASE), f"{name} is no database of the tests"
    engine = engine_for(settings, login)
    yield engine
    engine.dispose()


def _administer(server: str, statement: sql.Composable) -> None:
    """Run a statement, also where somebody leaves a database more slowly than it waits for."""
    url = make_url(server).set(database="postgres")
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for _ in range(_ATTEMPTS - 1):
            with suppress(ObjectInUse):
                return run_statement(connection, statement)
        return run_statement(connection, statement)
