"""Fixtures shared by all tests: a real PostGIS, and a fresh database per test."""

import itertools
import os
from collections.abc import Iterator

import pytest
from psycopg2 import sql
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.pool import NullPool

from geo.database import engine_for
from geo.schema import create_database, migrate
from geo.settings import DatabaseSettings
from tests.cluster import running_cluster

_numbers = itertools.count()


def _settings(server: str, name: str) -> DatabaseSettings:
    url = make_url(server).set(database=name).render_as_string(hide_password=False)
    return DatabaseSettings(database_url=SecretStr(url), pool_size=4)


def _administer(server: str, statement: sql.Composable) -> None:
    url = make_url(server).set(database="postgres")
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection, connection.connection.cursor() as cursor:
        cursor.execute(statement)


def _drop(server: str, name: str) -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    _administer(server, drop.format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The administrator's URL of a PostGIS server; without one every test using it fails."""
    given = os.environ.get("GRIDBOARD_TEST_ADMIN_URL")
    if given:
        yield given
        return
    with running_cluster() as url:
        yield url


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """The name of a migrated, empty database; nobody may stay connected to it."""
    name = f"gridboard_test_{os.getpid()}_template"
    settings = _settings(server, name)
    create_database(settings.url("admin"))
    engine = engine_for(settings, "admin")
    migrate(engine)
    engine.dispose()
    yield name
    _drop(server, name)


@pytest.fixture
def empty_database(server: str) -> Iterator[DatabaseSettings]:
    """The settings of a database that does not exist yet and is dropped after the test."""
    name = f"gridboard_test_{os.getpid()}_{next(_numbers)}"
    yield _settings(server, name)
    _drop(server, name)


@pytest.fixture
def database(empty_database: DatabaseSettings, server: str, template: str) -> DatabaseSettings:
    """The settings of a fresh, migrated database: a clone of the template."""
    name = empty_database.url("admin").database
    assert name is not None
    clone = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    _administer(server, clone.format(sql.Identifier(name), sql.Identifier(template)))
    return empty_database


@pytest.fixture
def admin_engine(database: DatabaseSettings) -> Iterator[Engine]:
    engine = engine_for(database, "admin")
    yield engine
    engine.dispose()


@pytest.fixture
def loader_engine(database: DatabaseSettings) -> Iterator[Engine]:
    engine = engine_for(database, "loader")
    yield engine
    engine.dispose()


@pytest.fixture
def app_engine(database: DatabaseSettings) -> Iterator[Engine]:
    engine = engine_for(database, "app")
    yield engine
    engine.dispose()
