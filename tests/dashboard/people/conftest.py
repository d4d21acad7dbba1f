"""A province with people in it, each test in a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine, text

from dashboard.people import passwords
from dashboard.people.account import Account
from dashboard.people.invitations import invite, set_password
from geo.database import administering
from geo.settings import DatabaseSettings
from tests.dashboard.visitors import BY, Visitors, forget_people
from tests.dashboard.world import drawn_province
from tests.databases import opened

PASSWORD = "correct horse battery"  # noqa: S105 - of accounts of the tests
CHEAP = passwords.PasswordHasher(time_cost=1, memory_cost=64)

People = Callable[..., Account]


@dataclass(frozen=True)
class From:
    """Where a request of a test comes from."""

    address: str = "198.51.100.7"
    request_id: str | None = "r1"
    browser: str | None = "tests"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spend on passwords a thousandth of what they cost in earnest."""
    monkeypatch.setattr(passwords, "_hasher", CHEAP)
    passwords._nobodys_hash.cache_clear()


@pytest.fixture(scope="session")
def town(server: str, template: str) -> Iterator[DatabaseSettings]:
    """The drawn areas without incidents, and nobody in them."""
    with drawn_province(server, template) as settings:
        yield settings


@pytest.fixture(scope="session")
def gate(town: DatabaseSettings) -> Iterator[Engine]:
    """The application's connections to it."""
    with opened(town, "app") as engine:
        yield engine


@pytest.fixture(scope="session")
def owner_engine(town: DatabaseSettings) -> Iterator[Engine]:
    """The administrator's connections to it."""
    with opened(town, "admin") as engine:
        yield engine


@pytest.fixture
def owner(owner_engine: Engine) -> Iterator[Engine]:
    """The administrator's connections; afterwards nobody is left."""
    yield owner_engine
    with owner_engine.begin() as connection:
        forget_people(connection)


@pytest.fixture
def town_visitors(town: DatabaseSettings, gate: Engine, owner: Engine) -> Visitors:
    """Accounts and sessions for clients."""
    return Visitors(town, gate)


@pytest.fixture
def people(town_visitors: Visitors, gate: Engine, owner: Engine) -> People:
    """Make somebody, ``[role@]slot:code``, who has set a password."""

    def make(viewer: str, password: str | None = PASSWORD) -> Account:
        account = town_visitors.account(viewer)
        if password is not None:
            with administering(owner) as connection:
                token = invite(connection, account, BY)
            with set_password(gate, token, password):
                pass
        return account

    return make


@pytest.fixture
def later(owner: Engine) -> Callable[[str], None]:
    """Let time pass: whatever is noted of people lies that much further back."""

    def pass_time(interval: str) -> None:
        moves = {
            "session": ("created_at", "seen_at", "expires_at"),
            "invitation": ("made_at", "expires_at"),
            "failed_log_in": ("at",),
        }
        with owner.begin() as connection:
            for table, columns in moves.items():
                back = ", ".join(f"{name} = {name} - CAST(:span AS interval)" for name in columns)
                connection.execute(text(f"UPDATE {table} SET {back}"), {"span": interval})  # noqa: S608

    return pass_time


@pytest.fixture
def audit(owner: Engine) -> Callable[[], list[tuple[str, str, str, dict]]]:
    """Read the audit log: actor, action, scope and detail of each line."""

    def read() -> list[tuple[str, str, str, dict]]:
        query = "SELECT actor, action, scope_code, detail FROM audit ORDER BY audit_id"
        with owner.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    return read
