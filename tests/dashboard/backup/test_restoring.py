"""A backup of a loaded province comes back equal, on another server, or not at all."""

import re
import resource
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from dashboard.backup import restoring
from dashboard.backup.archive import dump_pieces, read_manifest, write_archive
from dashboard.backup.errors import BackupError
from dashboard.backup.inventory import Inventory, take_inventory
from dashboard.backup.making import back_up, picture
from dashboard.backup.programs import find_clients
from dashboard.backup.restoring import restore_backup, verify, verify_deep
from etl.checksums import take_checksums
from geo.database import loading
from geo.errors import SchemaVersionError
from geo.settings import DatabaseSettings
from tests.cluster import running_cluster
from tests.databases import cloned_database, opened
from tests.waiting import until

PEOPLE = """
    -- Whoever tests before us left in the province.
    TRUNCATE gridboard.account, gridboard.job CASCADE;
    INSERT INTO gridboard.account (login, name, role, scope_slots, scope_codes)
    VALUES ('zhao', 'Zhao', 'admin', '{0}', '{990000}');
    INSERT INTO gridboard.session
        (token_sha256, account_id, scope_slot, scope_code, via, expires_at)
    SELECT sha256('token'), account_id, 0, '990000', 'password', now() + interval '1 day'
    FROM gridboard.account;
    INSERT INTO gridboard.invitation (token_sha256, account_id, made_by, expires_at)
    SELECT sha256('link'), account_id, 'zhao', now() + interval '1 day' FROM gridboard.account;
    INSERT INTO gridboard.job (scope_code, author, kind, request, state)
    VALUES ('990000', 'zhao', 'undo', '{}', 'waiting'), ('990000', 'zhao', 'undo', '{}', 'done');
"""
DEFAULTS = "ALTER DEFAULT PRIVILEGES FOR ROLE gridboard_owner"
DUMPING = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'gridboard backup'"
AUDIT = "SELECT actor, action, detail ->> 'file' FROM gridboard.audit ORDER BY audit_id"


@pytest.fixture(scope="module")
def original(server: str, world: DatabaseSettings) -> Iterator[DatabaseSettings]:
    """A copy of the loaded province, with people."""
    template = world.url("admin").database or ""
    disconnect(server, template)
    with cloned_database(server, template) as settings:
        with opened(settings, "admin") as engine, engine.begin() as connection:
            connection.exec_driver_sql(PEOPLE)
        yield settings


