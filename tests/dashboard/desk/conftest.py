"""A database with areas, batches and jobs of several scopes, and operators who work on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.app import create_app
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.desk.desk import Desk
from dashboard.desk.files import Folders
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from dashboard.store import Store
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import COUNTY, PROVINCE
from tests.dashboard.visitors import Visitors
from tests.dashboard.world import drawn_province
from tests.databases import opened

OPERATOR = f"operator@province:{PROVINCE}"
COUNTY_OPERATOR = f"operator@county:{COUNTY}"
SMALL_LIMIT_MB = 1

Clients = Callable[..., FlaskClient]
Put = Callable[..., int]
Visit = Callable[..., DeskVisit]


@pytest.fixture(scope="session")
def desk_world(server: str, template: str) -> Iterator[DatabaseSettings]:
    """The drawn areas without incidents; tests add jobs and batches."""
    with drawn_province(server, template) as settings:
        yield settings


@pytest.fixture(scope="session")
def desk_engine(desk_world: DatabaseSettings) -> Iterator[Engine]:
    """The application's connections."""
    with opened(desk_world, "app") as engine:
        yield engine


@pytest.fixture(scope="session")
def desk_visitors(desk_world: DatabaseSettings, desk_engine: Engine) -> Visitors:
    """Accounts and sessions of those who work on it."""
    return Visitors(desk_world, desk_engine)


@pytest.fixture
def desk_admin(desk_world: DatabaseSettings) -> Iterator[Engine]:
    """The administrator's connections; afterwards no job, upload or batch is left."""
    with opened(desk_world, "admin") as engine:
        yield engine
        with engine.begin() as connection:
            for table in ("reject", "job", "upload", "former_incident"):
                connection.execute(text(f"DELETE FROM {table}"))  # noqa: S608
            connection.execute(text("DELETE FROM batch WHERE kind = 'incident'"))


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """The folder whose files may be loaded by name."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def operators(
    desk_engine: Engine,
    desk_admin: Engine,
    desk_visitors: Visitors,
    tmp_path: Path,
    inbox: Path,
) -> Clients:
    """Open a client of a viewer; all share a state folder and a limit of one megabyte."""

    def client(viewer: str | None = OPERATOR) -> FlaskClient:
        settings = DashboardSettings(
            state_dir=tmp_path / "state",
            upload_limit_mb=SMALL_LIMIT_MB,
            inbox=inbox,
        )
        return desk_visitors.client(create_app(settings, desk_engine).server, viewer)

    return client


@pytest.fixture
def operator(operators: Clients) -> FlaskClient:
    """An operator of the whole province."""
    return operators()


@pytest.fixture
def put_job(desk_admin: Engine) -> Put:
    """Write a job as a worker would have left it; its number."""

    def put(kind: str, state: str, request: dict[str, Any], **values: Any) -> int:
        now = datetime.now(UTC)
        given = {
            "scope": values.pop("scope", PROVINCE),
            "kind": kind,
            "state": state,
            "request": json.dumps(request),
            "result": json.dumps(values.pop("result", None)),
            "asked": now - values.pop("age", timedelta()),
            "seen": values.pop("seen", None),
        }
        assert not values
        with desk_admin.begin() as connection:
            statement = text(
                "INSERT INTO job (scope_code, author, kind, state, request, result, asked_at,"
                " started_at, seen_at) VALUES (:scope, 'somebody', :kind, :state,"
                " CAST(:request AS jsonb), CAST(:result AS jsonb), :asked, :seen, :seen)"
                " RETURNING job_id"
            )
            return int(connection.execute(statement, given).scalar_one())

    return put


@pytest.fixture
def put_batch(desk_admin: Engine) -> Put:
    """Write a batch with some refused rows; its number."""

    def put(scope: str = PROVINCE, source: str = "hotline", **values: Any) -> int:
        rejects = values.pop("rejects", [])
        given = {
            "scope": scope,
            "source": source,
            "last": values.pop("last_day", None),
            "rejected": len(rejects),
        }
        assert not values
        with desk_admin.begin() as connection:
            statement = text(
                "INSERT INTO batch (scope_code, kind, source, file_name, finished_at, rows_read,"
                " rows_loaded, rows_rejected, first_day, last_day)"
                " VALUES (:scope, 'incident', :source, 'october.csv', now(), 10 + :rejected,"
                " 10, :rejected, :last, :last) RETURNING batch_id"
            )
            batch_id = int(connection.execute(statement, given).scalar_one())
            for row, (reason, raw) in enumerate(rejects, start=1):
                connection.execute(
                    text(
                        "INSERT INTO reject (batch_id, row, reason, raw)"
                        " VALUES (:batch, :row, :reason, CAST(:raw AS jsonb))"
                    ),
                    {"batch": batch_id, "row": row, "reason": reason, "raw": json.dumps(raw)},
                )
        return batch_id

    return put


@pytest.fixture
def look(desk_engine: Engine, desk_admin: Engine, tmp_path: Path, inbox: Path) -> Visit:
    """Visit the data page at a query string, by default as an operator of the province.

    ``engine`` is that of another database.
    """
    folders = Folders(tmp_path, inbox, 1_000_000)

    def visit(
        search: str = "",
        viewer: Viewer = Viewer("operator", 0, PROVINCE),  # noqa: B008
        engine: Engine = desk_engine,
    ) -> DeskVisit:
        source = Source(engine, viewer, Store(50_000_000))
        return DeskVisit.at(Desk(engine, viewer, folders), source, {"search": search})

    return visit
