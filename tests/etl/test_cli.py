"""The loader's commands, as they are typed."""

import json
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy import Connection, Engine
from typer.testing import CliRunner, Result

from etl.cli import app
from etl.terms import store_terms
from etl.undoing import UndoError
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


@pytest.fixture
def loaded(run: Command, files: list[Path], loader_engine: Engine) -> None:
    """A database with the drawn province, loaded from its files."""
    result = run("load", "boundaries", *files, "--profile", "china", "--valid-from", "2020-01-01")
    assert result.exit_code == 0
    assert "18 areas loaded" in " ".join(result.output.split())
    with loading(loader_engine) as connection:
        store_terms(connection, TERMS)


@pytest.fixture
def incidents(tmp_path: Path) -> list[object]:
    """The words that load three incidents, one of which lies outside."""
    path = tmp_path / "incidents.csv"
    frame([incident(1), incident(2, "E1"), incident(3, "outside")]).to_csv(path, index=False)
    return ["load", "incidents", path, "--profile", "china", "--crs", "EPSG:4326"]


def lines(result: Result) -> list[str]:
    """What was printed, without what aligns it."""
    return [" ".join(line.split()) for line in result.output.splitlines()]


def test_from_files_to_verified_rollups(
    loaded: None, run: Command, incidents: list[object], reader: Connection
) -> None:
    result = run(*incidents)
    assert result.exit_code == 3
    said = lines(result)
    assert {"3 incidents read", "2 incidents loaded", "1 incidents rejected"} <= set(said)
    assert any(
        line.startswith("1 outside the area of the database (first in row 3)") for line in said
    )
    assert any(line.startswith("→ is it the right CRS") for line in said)
    assert run("rollups", "verify").exit_code == 0
    assert ask(reader, "SELECT valid_from::text FROM gridboard.area LIMIT 1") == [("2020-01-01",)]
    again = run(*incidents)
    assert {"0 incidents loaded", "2 incidents unchanged"} <= set(lines(again))


def test_the_account_is_json(
    loaded: None, run: Command, incidents: list[object], tmp_path: Path, reader: Connection
) -> None:
    tried = run(*incidents, "--dry-run", "--report", "-")
    assert tried.exit_code == 3
    account = json.loads(tried.stdout)
    assert (account["dry_run"], account["batch_id"]) == (True, None)
    assert "This was a dry run: nothing was changed" in tried.stderr
    assert ask(reader, "SELECT count(*) FROM gridboard.incident") == [(0,)]
    run(*incidents, "--report", tmp_path / "account.json")
    account = json.loads((tmp_path / "account.json").read_text(encoding="utf-8"))
    assert account["rows_read"] == sum(
        account[f"rows_{name}"] for name in ("loaded", "updated", "unchanged", "rejected")
    )
    assert account["reasons"] == [
        {
            "reason": "outside the area of the database",
            "code": "outside_hierarchy",
            "rows": 1,
            "first_row": 3,
        }
    ]
    assert (account["first_day"], account["last_day"]) == ("2024-05-10", "2024-05-10")


def test_a_refusal_has_an_account_too(loaded: None, run: Command, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    frame([incident(1)]).assign(phone="13812345678").to_csv(path, index=False)
    account = tmp_path / "account.json"
    words = ["load", "incidents", path, "--profile", "china", "--report", account]
    with pytest.raises(InputError, match="nothing says in which CRS"):
        run(*words)
    said = json.loads(account.read_text(encoding="utf-8"))
    assert "nothing says in which CRS" in said["error"]
    with pytest.raises(InputError, match="data about persons"):
        run(*words, "--crs", "EPSG:4326")
    said = json.loads(account.read_text(encoding="utf-8"))
    assert said["kind"] == "PersonDataError"
    assert [(each["column"], each["rows"]) for each in said["persons"]] == [("phone", 1)]


def test_an_account_that_cannot_be_written_stops_before_the_load(
    loaded: None, run: Command, incidents: list[object], tmp_path: Path, reader: Connection
) -> None:
    for place in (tmp_path, tmp_path / "nowhere" / "x.json"):
        with pytest.raises(InputError, match="cannot write"):
            run(*incidents, "--report", place)
    assert ask(reader, "SELECT count(*) FROM gridboard.incident") == [(0,)]


@pytest.mark.parametrize("option", ["--rejects", "--report"])
def test_what_is_read_is_never_written_over(
    loaded: None, run: Command, incidents: list[object], tmp_path: Path, option: str
) -> None:
    source = tmp_path / "incidents.csv"
    before = source.read_bytes()
    (tmp_path / "link.csv").symlink_to(source)
    for name in ("incidents.csv", "link.csv"):
        with pytest.raises(InputError, match="is what is read"):
            run(*incidents, "--dry-run", option, tmp_path / name)
    assert source.read_bytes() == before


def test_batches_are_listed_handed_out_and_undone(
    loaded: None, run: Command, incidents: list[object], tmp_path: Path
) -> None:
    before = run("rollups", "checksum").output
    run(*incidents)
    after = run("rollups", "checksum").output
    assert before != after
    assert before.splitlines()[0].endswith(" 0 incidents")
    listed = run("batches", "list")
    assert any("incidents of china: incidents.csv 3 2 0 0 1" in line for line in lines(listed))
    handed = run("batches", "rejects", 2, "--out", tmp_path / "refused.csv")
    assert "1 rows written to" in handed.output
    assert "gridboard_reason" in (tmp_path / "refused.csv").read_text(encoding="utf-8-sig")
    undone = run("batches", "undo", 2, "--report", "-")
    assert json.loads(undone.stdout) == {"batch_id": 2, "rows_removed": 2, "rows_restored": 0}
    assert "Batch 2 is undone: 2 incidents removed, 0 former ones restored" in undone.stderr
    assert run("rollups", "checksum").output == before
    assert any("undone by" in line for line in lines(run("batches", "list")))
    with pytest.raises(UndoError, match="undone already"):
        run("batches", "undo", 2)


def test_rollups_that_differ_are_named_and_mended(
    loaded: None, run: Command, tmp_path: Path, admin_engine: Engine
) -> None:
    frame([incident(1)]).to_parquet(tmp_path / "incidents.parquet")
    path = tmp_path / "incidents.parquet"
    assert run("load", "incidents", path, "--profile", "china", "--crs", "EPSG:4326").exit_code == 0
    with admin_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE gridboard.rollup_cell SET entries = ''")
    verified = run("rollups", "verify")
    assert verified.exit_code == 1
    assert "rollup_cell 990101001 2024-05: 1 entries differ" in verified.output
    assert "Counted 1 incidents" in run("rollups", "rebuild").output
    assert run("rollups", "verify").exit_code == 0


def test_a_wrong_word_is_wrong_usage(run: Command) -> None:
    assert run("load", "incidents").exit_code == 2
    assert run("load", "incidents", "x", "--profile", "china", "--most-rejected", 2).exit_code == 2


def test_a_profile_without_incidents_is_refused(run: Command, tmp_path: Path) -> None:
    profile = tmp_path / "mine.toml"
    profile.write_text('key = "mine"\nhierarchy = "china"\n', encoding="utf-8")
    with pytest.raises(Exception, match="says nothing about incidents"):
        run("load", "incidents", tmp_path / "x.csv", "--profile", profile)


def test_a_missing_file_is_refused(run: Command, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        run("load", "boundaries", tmp_path / "cells.gpkg", "--profile", "china")
