"""The demo of one county, loaded as `gridboard demo` does it."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.demo_live import run_live
from etl.demo_loading import demo_is_loaded, load_demo, refuse_other_size
from etl.verification import verify_rollups
from geo.database import loading
from geo.errors import InputError
from geo.revisions import current
from tests.databases import cloned_database, opened
from tests.etl.drawn import ask, counts

UNTIL = date(2025, 11, 1)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the demo writes what it planted."""
    return tmp_path_factory.mktemp("demo") / "build" / "truth.json"


@pytest.fixture(scope="module")
def demo(server: str, template: str, truth: Path) -> Iterator[Engine]:
    """The loader's connections to a database with the demo of one county."""
    with cloned_database(server, template) as settings, opened(settings, "loader") as engine:
        report = load_demo(engine, size="county", count=3000, until=UNTIL, truth=truth)
        assert counts(report) == {"read": 3000, "loaded": 3000}
        yield engine


def test_the_demo_is_complete(demo: Engine, truth: Path) -> None:
    with loading(demo) as connection:
        assert demo_is_loaded(connection)
        assert verify_rollups(connection) == []
        placed = "SELECT count(*), count(cell_code), min(precision) FROM incident"
        assert ask(connection, placed) == [(3000, 3000, 5)]
        [(notes,)] = ask(connection, "SELECT notes FROM hierarchy")
        assert ask(connection, "SELECT count(DISTINCT layer) FROM area_shape") == [(6,)]
    assert notes["synthetic_from"] == "township"
    planted = json.loads(truth.read_text(encoding="utf-8"))
    assert planted["until"] == UNTIL.isoformat()
    assert planted["patterns"]


def test_loading_it_again_changes_nothing(demo: Engine) -> None:
    with loading(demo) as connection:
        before = current(connection)
    report = load_demo(demo, size="county", count=3000, until=UNTIL)
    assert counts(report) == {"read": 3000, "unchanged": 3000}
    with loading(demo) as connection:
        assert current(connection) == before


def test_another_size_is_refused(demo: Engine) -> None:
    """Two sizes are neither mixed nor silently taken for each other."""
    refusal = (
        "this database holds the demo of size county, not province: delete it with 'make clean'"
        " or name another database with GRIDBOARD_DATABASE"
    )
    with pytest.raises(InputError) as caught:
        load_demo(demo, size="province", count=10, until=UNTIL)
    assert str(caught.value) == refusal
    with loading(demo) as connection:
        with pytest.raises(InputError, match="of size county"):
            refuse_other_size(connection, "province")
        refuse_other_size(connection, "county")
        assert ask(connection, "SELECT count(*) FROM incident") == [(3000,)]


def test_live_incidents_are_added(demo: Engine) -> None:
    told: list[str] = []
    added = run_live(demo, per_minute=600, minutes=0.05, tell=told.append)
    assert added > 0
    assert len(told) >= 1
    with loading(demo) as connection:
        assert ask(connection, "SELECT count(*) FROM incident") == [(3000 + added,)]
        assert verify_rollups(connection) == []


def test_an_empty_database_holds_no_demo(loader_engine: Engine) -> None:
    with loading(loader_engine) as connection:
        refuse_other_size(connection, "county")
        assert not demo_is_loaded(connection)
