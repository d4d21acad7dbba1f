"""A session that asks for too much is told when to come again; others go on."""

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient
from limits import strategies
from limits.storage import memory
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.server import rates
from dashboard.server.rates import DEMO_DOOR
from dashboard.settings import DashboardSettings
from tests.areas import PROVINCE
from tests.dashboard.visitors import Visitors, client_of

FIGURES, WORK, FILES = 5, 8, 2
FIGURE = "/areas/province-990000/1/1.json"
EXPORT = "/data/batches/999/rejects.csv"
FILE = "/export/990109.csv"
LEDGER = "/ledger/990109.pdf"
PICTURE = "/brief/990109/map.svg"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock by which is counted: where a minute of it ends, one more is let in."""
    amid_a_minute_s = time.time() // 60 * 60 + 30
    stopped = SimpleNamespace(time=lambda: amid_a_minute_s)
    for module in (memory, strategies, rates):
        monkeypatch.setattr(module, "time", stopped)


@pytest.fixture
def held(world_engine: Engine, visitors: Visitors, tmp_path: Path) -> Callable[[], FlaskClient]:
    """Sessions of one account with an application that allows little."""
    settings = DashboardSettings(state_dir=tmp_path, figures_per_min=FIGURES, work_per_min=WORK)
    server = create_app(settings, world_engine).server
    return lambda: visitors.client(server, f"operator@province:{PROVINCE}")


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        (FIGURE, FIGURES),
        (PICTURE, FIGURES),
        (EXPORT, WORK),
        ("/campaigns", WORK),
        (FILE, FILES),
        (LEDGER, FILES),
    ],
)
def test_one_session_is_stopped_and_no_other(
    held: Callable[[], FlaskClient], path: str, limit: int
) -> None:
    wild, other = held(), held()
    answers = [wild.get(path) for _each in range(limit + 2)]
    assert [answer.status_code == 429 for answer in answers] == [False] * limit + [True] * 2
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert set(answers[-1].json) == {"error", "request_id"}
    assert other.get(path).status_code != 429


def test_kinds_are_counted_apart_and_what_costs_little_is_not(
    held: Callable[[], FlaskClient],
) -> None:
    client = held()
    while client.get(EXPORT).status_code != 429:
        pass
    assert client.get(FIGURE).status_code != 429
    cheap = ("/revision.json", "/healthz", "/_dash-layout", "/log-in")
    for path in cheap * 4:
        assert client.get(path).status_code == 200


def test_callbacks_are_counted(held: Callable[[], FlaskClient]) -> None:
    client = held()
    answers = [client.post("/_dash-update-component", json={}) for _each in range(FIGURES + 1)]
    assert [answer.status_code for answer in answers] == [400] * FIGURES + [429]


def test_strangers_count_for_nobody(held: Callable[[], FlaskClient]) -> None:
    server = held().application
    answers = {server.test_client().get(FIGURE).status_code for _each in range(2 * FIGURES)}
    assert answers == {401}


def test_the_demo_is_entered_a_minute_so_often_and_no_more(
    world_engine: Engine, tmp_path: Path
) -> None:
    settings = DashboardSettings(state_dir=tmp_path, demo=True, cookie_secure=False)
    client = client_of(create_app(settings, world_engine).server, secure=False)
    answers = [client.post(DEMO_DOOR, data={"login": "nobody"}) for _each in range(70)]
    refused = [answer.status_code == 429 for answer in answers]
    assert refused == [False] * 60 + [True] * 10
    assert client.get("/log-in").status_code == 200
