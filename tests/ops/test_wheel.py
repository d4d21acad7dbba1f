"""The wheel carries the three packages, their data and the built assets, and serves from them."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cluster import CHECKOUT

PACKAGES = ("geo", "etl", "dashboard")
NOT_SOURCE = shutil.ignore_patterns(
    "__pycache__", ".*", "node_modules", "build", "dist", "*.egg-info", "tests"
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy, so that no earlier build leaves anything in it."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(CHECKOUT, folder / "source", ignore=NOT_SOURCE)
    run("-m", "pip", "wheel", "--no-deps", "--wheel-dir", str(folder), str(folder / "source"))
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """A folder with what the wheel installs, and nothing of the checkout."""
    target = wheel.parent / "installed"
    run("-m", "pip", "install", "--no-deps", "--no-index", "--target", str(target), str(wheel))
    return target


def test_every_file_of_the_packages_is_in_the_wheel(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    sources = {
        str(path.relative_to(CHECKOUT))
        for package in PACKAGES
        for path in (CHECKOUT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert sources - carried == set()
    kinds = {Path(name).suffix for name in carried}
    assert {".py", ".sql", ".toml", ".csv"} <= kinds


def test_the_built_assets_are_in_the_wheel(wheel: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    assets = {
        f"dashboard/{path.relative_to(CHECKOUT)}"
        for path in (CHECKOUT / "assets").rglob("*")
        if path.is_file()
    }
    assert any("vendor" in name for name in assets)
    assert assets - carried == set()
    assert any(name.endswith("licenses/LICENSE") for name in carried)


def test_the_application_starts_from_the_wheel(installed: Path) -> None:
    """Its pages, styles and libraries come from the wheel; nothing looks for the checkout."""
    answered = run("-c", SERVES, installed=installed)
    assert answered.split() == ["200", "200", "200"]


def test_the_command_starts_from_the_wheel(installed: Path) -> None:
    said = run("-c", "from dashboard.cli import main; main()", "--help", installed=installed)
    assert "demo" in said


SERVES = """
import sys
from pathlib import Path
import dashboard, geo, etl
from dashboard.app import create_app
from dashboard.settings import DashboardSettings

home = Path(dashboard.__file__).parents[1]
assert Path(geo.__file__).parents[1] == Path(etl.__file__).parents[1] == home
settings = DashboardSettings()
assert home in settings.assets_dir.parents, settings.assets_dir
client = create_app(settings).server.test_client()
for path in ("/healthz", "/assets/tokens.css", "/assets/vendor/maplibre-gl/maplibre-gl.mjs"):
    print(client.get(path).status_code)
"""


def run(*arguments: str, installed: Path | None = None) -> str:
    """What Python prints, away from the checkout; it must succeed."""
    environment = dict(os.environ)
    if installed:
        environment["PYTHONPATH"] = str(installed)
        environment["GRIDBOARD_DATABASE_URL"] = "postgresql://127.0.0.1:1/nothing"
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
