"""A hub over a fresh database, and readers of its streams."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from dashboard.live.hub import Hub
from dashboard.people.account import Account
from dashboard.people.sessions import Session, Sessions
from dashboard.people.standing import standing
from etl.statements import run
from geo.database import loading
from geo.revisions import bump
from geo.settings import DatabaseSettings
from tests.areas import COUNTY
from tests.dashboard.live.reading import Reader
from tests.dashboard.visitors import make_account, make_session

VIEWER = f"leader@county:{COUNTY}"
Commit = Callable[..., int]


@pytest.fixture
def account(database: DatabaseSettings) -> Account:
    """The account of a leader of the county."""
    return make_account(database, f"{VIEWER},county:999999")


@pytest.fixture
def token(app_engine: Engine, account: Account) -> str:
    """The cookie of a session of it."""
    return make_session(app_engine, account)


@pytest.fixture
def session(app_engine: Engine, token: str) -> Session:
    """That session."""
    found = Sessions(app_engine).find(token)
    assert found is not None
    return found


@pytest.fixture
def hub(app_engine: Engine) -> Iterator[Hub]:
    """A hub of at most twenty streams; all are closed in the end."""
    with opened_hub(app_engine, 20) as hub:
        yield hub


@contextmanager
def opened_hub(engine: Engine, limit: int) -> Iterator[Hub]:
    """A hub whose thread has ended in the end."""
    made = Hub(engine, standing, limit)
    yield made
    made.stop()
    soon(lambda: made.count == 0 and not made.is_kept)


@pytest.fixture
def read(hub: Hub) -> Callable[[Session], Reader]:
    """Open a stream for a session, and read it."""
    return lambda session: Reader(hub.join(session.session_id, session.viewer, None))


@pytest.fixture
def commit(loader_engine: Engine) -> Commit:
    """Raise the revision of the incidents or the areas, as a load does."""

    def raise_it(kind: str = "incident", *, notify: bool = True) -> int:
        with loading(loader_engine) as connection:
            revision = bump(connection, kind)
            if notify:
                run(connection, "notify", {"kind": kind, "revision": revision})
            return revision

    return raise_it


def soon(happened: Callable[[], bool], wait_s: float = 60.0) -> None:
    """Wait until something has happened."""
    end_s = time.monotonic() + wait_s
    while not happened():
        assert time.monotonic() < end_s, "it did not happen"
        time.sleep(0.01)
