"""The application refuses to start under a login that row-level security could not hold."""

import os
from collections.abc import Iterator

import pytest
from psycopg2 import sql
from pydantic import SecretStr
from sqlalchemy import Engine

from geo.database import engine_for
from geo.driver import run_statement
from geo.errors import UnsafeRoleError
from geo.schema import check_login_role, set_login_passwords
from geo.settings import DatabaseSettings

ROLES_TAKEN = (
    "gridboard_province, gridboard_city, gridboard_county, gridboard_township, gridboard_gate"
)


def run(engine: Engine, statement: str, role: str) -> None:
    with engine.begin() as connection:
        run_statement(connection, sql.SQL(statement).format(sql.Identifier(role)))


@pytest.fixture
def login(database: DatabaseSettings, admin_engine: Engine) -> Iterator[Engine]:
    """The engine of a role of its own, as gridboard_app is made, for a test to spoil."""
    role = f"gridboard_test_{os.getpid()}"
    run(admin_engine, "CREATE ROLE {} LOGIN NOINHERIT", role)
    run(admin_engine, f"GRANT {ROLES_TAKEN} TO {{}}", role)
    url = database.url("admin").set(username=role).render_as_string(hide_password=False)
    engine = engine_for(database.model_copy(update={"app_database_url": SecretStr(url)}))
    yield engine
    engine.dispose()
    # What a test gave it stands beneath others' views.
    run(admin_engine, "REASSIGN OWNED BY {} TO gridboard_owner", role)
    run(admin_engine, "DROP OWNED BY {}", role)
    run(admin_engine, "DROP ROLE {}", role)


def name_of(engine: Engine) -> str:
    return engine.url.username or ""


def test_the_application_is_accepted(app_engine: Engine) -> None:
    check_login_role(app_engine)


def test_a_login_like_it_is_accepted(login: Engine) -> None:
    check_login_role(login)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        ("ALTER ROLE {} SUPERUSER", "is a superuser"),
        ("ALTER ROLE {} BYPASSRLS", "has BYPASSRLS"),
        ("ALTER ROLE {} CREATEROLE", "may create roles"),
        ("GRANT gridboard_owner TO {}", "owns tables"),
        ("ALTER TABLE gridboard.term OWNER TO {}", "owns tables"),
        ("REVOKE gridboard_county FROM {}", "cannot act as gridboard_county"),
        ("REVOKE gridboard_gate FROM {}", "cannot act as gridboard_gate"),
    ],
)
def test_a_spoilt_login_is_refused(
    admin_engine: Engine, login: Engine, spoil: str, reason: str
) -> None:
    run(admin_engine, spoil, name_of(login))
    with pytest.raises(UnsafeRoleError, match=reason):
        check_login_role(login)


def test_the_administrator_is_refused(admin_engine: Engine) -> None:
    with pytest.raises(UnsafeRoleError, match="log in as gridboard_app"):
        check_login_role(admin_engine)


def test_the_loader_is_refused(loader_engine: Engine) -> None:
    with pytest.raises(UnsafeRoleError, match="cannot act as gridboard_gate, gridboard_province"):
        check_login_role(loader_engine)


def test_passwords_come_from_the_urls(admin_engine: Engine, login: Engine) -> None:
    url = login.url.set(password="it's 100% our own").render_as_string(hide_password=False)  # noqa: S106
    set_login_passwords(admin_engine, DatabaseSettings(app_database_url=SecretStr(url)))
    with admin_engine.connect() as connection:
        stored = connection.exec_driver_sql(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", (name_of(login),)
        ).scalar()
    assert str(stored).startswith("SCRAM-SHA-256$")