@pytest.fixture(scope="module")
def backup(original: DatabaseSettings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    path = tmp_path_factory.mktemp("backup") / "world.tar"
    with opened(original, "admin") as engine:
        back_up(engine, path, actor="Zhao")
    return path


def disconnect(server: str, database: str) -> None:
    """Close what tests before us left open: a database in use cannot be cloned."""
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    # It waits for each of them to end, at most a minute.
    close = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = :name"
    with engine.connect() as connection:
        connection.execute(text(close), {"name": database})


def inventory(engine: Engine) -> Inventory:
    with picture(engine) as connection:
        return take_inventory(connection)


def rows(connection: Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(text(query))]


def test_an_empty_server_gets_the_same(original: DatabaseSettings, backup: Path) -> None:
    with running_cluster() as other:
        url = other.replace("/postgres?", "/gridboard_test_restored?")
        settings = DatabaseSettings(database_url=SecretStr(url), pool_size=2)
        restore_backup(settings, backup, actor="Qian")
        with opened(original, "admin") as ours, opened(settings, "admin") as theirs:
            was, came = inventory(ours), inventory(theirs)
            assert was.tables["incident_2023"].rows > 0
            assert was.lines == came.lines
            differing = {name for name in was.tables if was.tables[name] != came.tables[name]}
            # What must not come back, and the line of the log that says so.
            assert differing == {"session", "invitation", "job", "revision", "audit"}
            assert checksums(original) == checksums(settings)
            with theirs.connect() as connection:
                assert rows(connection, AUDIT)[-1] == ("Qian", "restore", "world.tar")
                assert rows(connection, "SELECT ended_by FROM gridboard.session") == [("restore",)]
                jobs = "SELECT state FROM gridboard.job ORDER BY job_id"
                assert rows(connection, jobs) == [("cancelled",), ("done",)]
                alive = "SELECT count(*) FROM gridboard.invitation WHERE expires_at > now()"
                assert rows(connection, alive) == [(0,)]
            assert revisions(theirs) > revisions(ours)
        with pytest.raises(BackupError, match="holds a gridboard already"):
            restore_backup(settings, backup, actor="Qian")


def checksums(settings: DatabaseSettings) -> object:
    with opened(settings, "loader") as engine, loading(engine) as connection:
        return take_checksums(connection)


def revisions(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(text("SELECT min(number) FROM gridboard.revision")).scalar_one()
        )


def test_a_backup_is_noted_in_the_audit_log(original: DatabaseSettings, backup: Path) -> None:
    with opened(original, "admin") as engine, engine.connect() as connection:
        assert ("Zhao", "backup", backup.name) in rows(connection, AUDIT)


def dumping(engine: Engine) -> int:
    """How many of our dumps PostgreSQL still serves; it learns a little late that one ended."""
    with engine.connect() as connection:
        return int(connection.execute(text(DUMPING)).scalar_one())


def test_a_disk_that_takes_no_more_leaves_nothing(
    original: DatabaseSettings, tmp_path: Path
) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with opened(original, "admin") as engine:
            wanted = pytest.raises(BackupError, match=r"cannot write .*a\.tar: File too large")
            with wanted, warnings.catch_warnings(action="error"):
                back_up(engine, tmp_path / "a.tar", actor="Zhao")
            until(lambda: not dumping(engine))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [*tmp_path.iterdir()] == []


def test_a_deep_check_leaves_no_database(
    original: DatabaseSettings, backup: Path, server: str
) -> None:
    assert verify_deep(original, backup) == verify(backup)
    engine = create_engine(server, poolclass=NullPool)
    with engine.connect() as connection:
        left = "SELECT datname FROM pg_database WHERE datname LIKE 'gridboard_backup_check_%'"
        assert rows(connection, left) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE gridboard.area SET name = name || '.' WHERE level = 5", "table area has other"),
        ("DELETE FROM gridboard.term WHERE kind = 'scale'; DELETE FROM gridboard.session", "rows"),
        ("DROP POLICY county_reads ON gridboard.incident", "policies: missing"),
        ("ALTER TABLE gridboard.incident DISABLE ROW LEVEL SECURITY", "row security f"),
        ("ALTER POLICY all_read ON gridboard.term USING (id > 0)", "policies: unexpected"),
        ("GRANT SELECT ON gridboard.credential TO gridboard_county", "grants: unexpected"),
        ("REVOKE SELECT ON gridboard.term FROM gridboard_city", "grants: missing"),
        ("GRANT UPDATE (login) ON gridboard.account TO gridboard_gate", "grants: unexpected"),
        (f"{DEFAULTS} GRANT EXECUTE ON FUNCTIONS TO PUBLIC", "grants: missing default"),
        ("DROP INDEX gridboard.audit_at", "structure: missing"),
        ("ALTER TABLE gridboard.display OWNER TO gridboard_loader", "structure: missing owner"),
        ("ALTER SEQUENCE gridboard.batch_batch_id_seq RESTART", "sequence batch_batch_id_seq"),
    ],
)
def test_every_kind_of_difference_is_told(
    original: DatabaseSettings, change: str, told: str
) -> None:
    with opened(original, "admin") as engine, engine.connect() as connection:
        before = take_inventory(connection)
        connection.exec_driver_sql(change)
        found = before.missing_in(take_inventory(connection))
        connection.rollback()
        assert before.missing_in(before) == []
    assert any(told in line for line in found), found


