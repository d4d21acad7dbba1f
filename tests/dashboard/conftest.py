"""The drawn province, loaded once, and sources that read it."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from dashboard.source import Source
from dashboard.store import Store
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import PROVINCE
from tests.dashboard.visitors import Visitors
from tests.dashboard.world import Cases, drawn_province, make_cases
from tests.databases import opened

PROVINCE_VIEWER = Viewer("leader", 0, PROVINCE)

Sources = Callable[..., Source]


@pytest.fixture(scope="session")
def cases() -> Cases:
    """The incidents of the loaded province."""
    return make_cases(900)


@pytest.fixture(scope="session")
def world(server: str, template: str, cases: Cases) -> Iterator[DatabaseSettings]:
    """The loaded province; tests only read it."""
    with drawn_province(server, template, cases) as settings:
        yield settings


@pytest.fixture(scope="session")
def world_engine(world: DatabaseSettings) -> Iterator[Engine]:
    """The application's connections to the loaded province."""
    with opened(world, "app") as engine:
        yield engine


@pytest.fixture(scope="session")
def visitors(world: DatabaseSettings, world_engine: Engine) -> Visitors:
    """Accounts and sessions of the loaded province."""
    return Visitors(world, world_engine)


@pytest.fixture
def sources(world_engine: Engine) -> Sources:
    """Make a source for a viewer, with a memory of its own for each test."""
    store = Store(50_000_000)
    return lambda viewer=PROVINCE_VIEWER: Source(world_engine, viewer, store)


@pytest.fixture
def source(sources: Sources) -> Source:
    """The source of a viewer of the whole province."""
    return sources()
