"""gridboard profile draft, as it is typed."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from etl.cli import app
from etl.profiles import load_profile
from geo.settings import DatabaseSettings
from tests.etl.drafting.test_drafting import ledger, write
from tests.etl.drawn import incident


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def test_a_draft_that_is_shown_is_a_profile(tmp_path: Path) -> None:
    shown = run("profile", "draft", write(ledger(), tmp_path, "xlsx"))
    (tmp_path / "mine.toml").write_text(shown, encoding="utf-8")
    assert load_profile(str(tmp_path / "mine.toml")).incidents is not None


def test_a_draft_that_is_written_leaves_its_doubts_on_the_screen(tmp_path: Path) -> None:
    said = run(
        "profile", "draft", write(ledger(), tmp_path, "csv"), "--out", tmp_path / "mine.toml"
    )
    assert load_profile(str(tmp_path / "mine.toml")).incidents is not None
    assert "Unsure, crs: nothing in the file says" in said
    assert "row 3: unknown category" in said
    assert "张伟" not in said


@pytest.mark.usefixtures("drawn")
def test_the_areas_loaded_tell_which_system_fits(
    tmp_path: Path,
    database: DatabaseSettings,
    loader_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = database.url("admin").render_as_string(hide_password=False)
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", url)
    with loader_engine.connect() as connection:
        codes = pd.read_sql("SELECT code FROM gridboard.area WHERE level = 0", connection)["code"]
    rows = pd.DataFrame([incident(number) for number in range(30)]).assign(网格编码=codes[0])
    rows.to_csv(tmp_path / "a.csv", index=False)
    said = run("profile", "draft", tmp_path / "a.csv", "--fit", "--out", tmp_path / "a.toml")
    assert "of 30 points inside the area they belong to: as is 100.0%" in said
