"""The application over the loaded province, and clients of several viewers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.settings import DashboardSettings
from geo.settings import DatabaseSettings
from tests.areas import PROVINCE
from tests.dashboard.visitors import Visitors
from tests.dashboard.world import area_ids
from tests.databases import opened

Clients = Callable[..., FlaskClient]


@pytest.fixture
def clients(world_engine: Engine, visitors: Visitors, tmp_path: Path) -> Clients:
    """Open a client of a viewer, ``[role@]slot:code``, in a session of its own.

    ``None`` is a stranger. All share a state. ``of`` are visitors of another database.
    """

    def client(
        viewer: str | None = f"province:{PROVINCE}",
        engine: Engine = world_engine,
        of: Visitors = visitors,
    ) -> FlaskClient:
        settings = DashboardSettings(state_dir=tmp_path)
        return of.client(create_app(settings, engine).server, viewer)

    return client


@pytest.fixture
def client(clients: Clients) -> FlaskClient:
    """A viewer of the whole province."""
    return clients()


@pytest.fixture
def ids(world: DatabaseSettings) -> dict[str, int]:
    """The id of each area, by code."""
    with opened(world, "admin") as engine, engine.connect() as connection:
        return area_ids(connection)


@pytest.fixture
def address(client: FlaskClient) -> Callable[[str, str], str]:
    """Write an address with the scope and the version of the areas in force."""
    found = client.get("/revision.json").json

    def write(door: str, rest: str) -> str:
        return f"/{door}/{found['scope']}/{found['area']}/{rest}"

    return write
