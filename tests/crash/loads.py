"""Loads as real processes, and what a database must look like before, after and in between."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from etl.checksums import Checksums, take_checksums
from etl.loading import load_incident_file
from etl.verification import verify_rollups
from geo.database import engine_for, loading
from geo.settings import DatabaseSettings
from tests.areas import SIDE, SOUTH, WEST
from tests.etl.drawn import load_areas
from tests.ops.conftest import COMMAND

ROWS = 20_000
PROFILE = """
key = "mine"
hierarchy = "china"
[incidents]
source = "mine"
time_zone = "Asia/Shanghai"
crs = "EPSG:4326"
incident_id = ["id"]
lon = "lon"
lat = "lat"
occurred_at = { column = "when" }
category = { column = "what", create = true }
channel = { constant = "hotline" }
status = { constant = "open" }
"""
LEFT_BEHIND = """
SELECT 'table ' || relname FROM pg_class
WHERE relkind = 'r' AND NOT relispartition
  AND (relnamespace::regnamespace::text LIKE 'pg_temp%' OR relname LIKE 'incident_2%')
UNION ALL
SELECT 'lock ' || locktype FROM pg_locks WHERE locktype = 'advisory'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
UNION ALL
SELECT 'session ' || state FROM pg_stat_activity
WHERE datname = current_database() AND application_name = 'gridboard loader'
UNION ALL
SELECT 'batch ' || batch_id FROM gridboard.batch WHERE finished_at IS NULL
"""
"""What a load that ended, in whatever way, must not leave in the database.

PostgreSQL learns a little late that somebody has gone: wait until it is none.
"""


@dataclass(frozen=True)
class Files:
    """A first file and a second one that corrects it, adds to it and is partly refused."""

    first: Path
    second: Path
    profile: Path


def make_files(folder: Path) -> Files:
    """Files of incidents all over the drawn province, the same at every call."""
    random = np.random.default_rng(3)
    first = _incidents(random, np.arange(ROWS), "2024-01-01", 300)
    corrected = first.sample(ROWS // 4, random_state=3).assign(what="corrected")
    moved = corrected["id"] % 2 == 0
    corrected.loc[moved, "lon"] = WEST + SIDE / 2
    new = _incidents(random, np.arange(ROWS, 2 * ROWS), "2023-06-01", 900)
    files = Files(folder / "first.csv", folder / "second.csv", folder / "mine.toml")
    first.to_csv(files.first, index=False)
    pd.concat([corrected, new]).to_csv(files.second, index=False)
    files.profile.write_text(PROFILE, encoding="utf-8")
    return files


def _incidents(
    random: np.random.Generator, ids: "np.ndarray[Any, Any]", since: str, days: int
) -> pd.DataFrame:
    """Incidents on random days at random places, one in fifty of which is outside."""
    count = len(ids)
    lon = WEST + random.random(count) * 4 * SIDE
    lon[random.random(count) < 0.02] = 10.0
    moments = pd.Timestamp(since) + pd.to_timedelta(random.integers(0, days * 1440, count), "min")
    return pd.DataFrame(
        {
            "id": ids,
            "what": random.choice(["family", "land", "noise", "water"], count),
            "when": moments.strftime("%Y-%m-%d %H:%M"),
            "lat": SOUTH + random.random(count) * 2 * SIDE,
            "lon": lon,
        }
    )


def prepare(settings: DatabaseSettings, files: Files) -> None:
    """Load the areas and the first file."""
    engine = engine_for(settings, "loader")
    load_areas(engine)
    load_incident_file(engine, files.first, str(files.profile), _quiet)
    engine.dispose()


def finish(settings: DatabaseSettings, files: Files) -> None:
    """Load the second file without any harm."""
    engine = engine_for(settings, "loader")
    load_incident_file(engine, files.second, str(files.profile), _quiet)
    engine.dispose()


def _quiet(step: str, done: int, total: int) -> None:
    """Progress nobody looks at."""


def sums(settings: DatabaseSettings) -> Checksums:
    """The checksums; rollups agree with incidents, and nothing is left behind."""
    engine = engine_for(settings, "loader")
    with loading(engine) as connection:
        assert verify_rollups(connection) == []
        found = take_checksums(connection)
    engine.dispose()
    return found


def left_behind(settings: DatabaseSettings) -> list[str]:
    """What is in the database that belongs to no load that is under way."""
    with admin(settings).connect() as connection:
        return [str(row[0]) for row in connection.execute(text(LEFT_BEHIND))]


def admin(settings: DatabaseSettings) -> Engine:
    """The administrator's way in, a connection a question."""
    return create_engine(settings.url("admin"), poolclass=NullPool)


def start_load(
    settings: DatabaseSettings, files: Files, *options: str, file: Path | None = None
) -> "subprocess.Popen[str]":
    """Start ``gridboard load incidents`` with the second file as a process of its own."""
    words = ["load", "incidents", str(file or files.second), "--profile", str(files.profile)]
    return start(settings, *words, *options)


def start(settings: DatabaseSettings, *words: str) -> "subprocess.Popen[str]":
    """Start a command of gridboard on the database."""
    url = settings.url("admin").render_as_string(hide_password=False)
    return subprocess.Popen(
        [str(COMMAND), *words],
        env=os.environ | {"GRIDBOARD_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def report_of(program: "subprocess.Popen[str]") -> dict[str, Any]:
    """The account that a load with ``--report -`` prints."""
    out, _ = program.communicate(timeout=120)
    account: dict[str, Any] = json.loads(out)
    return account


def connected(settings: DatabaseSettings) -> bool:
    """Whether a loader is at work in the database."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'gridboard loader'"
        " AND datname = current_database() AND xact_start IS NOT NULL"
    )
    with admin(settings).connect() as connection:
        return bool(connection.scalar(text(query)))


def settings_of(url: str) -> DatabaseSettings:
    """The settings that name a database by the administrator's address."""
    return DatabaseSettings(database_url=SecretStr(url), pool_size=4)