def test_what_comes_back_different_leaves_nothing(
    backup: Path, empty_database: DatabaseSettings, tmp_path: Path
) -> None:
    """As if pg_restore had lost a policy on its way."""
    manifest, lying = read_manifest(backup), tmp_path / "lying.tar"
    manifest["holds"]["lines"]["policies"].append("and one more")
    manifest["holds"]["tables"]["area"]["rows"] += 1
    write_archive(lying, dump_pieces(backup), lambda *_: manifest)
    wanted = "table area has .* policies: missing and one more"
    with pytest.raises(BackupError, match=wanted):
        restore_backup(empty_database, lying, actor="Qian")
    with opened(empty_database, "admin") as engine, engine.connect() as connection:
        assert rows(connection, "SELECT to_regnamespace('gridboard')") == [(None,)]


def test_who_is_told_to_end_before_sessions_are_ended_leaves_nothing(
    backup: Path, empty_database: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: Engine) -> str:
        raise SystemExit(143)

    monkeypatch.setattr(restoring, "migrate", ended)
    with pytest.raises(SystemExit):
        restore_backup(empty_database, backup, actor="Qian")
    with opened(empty_database, "admin") as engine, engine.connect() as connection:
        assert rows(connection, "SELECT to_regnamespace('gridboard')") == [(None,)]


def test_a_damaged_backup_touches_no_server(
    backup: Path, empty_database: DatabaseSettings, tmp_path: Path, server: str
) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(content)
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(empty_database, damaged, actor="Qian")
    engine = create_engine(server, poolclass=NullPool)
    with engine.connect() as connection:
        named = {"name": empty_database.url("admin").database}
        exists = text("SELECT count(*) FROM pg_database WHERE datname = :name")
        assert connection.execute(exists, named).scalar() == 0


def test_backups_of_newer_code_are_refused(backup: Path, tmp_path: Path) -> None:
    manifest = read_manifest(backup)
    for name, change, kind in (
        ("schema.tar", {"schema": "9999"}, SchemaVersionError),
        ("format.tar", {"format": 2}, BackupError),
    ):
        write_archive(tmp_path / name, dump_pieces(backup), lambda *_, c=change: manifest | c)
        with pytest.raises(kind, match=re.compile("newer|format 2")):
            verify(tmp_path / name)


def test_a_backup_of_a_newer_server_is_refused(
    backup: Path, empty_database: DatabaseSettings, tmp_path: Path
) -> None:
    newer = tmp_path / "newer.tar"
    manifest = read_manifest(backup) | {"postgresql_major": 99}
    write_archive(newer, dump_pieces(backup), lambda *_: manifest)
    with pytest.raises(BackupError, match="is of PostgreSQL 99"):
        restore_backup(empty_database, newer, actor="Qian")


def test_a_password_is_in_no_command_line(
    original: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``ps`` shows command lines to everybody."""
    started: list[list[str]] = []
    real = subprocess.Popen

    def noting(command: list[str], **given: object) -> object:
        started.append(command)
        return real(command, **given)  # type: ignore[call-overload]

    url = original.url("admin").set(password="s3cret pass")  # noqa: S106
    secret = SecretStr(url.render_as_string(hide_password=False))
    settings = DatabaseSettings(database_url=secret, pool_size=2)
    monkeypatch.setattr(subprocess, "Popen", noting)
    with opened(settings, "admin") as engine:
        back_up(engine, tmp_path / "a.tar", actor="Zhao")
    assert [command for command in started if "pg_dump" in command[0]]
    assert "s3cret" not in str(started)


def test_without_pg_dump_the_message_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="install postgresql-client-15"):
        find_clients(15, tmp_path)


def test_a_program_older_than_the_server_is_not_taken(tmp_path: Path) -> None:
    for name in ("pg_dump", "pg_restore"):
        (tmp_path / name).write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 14.2"\n')
        (tmp_path / name).chmod(0o755)
    with pytest.raises(BackupError, match="no pg_dump of PostgreSQL 15 or newer"):
        find_clients(15, tmp_path)
    assert find_clients(14, tmp_path).major == 14
