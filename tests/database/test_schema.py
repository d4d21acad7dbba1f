"""The schema: created once, refused when it does not fit, a second migration changes nothing."""

from functools import partial
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, text

from geo.errors import ConfigurationError, DatabaseUnavailableError, SchemaVersionError
from geo.migrations.scripts import run_script
from geo.schema import (
    check_postgis_version,
    check_schema_version,
    create_database,
    migrate,
    postgis_version,
)
from geo.settings import DatabaseSettings
from tests.databases import opened

OLD_INCIDENT = """
    SET LOCAL search_path = gridboard, public;
    SELECT ensure_incident_partitions('2024-01-01', '2024-01-01');
    INSERT INTO incident (occurred_at, received_at, batch_id, occurred_on, cell_id, category,
        channel, status, precision, county_code, source, incident_id, city_code, township_code)
    VALUES ('2024-01-01 12:00Z', '2024-01-01 12:00Z', 1, '2024-01-01', 1, 1, 1, 1, 5, '990101',
        'test', 'kept', '990100', '990101001');
"""
LIMITS = """
    SELECT setconfig FROM pg_db_role_setting
    WHERE setdatabase = 0 AND setrole = 'gridboard_app'::regrole
"""
KEPT = "SELECT incident_id, score FROM gridboard.incident"


def _catalogue(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT relname, relkind, relowner::regrole::text, relacl::text FROM pg_class"
                " WHERE relnamespace = 'gridboard'::regnamespace ORDER BY relname"
            )
        )
        return [tuple(row) for row in rows]


def test_migrate_twice_is_a_no_op(admin_engine: Engine) -> None:
    before = _catalogue(admin_engine)
    assert migrate(admin_engine) == "0006"
    assert _catalogue(admin_engine) == before


def test_a_database_of_the_first_schema_is_brought_up_to_date(
    empty_database: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With incidents in it, which keep what they have and take on the new columns."""
    create_database(empty_database.url("admin"))
    with opened(empty_database, "admin") as engine:
        with monkeypatch.context() as patch:
            first = partial(command.upgrade, revision="0001")
            patch.setattr("geo.schema.command.upgrade", lambda config, _head: first(config))
            migrate(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(OLD_INCIDENT)
        assert migrate(engine) == "0006"
        with engine.begin() as connection:
            kept = connection.execute(text(KEPT)).all()
    assert [tuple(row) for row in kept] == [("kept", None)]


def test_everything_belongs_to_the_owner(admin_engine: Engine) -> None:
    owners = {row[2] for row in _catalogue(admin_engine)}
    assert owners == {"gridboard_owner"}


def test_create_database_twice(empty_database: DatabaseSettings) -> None:
    url = empty_database.url("admin")
    assert create_database(url)
    assert not create_database(url)


def test_a_limit_set_by_an_operator_stays(admin_engine: Engine) -> None:
    """And one that is missing comes back; roles are the cluster's, so both are put back."""
    with admin_engine.begin() as connection:
        connection.exec_driver_sql("ALTER ROLE gridboard_app SET work_mem = '8MB'")
        connection.exec_driver_sql("ALTER ROLE gridboard_app RESET lock_timeout")
    migrate(admin_engine)
    with admin_engine.begin() as connection:
        found = connection.scalar(text(LIMITS))
        connection.exec_driver_sql("ALTER ROLE gridboard_app SET work_mem = '32MB'")
    assert found is not None
    assert {"work_mem=8MB", "lock_timeout=10s"} <= set(found)


def test_fitting_schema_is_accepted(app_engine: Engine) -> None:
    check_schema_version(app_engine)


def test_missing_schema_is_refused(empty_database: DatabaseSettings) -> None:
    create_database(empty_database.url("admin"))
    with (
        opened(empty_database, "admin") as engine,
        pytest.raises(SchemaVersionError, match="no gridboard schema: run 'gridboard setup'"),
    ):
        check_schema_version(engine)


def test_a_second_database_of_the_cluster(empty_database: DatabaseSettings, template: str) -> None:
    """The roles exist already; the schema comes out the same."""
    create_database(empty_database.url("admin"))
    with opened(empty_database, "admin") as engine:
        migrate(engine)
        names = {row[0] for row in _catalogue(engine)}
    assert {"area", "incident", "rollup_cell", "alembic_version"} <= names


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ("0001", "schema 0001 is older than this code, which expects 0006: run 'gridboard setup'"),
        ("9999", "schema 9999 is newer than this code, which knows up to 0006: update gridboard"),
    ],
)
def test_a_schema_that_does_not_fit_is_refused(
    admin_engine: Engine,
    app_engine: Engine,
    found: str,
    message: str,
) -> None:
    with admin_engine.begin() as connection:
        move = text("UPDATE alembic_version SET version_num = :found")
        connection.execute(move, {"found": found})
    with pytest.raises(SchemaVersionError, match=message):
        check_schema_version(app_engine)


def test_a_newer_schema_is_not_migrated(admin_engine: Engine) -> None:
    with admin_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaVersionError, match="newer than this code"):
        migrate(admin_engine)


def test_a_failed_migration_leaves_nothing(
    empty_database: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_database(empty_database.url("admin"))

    def broken(connection: Connection, name: str) -> None:
        script = name if name != "0003_people.sql" else "missing.sql"
        run_script(connection, script)

    monkeypatch.setattr("geo.migrations.scripts.run_script", broken)
    with opened(empty_database, "admin") as engine:
        with pytest.raises(FileNotFoundError):
            migrate(engine)
        with pytest.raises(SchemaVersionError, match="no gridboard schema"):
            check_schema_version(engine)


def test_this_server_will_do(admin_engine: Engine) -> None:
    check_postgis_version(admin_engine)


@pytest.mark.parametrize(
    ("limit", "value", "message"),
    [
        ("OLDEST_POSTGRESQL", 99, "PostgreSQL 1[5-9] is too old: expected 99 or newer"),
        ("OLDEST_POSTGIS", (99, 1), r"PostGIS 3\.\S+ is too old: expected 99.1 or newer"),
    ],
)
def test_an_old_server_is_refused(
    admin_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: object,
    message: str,
) -> None:
    monkeypatch.setattr(f"geo.schema.{limit}", value)
    with pytest.raises(ConfigurationError, match=message):
        migrate(admin_engine)


@pytest.mark.parametrize(
    ("version", "expected"), [("3.3.2", (3, 3)), ("3.5.0dev", (3, 5)), ("3.10.1", (3, 10))]
)
def test_postgis_versions_are_read(version: str, expected: tuple[int, int]) -> None:
    assert postgis_version(version) == expected


def test_an_absent_server_is_said(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnavailableError, match="does not answer"):
        create_database(f"postgresql+psycopg2://postgres@/gridboard?host={tmp_path}")
