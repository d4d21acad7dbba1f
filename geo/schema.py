"""The schema: create the database, migrate it, and refuse one that does not fit this code."""

import logging
import re
import time

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg2 import sql
from sqlalchemy import URL, Engine, bindparam, create_engine, make_url, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool
from sqlalchemy.types import Text

from geo.database import GATE_ROLE, read_sql_file
from geo.driver import driver_cursor, run_statement
from geo.errors import (
    ConfigurationError,
    DatabaseUnavailableError,
    SchemaVersionError,
    UnsafeRoleError,
)
from geo.migrations.scripts import run_script
from geo.settings import DatabaseSettings
from geo.viewer import SCOPES

OLDEST_POSTGRESQL = 15
OLDEST_POSTGIS = (3, 3)

_log = logging.getLogger(__name__)


def create_database(admin_url: URL | str) -> bool:
    """Create the database the URL names, unless it exists.

    Characters are classified as in C.UTF-8, so that pg_trgm sees Chinese letters as letters, and
    sorted by their bytes, which builds indexes of texts a quarter faster.

    Returns:
        Whether it was created.

    Raises:
        DatabaseUnavailableError: the server does not answer.
    """
    url = make_url(admin_url)
    name = url.database or "gridboard"
    engine = create_engine(
        url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    try:
        with engine.connect() as connection, driver_cursor(connection) as cursor:
            cursor.execute("SELECT FROM pg_database WHERE datname = %s", (name,))
            if cursor.rowcount:
                return False
            cursor.execute(
                sql.SQL(
                    "CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"
                    " LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'"
                ).format(name=sql.Identifier(name))
            )
    except OperationalError as error:
        raise DatabaseUnavailableError(
            f"the database server does not answer: {str(error.orig).strip()}"
        ) from error
    return True


def migrate(admin_engine: Engine) -> str:
    """Bring the schema to this code's revision; a second run changes nothing.

    Args:
        admin_engine: logs in as a superuser, or as one who may create roles and extensions.

    Returns:
        The revision the schema is at.

    Raises:
        ConfigurationError: PostgreSQL or PostGIS is too old or missing.
        SchemaVersionError: the schema is newer than this code.
    """
    check_postgis_version(admin_engine)
    refuse_newer(_revision(admin_engine))
    started = time.monotonic()
    with admin_engine.begin() as connection:
        run_script(connection, "bootstrap.sql")
        connection.exec_driver_sql(
            "SET LOCAL search_path = gridboard, public; SET LOCAL ROLE gridboard_owner"
        )
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    _log.info("migrated to %s in %.1f s", _head(), time.monotonic() - started)
    return _head()


def set_login_passwords(admin_engine: Engine, settings: DatabaseSettings) -> None:
    """Give the application's and the loader's login the passwords their URLs hold, if any."""
    for url in (settings.app_database_url, settings.loader_database_url):
        parts = make_url(url.get_secret_value()) if url else None
        if parts is None or parts.password is None or parts.username is None:
            continue
        statement = sql.SQL("ALTER ROLE {role} PASSWORD {password}").format(
            role=sql.Identifier(parts.username), password=sql.Literal(str(parts.password))
        )
        with admin_engine.begin() as connection:
            run_statement(connection, statement)


def check_login_role(engine: Engine) -> None:
    """Refuse to serve under a login that policies cannot hold.

    Raises:
        UnsafeRoleError: the login is, or can become, a superuser, BYPASSRLS, an owner of our
            tables or a creator of roles; or it lacks a scope role.
    """
    statement = text(read_sql_file("geo", "check_login_role.sql")).bindparams(
        bindparam(
            "scope_roles",
            [GATE_ROLE, *(f"gridboard_{scope}" for scope in SCOPES)],
            type_=ARRAY(Text),
        )
    )
    with engine.connect() as connection:
        found = connection.execute(statement).one()
    reasons = [
        reason
        for holds, reason in (
            (found.superuser, "is a superuser"),
            (found.bypasses, "has BYPASSRLS"),
            (found.creates_roles, "may create roles"),
            (found.owns_tables, "owns tables"),
        )
        if holds
    ]
    if reasons:
        raise UnsafeRoleError(
            f"the login {found.login} {', '.join(reasons)} (itself or by membership), so"
            " row-level security would not hold: log in as gridboard_app"
        )
    if found.missing:
        raise UnsafeRoleError(
            f"the login {found.login} cannot act as {', '.join(found.missing)}:"
            " log in as gridboard_app, or run 'gridboard setup'"
        )


def check_schema_version(engine: Engine) -> None:
    """Refuse a schema that is not the one this code was written for.

    Raises:
        SchemaVersionError: it is missing, older or newer; the message says which.
    """
    found = _revision(engine)
    refuse_newer(found)
    if found is None:
        raise SchemaVersionError("the database holds no gridboard schema: run 'gridboard setup'")
    if found != _head():
        raise SchemaVersionError(
            f"the database's schema {found} is older than this code, which expects {_head()}:"
            " run 'gridboard setup'"
        )


def check_postgis_version(engine: Engine) -> None:
    """Refuse a server that is too old.

    Raises:
        ConfigurationError: PostgreSQL is older than 15, or PostGIS is missing or older than 3.3.
    """
    statement = text(read_sql_file("geo", "check_postgis_version.sql"))
    with engine.connect() as connection:
        found = connection.execute(statement).one()
    oldest = ".".join(map(str, OLDEST_POSTGIS))
    if found.postgresql < OLDEST_POSTGRESQL:
        raise ConfigurationError(
            f"PostgreSQL {found.postgresql} is too old: expected {OLDEST_POSTGRESQL} or newer"
        )
    if found.postgis is None:
        raise ConfigurationError(
            f"the server has no PostGIS: install PostGIS {oldest} or newer for"
            f" PostgreSQL {found.postgresql}"
        )
    if postgis_version(found.postgis) < OLDEST_POSTGIS:
        raise ConfigurationError(f"PostGIS {found.postgis} is too old: expected {oldest} or newer")


def postgis_version(version: str) -> tuple[int, int]:
    """Major and minor number of a PostGIS version such as ``3.5.0dev``."""
    major, minor = re.findall(r"\d+", version)[:2]
    return int(major), int(minor)


def _revision(engine: Engine) -> str | None:
    statement = text(read_sql_file("geo", "check_schema_version.sql"))
    try:
        with engine.connect() as connection:
            return connection.execute(statement).scalar()
    except ProgrammingError:
        # No such schema or table, or no right to it: nothing of ours is there for this login.
        return None


def refuse_newer(found: str | None) -> None:
    """Refuse a revision of the schema that this code does not know.

    Raises:
        SchemaVersionError: it is newer.
    """
    if found is not None and found not in _known():
        raise SchemaVersionError(
            f"the database's schema {found} is newer than this code, which knows up to {_head()}:"
            " update gridboard"
        )


def _known() -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _head() -> str:
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "geo:migrations")
    return config
