"""The loader's commands, as they are typed."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy import Connection, Engine
from typer.testing import CliRunner, Result

from etl.cli import app
from etl.terms import store_terms
from geo.database import loading
from geo.errors import InputError
from geo.hierarchy import SLOTS
from geo.settings import DatabaseSettings
from tests.areas import province_areas
from tests.etl.drawn import TERMS, ask, frame, incident

Command = Callable[..., Result]


@pytest.fixture
def run(database: DatabaseSettings, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run a command against the test's database; errors are raised."""
    url = database.url("admin").render_as_string(hide_password=False)
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", url)

    def invoke(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)

    return invoke


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """The drawn province as files, one a level, with the columns of the profile china."""
    paths = []
    for slot, level in province_areas().groupby("level"):
        path = tmp_path / f"{SLOTS[slot]}.geojson"
        gpd.GeoDataFrame(level.drop(columns="level")).to_file(path)
        paths.append(path)
    return [
        path.rename(path.with_stem("counties")) if "county" in path.stem else path for path in paths
    ]


def test_from_files_to_verified_rollups(
    run: Command, files: list[Path], tmp_path: Path, loader_engine: Engine, reader: Connection
) -> None:
    loaded = run("load", "boundaries", *files, "--profile", "china", "--valid-from", "2020-01-01")
    assert loaded.exit_code == 0
    assert "18 areas loaded" in " ".join(loaded.output.split())
    with loading(loader_engine) as connection:
        store_terms(connection, TERMS)
    rows = frame([incident(1), incident(2, "E1"), incident(3, "outside")])
    rows.to_csv(tmp_path / "incidents.csv", index=False)
    result = run("load", "incidents", tmp_path / "incidents.csv", "--profile", "china")
    assert result.exit_code == 0
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert {"3 incidents read", "2 incidents loaded", "1 incidents rejected"} <= set(lines)
    assert "1 outside the area of the database" in lines
    assert run("rollups", "verify").exit_code == 0
    assert ask(reader, "SELECT valid_from::text FROM gridboard.area LIMIT 1") == [("2020-01-01",)]


def test_rollups_that_differ_are_named_and_mended(
    run: Command, files: list[Path], tmp_path: Path, loader_engine: Engine, admin_engine: Engine
) -> None:
    run("load", "boundaries", *files, "--profile", "china")
    with loading(loader_engine) as connection:
        store_terms(connection, TERMS)
    frame([incident(1)]).to_parquet(tmp_path / "incidents.parquet")
    run("load", "incidents", tmp_path / "incidents.parquet", "--profile", "china")
    with admin_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE gridboard.rollup_cell SET entries = ''")
    verified = run("rollups", "verify")
    assert verified.exit_code == 1
    assert "rollup_cell 990101001 2024-05: 1 entries differ" in verified.output
    assert "Counted 1 incidents" in run("rollups", "rebuild").output
    assert run("rollups", "verify").exit_code == 0


def test_a_profile_without_incidents_is_refused(run: Command, tmp_path: Path) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text('key = "mine"\nhierarchy = "china"\n', encoding="utf-8")
    with pytest.raises(Exception, match="says nothing about incidents"):
        run("load", "incidents", tmp_path / "x.csv", "--profile", profile)


def test_a_missing_file_is_refused(run: Command, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        run("load", "boundaries", tmp_path / "cells.gpkg", "--profile", "china")
