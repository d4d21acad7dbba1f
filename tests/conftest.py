"""Fixtures shared by all tests: a real PostGIS, and a fresh database per test."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import Engine

from dashboard.cli import WITHOUT_ENV_FILE
from geo.schema import create_database, migrate
from geo.settings import DatabaseSettings
from tests.cluster import folder_for_states, running_cluster
from tests.databases import cloned_database, named_database, opened

# Settings of ours and those of .env may name a real database: neither we nor the processes we
# start see them. Only what is made for tests is let through.
for _name in [*os.environ]:
    if _name.startswith("GRIDBOARD_") and not _name.startswith("GRIDBOARD_TEST_"):
        del os.environ[_name]
os.environ[WITHOUT_ENV_FILE] = "1"

# How long an example takes says what else the machine does, not whether the code is right.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def state_base() -> Iterator[Path]:
    """A folder in which clusters of one test can live, whoever runs them."""
    with folder_for_states() as folder:
        yield folder


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
    with named_database(server) as settings:
        create_database(settings.url("admin"))
        with opened(settings, "admin") as engine:
            migrate(engine)
        yield settings.url("admin").database or ""


@pytest.fixture
def empty_database(server: str) -> Iterator[DatabaseSettings]:
    """The settings of a database that does not exist yet and is dropped after the test."""
    with named_database(server) as settings:
        yield settings


@pytest.fixture
def database(server: str, template: str) -> Iterator[DatabaseSettings]:
    """The settings of a fresh, migrated database: a clone of the template."""
    with cloned_database(server, template) as settings:
        yield settings


@pytest.fixture
def admin_engine(database: DatabaseSettings) -> Iterator[Engine]:
    """Logs in to the fresh database as its administrator, past row-level security."""
    with opened(database, "admin") as engine:
        yield engine


@pytest.fixture
def loader_engine(database: DatabaseSettings) -> Iterator[Engine]:
    """Logs in to the fresh database as gridboard_loader."""
    with opened(database, "loader") as engine:
        yield engine


@pytest.fixture
def app_engine(database: DatabaseSettings) -> Iterator[Engine]:
    """Logs in to the fresh database as gridboard_app."""
    with opened(database, "app") as engine:
        yield engine
