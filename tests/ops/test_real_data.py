"""Tests never touch what the settings of a person or .env name."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from dashboard import cli
from geo.settings import DatabaseSettings
from tests.cluster import CHECKOUT
from tests.databases import opened

REAL = "postgresql://clerk@db.example/disputes"
NAMES = ("GRIDBOARD_DATABASE", "GRIDBOARD_LOADER_DATABASE_URL", "GRIDBOARD_APP_DATABASE_URL")


def test_tests_forget_the_settings_they_are_started_with() -> None:
    shown = "import os, tests.conftest; print(sorted(n for n in os.environ if 'GRIDBOARD' in n))"
    done = subprocess.run(
        [sys.executable, "-c", shown],
        env=os.environ | dict.fromkeys(NAMES, REAL) | {"GRIDBOARD_TEST_ADMIN_URL": "kept"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(["GRIDBOARD_TEST_ADMIN_URL", cli.WITHOUT_ENV_FILE])


def test_bin_test_hands_no_settings_on(tmp_path: Path) -> None:
    """A checkout whose set-up does nothing and whose python only lists its environment."""
    for name, text in {
        "bin/lib.sh": (CHECKOUT / "bin/lib.sh").read_text(),
        "bin/test": (CHECKOUT / "bin/test").read_text(),
        "bin/setup": "#!/bin/sh\n",
        ".venv/bin/python": "#!/bin/sh\nenv\n",
        ".env": f"GRIDBOARD_DATABASE_URL={REAL}\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "GRIDBOARD_TEST_ADMIN_URL": "kept"}
    done = subprocess.run(
        ["bin/test"],
        env=environment | dict.fromkeys(NAMES, REAL),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    handed = {line for line in done.stdout.splitlines() if line.startswith("GRIDBOARD")}
    assert handed == {"GRIDBOARD_TEST_ADMIN_URL=kept"}


@pytest.mark.parametrize("testing", [True, False])
def test_the_command_reads_env_files_except_in_tests(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, testing: bool
) -> None:
    (tmp_path / ".env").write_text("GRIDBOARD_DATABASE=disputes\n")
    monkeypatch.setattr(cli, "CHECKOUT", tmp_path)
    # Set and taken out again, so that what the file sets does not outlive the test.
    monkeypatch.setenv("GRIDBOARD_DATABASE", "")
    monkeypatch.delenv("GRIDBOARD_DATABASE")
    if not testing:
        monkeypatch.delenv(cli.WITHOUT_ENV_FILE)
    cli.read_env_file()
    assert os.environ.get("GRIDBOARD_DATABASE") == (None if testing else "disputes")


def test_no_other_database_is_opened() -> None:
    real = DatabaseSettings(database_url=SecretStr(REAL))
    with pytest.raises(AssertionError, match="disputes is no database of the tests"):
        opened(real, "loader").__enter__()
