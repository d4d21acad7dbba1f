"""``/readyz`` says what is missing, and what is amiss while it can serve all the same."""

import shutil
from fcntl import LOCK_EX
from pathlib import Path
from types import SimpleNamespace

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.server.surroundings import Surroundings
from dashboard.serving import try_lock
from dashboard.settings import DashboardSettings
from geo.database import engine_for
from geo.schema import create_database
from geo.settings import DatabaseSettings
from tests.dashboard.visitors import Visitors, make_account
from tests.databases import opened


def test_who_asks_is_told_the_reasons(app_engine: Engine, tmp_path: Path) -> None:
    client = create_app(DashboardSettings(state_dir=tmp_path), app_engine).server.test_client()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {
        "ready": True,
        "checks": {"pool": "ok", "database": "ok", "schema": "ok", "role": "ok"},
        "concerns": {"accounts": "none: run 'gridboard user add'", "disk": "ok", "worker": "none"},
    }


def test_a_database_without_a_schema(empty_database: DatabaseSettings, tmp_path: Path) -> None:
    create_database(empty_database.url("admin"))
    with opened(empty_database, "app") as engine:
        client = create_app(DashboardSettings(state_dir=tmp_path), engine).server.test_client()
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["checks"]["schema"] == "another version"
    assert answer.json["concerns"]["accounts"] == "unknown"


def test_an_account_is_enough(
    database: DatabaseSettings, app_engine: Engine, tmp_path: Path
) -> None:
    around = Surroundings(app_engine, tmp_path, has_worker=False)
    make_account(database, "admin@province:990000")
    assert around.concerns() == {"accounts": "ok", "disk": "ok", "worker": "ok"}


def test_a_worker_is_seen_while_it_lives(app_engine: Engine, tmp_path: Path) -> None:
    around = Surroundings(app_engine, tmp_path, has_worker=True)
    note = tmp_path / "work-77.pid"
    note.write_text("77")
    assert around.concerns()["worker"] == "none", "it died without removing its note"
    with note.open() as held:
        assert try_lock(held, LOCK_EX)
        assert around.concerns()["worker"] == "ok"
    assert around.concerns()["worker"] == "none"


def test_a_disk_that_fills_is_told(
    app_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = Surroundings(app_engine, tmp_path / "not" / "there", has_worker=False)
    assert around.concerns()["disk"] == "ok"
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    assert around.concerns()["disk"] == "almost full"


def test_without_a_database_accounts_are_unknown(tmp_path: Path) -> None:
    url = SecretStr("postgresql://gridboard_app@/gridboard?host=/nowhere")
    engine = engine_for(DatabaseSettings(app_database_url=url))
    assert Surroundings(engine, tmp_path, has_worker=False).concerns()["accounts"] == "unknown"


def test_strangers_learn_no_more(visitors: Visitors, world_engine: Engine, tmp_path: Path) -> None:
    """The reasons are words of ours: neither names nor addresses nor what a driver says."""
    app = create_app(DashboardSettings(state_dir=tmp_path), world_engine)
    visitors.account("leader@province:990000")
    text = app.server.test_client().get("/readyz").text
    assert str(tmp_path) not in text
    assert "990000" not in text
