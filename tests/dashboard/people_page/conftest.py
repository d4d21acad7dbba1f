"""A database of areas with accounts in several scopes, and admins who look after them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.app import create_app
from dashboard.components.people.people_visit import PeopleVisit
from dashboard.people.account import Account, By
from dashboard.roster.roster import Roster
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from dashboard.store import Store
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import COUNTY, PROVINCE
from tests.dashboard.visitors import client_of, forget_people, make_account, make_session
from tests.dashboard.world import drawn_province
from tests.databases import opened

COUNTY_ADMIN = Viewer("admin", 2, COUNTY, "county.admin")
PROVINCE_ADMIN = Viewer("admin", 0, PROVINCE, "province.admin")

Look = Callable[..., PeopleVisit]
Make = Callable[..., Account]
Clients = Callable[[Account], FlaskClient]
Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def people_world(server: str, template: str) -> Iterator[DatabaseSettings]:
    """The drawn areas without incidents; tests add accounts."""
    with drawn_province(server, template) as settings:
        yield settings


@pytest.fixture(scope="session")
def people_engine(people_world: DatabaseSettings) -> Iterator[Engine]:
    """The application's connections."""
    with opened(people_world, "app") as engine:
        yield engine


@pytest.fixture
def owner(people_world: DatabaseSettings) -> Iterator[Engine]:
    """The administrator's connections; afterwards there is nobody left."""
    with opened(people_world, "admin") as engine:
        yield engine
        with engine.begin() as connection:
            forget_people(connection)


@pytest.fixture
def make(people_world: DatabaseSettings, owner: Engine) -> Make:
    """Make an account, such as ``make("leader@county:990101", "li")``."""
    return lambda viewer, login: make_account(people_world, viewer, login)


@pytest.fixture
def admin(make: Make) -> Account:
    """The admin of the whole province."""
    return make(f"admin@province:{PROVINCE}", PROVINCE_ADMIN.login)


@pytest.fixture
def county_admin(make: Make) -> Account:
    """The admin of one county."""
    return make(f"admin@county:{COUNTY}", COUNTY_ADMIN.login)


@pytest.fixture
def look(people_engine: Engine, owner: Engine) -> Look:
    """Visit the page at an address, as an admin."""

    def visit(address: str = "lang=en", viewer: Viewer = PROVINCE_ADMIN) -> PeopleVisit:
        path, _, search = address.rpartition("?")
        source = Source(people_engine, viewer, Store(50_000_000))
        by = By(viewer.login, viewer.role, viewer.scope_code)
        place = {"pathname": path or "/people", "search": search}
        return PeopleVisit.at(Roster(people_engine, viewer, by), source, place)

    return visit


@pytest.fixture(scope="session")
def application(people_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application over that database."""
    settings = DashboardSettings(state_dir=tmp_path_factory.mktemp("people"))
    return create_app(settings, people_engine).server


@pytest.fixture
def clients(application: Flask, people_engine: Engine) -> Clients:
    """Open a client of an account, in a new session."""
    return lambda account: client_of(application, make_session(people_engine, account))


@pytest.fixture
def ask(clients: Clients, admin: Account) -> Ask:
    """Ask for a change as the admin of the province, or as another."""

    def ask_for(by: Account | None = None, **change: Any) -> Any:
        return clients(by or admin).post("/people/changes?lang=en", json=change)

    return ask_for


@pytest.fixture
def told(owner: Engine) -> Callable[[], list[tuple[str, str, dict[str, Any]]]]:
    """Read the audit log: who, what, particulars; oldest first."""

    def read() -> list[tuple[str, str, dict[str, Any]]]:
        with owner.connect() as connection:
            query = text("SELECT actor, action, detail FROM audit ORDER BY audit_id")
            return [tuple(row) for row in connection.execute(query)]

    return read


def set_password(owner: Engine, account: Account) -> None:
    """Let an account look as if it had chosen a password."""
    with owner.begin() as connection:
        statement = text("INSERT INTO credential (account_id, password_hash) VALUES (:id, 'x')")
        connection.execute(statement, {"id": account.account_id})
