"""What cannot work is refused with one line and exit code 1, and leaves nothing half-done."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.dashboard.cluster.test_programs import installation
from tests.ops.conftest import Gridboard, complaint, finished

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
NOWHERE = "postgresql://postgres@127.0.0.1:1/gridboard"


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_taken_port_is_refused_before_anything_is_made(
    gridboard: Gridboard, free_port: int, state_base: Path, command: str
) -> None:
    with socket.create_server(("127.0.0.1", free_port)):
        said = complaint(gridboard(command))
    assert said.startswith(f"Cannot listen on 127.0.0.1:{free_port} (Address already in use)")
    assert "GRIDBOARD_PORT" in said
    assert not list(state_base.iterdir())


def test_no_postgis_is_refused(gridboard: Gridboard, tmp_path: Path) -> None:
    said = complaint(gridboard("setup", postgres_bindir=tmp_path))
    assert said.startswith("No PostgreSQL 15-17 with PostGIS >= 3.3 found (none is installed)")
    assert "postgresql-15-postgis-3" in said


def test_an_old_postgis_is_refused(gridboard: Gridboard, tmp_path: Path) -> None:
    said = complaint(gridboard("demo", postgres_bindir=installation(tmp_path, "15.4", "3.1.9")))
    assert "has PostGIS 3.1.9, older than 3.3" in said


@pytest.mark.parametrize("command", ["setup", "serve", "demo"])
def test_an_unreachable_database_is_said(gridboard: Gridboard, command: str) -> None:
    said = complaint(gridboard(command, database_url=NOWHERE))
    assert "does not answer" in said
    assert "Connection refused" in said


def test_a_password_that_is_wrong_is_not_repeated(gridboard: Gridboard) -> None:
    url = "postgresql://postgres:sesame@127.0.0.1:1/gridboard"
    assert "sesame" not in complaint(gridboard("setup", database_url=url))


def test_a_newer_schema_is_refused(gridboard: Gridboard) -> None:
    assert gridboard("setup").returncode == 0
    bump = "UPDATE gridboard.alembic_version SET version_num = '9999'"
    psql(gridboard, bump)
    for command in ("setup", "serve", "demo"):
        assert "schema 9999 is newer than this code" in complaint(gridboard(command))


def test_a_database_without_schema_is_not_served(gridboard: Gridboard) -> None:
    gridboard("cluster", "start")
    psql(gridboard, "CREATE DATABASE gridboard", database="postgres")
    # Nothing has made the application's login yet, either.
    assert "gridboard_app" in complaint(gridboard("serve"))


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        ("prot", "8051", "unknown setting GRIDBOARD_PROT: did you mean GRIDBOARD_PORT?"),
        ("port", "eighty", "GRIDBOARD_PORT: Input should be a valid integer"),
        ("session_idle_min", "0", "GRIDBOARD_SESSION_IDLE_MIN"),
        ("database_url", "mysql://localhost/x", "expected postgresql://"),
    ],
)
def test_wrong_settings_stop_the_start(
    gridboard: Gridboard, state_base: Path, setting: str, value: str, expected: str
) -> None:
    assert expected in complaint(gridboard("demo", **{setting: value}))
    assert not list(state_base.iterdir())


@pytest.fixture
def small_disk(state_base: Path) -> Iterator[Path]:
    """A disk of 300 MB that every user may enter."""
    disk = state_base / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "tmpfs", str(disk)]
    subprocess.run(mount, check=True)
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@needs_root
def test_a_full_disk_is_refused(gridboard: Gridboard, small_disk: Path) -> None:
    said = complaint(gridboard("demo", state_dir=small_disk))
    assert said.startswith("Only 300 MB of disk are free")
    assert not list(small_disk.rglob("data*"))


@needs_root
def test_a_server_that_is_away_for_want_of_disk(gridboard: Gridboard, small_disk: Path) -> None:
    """It ends without a word when its log has no room; the disk tells why."""
    away = {"database_url": NOWHERE, "state_dir": small_disk}
    said = complaint(gridboard("rollups", "verify", **away))
    assert "does not answer" in said
    assert "Only 300 MB of disk are free" in said


def test_set_up_refuses_an_old_python(bare_checkout: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text('#!/bin/sh\ncase "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac\n')
    old.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "PYTHON": str(old)}
    done = finished(["bin/setup", "demo"], environment, bare_checkout)
    assert complaint(done) == (
        f"Python 3.11 or newer is needed and {old} is 3.9: name another with PYTHON="
    )
    assert not (bare_checkout / ".venv").exists()


def test_set_up_refuses_a_missing_python(bare_checkout: Path, path_without_apt: str) -> None:
    environment = {"PATH": path_without_apt, "PYTHON": "python3.11"}
    done = finished(["bin/setup", "demo"], environment, bare_checkout)
    assert complaint(done) == "Python 3.11 or newer is needed and there is no python3.11"


def test_set_up_refuses_where_postgis_cannot_be_installed(
    bare_checkout: Path, path_without_apt: str, tmp_path: Path
) -> None:
    environment = {
        "PATH": path_without_apt,
        "PYTHON": sys.executable,
        "GRIDBOARD_POSTGRES_BINDIR": str(tmp_path),
    }
    said = complaint(finished(["bin/setup", "demo"], environment, bare_checkout))
    assert said == (
        "No PostgreSQL 15-17 with PostGIS >= 3.3 found (none is installed)"
        " and there is no apt to install it with"
    )
    assert not (bare_checkout / ".venv").exists()


def test_make_fails_when_its_set_up_fails(bare_checkout: Path, path_without_apt: str) -> None:
    environment = {"PATH": path_without_apt, "PYTHON": "python3.11"}
    done = finished(["make", "demo"], environment, bare_checkout)
    assert done.returncode != 0
    assert done.stderr.startswith("gridboard: Python 3.11 or newer is needed")


@needs_root
def test_set_up_refuses_a_full_disk(
    bare_checkout: Path, path_without_apt: str, small_disk: Path
) -> None:
    shutil.copytree(bare_checkout / "bin", small_disk / "bin")
    done = finished(["bin/setup", "demo"], {"PATH": path_without_apt}, small_disk)
    assert "MB of disk are free" in complaint(done)


def psql(gridboard: Gridboard, statement: str, database: str = "gridboard") -> None:
    """Run a statement as superuser of the private cluster."""
    url = gridboard("cluster", "url", "--database", database).stdout.strip()
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
