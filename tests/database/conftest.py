"""A database in which every table holds rows inside and outside of every scope."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import (
    CITY,
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    TOWNSHIPS,
)
from tests.database.filling import fill
from tests.databases import cloned_database, opened

VIEWERS = {
    viewer.scope_key: viewer
    for viewer in (
        Viewer("leader", 0, PROVINCE),
        Viewer("leader", 1, CITY),
        Viewer("leader", 1, CITY_WITHOUT_COUNTIES),
        Viewer("leader", 2, COUNTY),
        Viewer("leader", 2, OTHER_COUNTY),
        Viewer("leader", 2, CITY_WITHOUT_COUNTIES),
        Viewer("leader", 3, TOWNSHIPS["S"]),
        Viewer("leader", 3, TOWNSHIPS["E"]),
    )
}


@pytest.fixture(params=list(VIEWERS))
def viewer(request: pytest.FixtureRequest) -> Viewer:
    """Every kind of scope, one after the other."""
    return VIEWERS[request.param]


@pytest.fixture(scope="session")
def filled_settings(server: str, template: str) -> Iterator[DatabaseSettings]:
    """A database with rows in every table, shared by tests that only read."""
    with cloned_database(server, template) as settings:
        with opened(settings, "admin") as engine:
            fill(engine)
        yield settings


@pytest.fixture(scope="session")
def filled(filled_settings: DatabaseSettings) -> Iterator[Engine]:
    """Reads the shared database as its administrator."""
    with opened(filled_settings, "admin") as engine:
        yield engine


@pytest.fixture(scope="session")
def filled_app(filled_settings: DatabaseSettings) -> Iterator[Engine]:
    """Reads the shared database as gridboard_app."""
    with opened(filled_settings, "app") as engine:
        yield engine
