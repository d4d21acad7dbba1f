"""The schema: created once, refused when it does not fit, a second migration changes nothing."""

import pytest
from sqlalchemy import Engine, text

from geo.database import engine_for
from geo.errors import SchemaVersionError
from geo.schema import check_schema_version, create_database, migrate
from geo.settings import DatabaseSettings


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
    assert migrate(admin_engine) == "0001"
    assert _catalogue(admin_engine) == before


def test_everything_belongs_to_the_owner(admin_engine: Engine) -> None:
    owners = {row[2] for row in _catalogue(admin_engine)}
    assert owners == {"gridboard_owner"}


def test_create_database_twice(empty_database: DatabaseSettings) -> None:
    url = empty_database.url("admin")
    assert create_database(url)
    assert not create_database(url)


def test_fitting_schema_is_accepted(app_engine: Engine) -> None:
    check_schema_version(app_engine)


def test_missing_schema_is_refused(empty_database: DatabaseSettings) -> None:
    create_database(empty_database.url("admin"))
    engine = engine_for(empty_database, "admin")
    with pytest.raises(SchemaVersionError, match="no gridboard schema: run 'gridboard setup'"):
        check_schema_version(engine)
    engine.dispose()
