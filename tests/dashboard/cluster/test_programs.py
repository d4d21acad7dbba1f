"""Which PostgreSQL is taken, and what is said when none will do."""

from pathlib import Path

import pytest

from dashboard.cluster import ClusterError, find_programs
from dashboard.cluster.programs import parse_major, parse_postgis


def installation(folder: Path, version: str, postgis: str | None) -> Path:
    """A PostgreSQL that can say its version and nothing more."""
    bindir = folder / "bin"
    bindir.mkdir(parents=True)
    answers = {
        "postgres": f"postgres (PostgreSQL) {version}",
        "pg_config": str(folder / "share"),
        "initdb": "",
        "pg_ctl": "",
    }
    for program, answer in answers.items():
        (bindir / program).write_text(f"#!/bin/sh\necho '{answer}'\n")
        (bindir / program).chmod(0o755)
    if postgis:
        control = folder / "share" / "extension" / "postgis.control"
        control.parent.mkdir(parents=True)
        control.write_text(f"# PostGIS\ndefault_version = '{postgis}'\nrelocatable = false\n")
    return bindir


def test_this_machine_has_one() -> None:
    programs = find_programs()
    assert programs.major in (15, 16, 17)
    assert programs.postgis is not None
    assert programs.postgis >= (3, 3)


@pytest.mark.parametrize(("version", "postgis"), [("15.4", "3.3.0"), ("17beta1", "3.5.2")])
def test_a_usable_one_is_taken(tmp_path: Path, version: str, postgis: str) -> None:
    assert find_programs(installation(tmp_path, version, postgis)).bindir == tmp_path / "bin"


@pytest.mark.parametrize(
    ("version", "postgis", "complaint"),
    [
        ("15.4", "3.2.9", "has PostGIS 3.2.9, older than 3.3"),
        ("15.4", None, "has no PostGIS"),
        ("14.1", "3.4.0", "is not one of 15-17"),
        ("18.0", "3.6.0", "is not one of 15-17"),
    ],
)
def test_another_is_refused_with_the_reason(
    tmp_path: Path, version: str, postgis: str | None, complaint: str
) -> None:
    with pytest.raises(ClusterError, match=complaint) as refused:
        find_programs(installation(tmp_path, version, postgis))
    assert "GRIDBOARD_DATABASE_URL" in str(refused.value)


def test_nothing_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="none is installed"):
        find_programs(tmp_path)


def test_data_want_the_version_that_made_them(tmp_path: Path) -> None:
    bindir = installation(tmp_path, "17.1", "3.5.0")
    assert find_programs(bindir, major=17).major == 17
    with pytest.raises(ClusterError, match="No PostgreSQL 15 with PostGIS"):
        find_programs(bindir, major=15)


def test_versions_are_read() -> None:
    assert parse_major("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)") == 15
    assert parse_major("") == 0
    assert parse_postgis("default_version = '3.3.2'") == (3, 3, 2)
    assert parse_postgis("comment = 'nothing'") is None
