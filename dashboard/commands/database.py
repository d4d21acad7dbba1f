"""The database behind the commands: the private cluster unless another one is named."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import OperationalError

from dashboard.cluster import Cluster, ClusterStatus
from dashboard.cluster.errors import ClusterError
from dashboard.cluster.private import require_disk
from dashboard.cluster.state import StatePaths, state_paths
from dashboard.cluster.tuning import measure_machine
from dashboard.settings import DashboardSettings
from etl.console import progress, say
from geo.database import engine_for
from geo.errors import DatabaseUnavailableError
from geo.schema import (
    check_login_role,
    check_schema_version,
    create_database,
    migrate,
    set_login_passwords,
)
from geo.settings import DatabaseSettings, read_settings

CHECKOUT = Path(__file__).resolve().parents[2]
DATABASE_URL = "GRIDBOARD_DATABASE_URL"


def private_cluster(name: str = "") -> Cluster:
    """The cluster of this checkout; ``name`` tells several apart (``test``)."""
    settings = read_settings(DashboardSettings)
    return Cluster.of_checkout(
        CHECKOUT, base=settings.state_dir, name=name, bindir=settings.postgres_bindir
    )


def state() -> StatePaths:
    """Where this checkout keeps what is neither code nor built from it."""
    return state_paths(CHECKOUT, base=read_settings(DashboardSettings).state_dir)


def short_of_disk() -> str:
    """Why a server of ours may have ended in the midst of work; empty with disk to spare.

    A PostgreSQL that has no room for its log ends at once, without a word to whom it serves.
    """
    folder = state().folder
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        require_disk(measure_machine(there), there)
    except ClusterError as error:
        return f". {error}"
    return ""


def provide_database() -> None:
    """Point every later command of this process at a database server that runs.

    That is the private cluster, made and started if need be, unless GRIDBOARD_DATABASE_URL
    (the variable, or a file of secrets) names another, or the URL of a login does: a server
    that only serves need not know the administrator's. Layers below know only these settings.
    """
    given = read_settings(DatabaseSettings)
    if given.database_url or given.app_database_url or given.loader_database_url:
        return
    cluster = private_cluster()
    if cluster.status() is not ClusterStatus.RUNNING:
        with progress("Starting PostgreSQL"):
            cluster.start()
    else:
        cluster.start()  # checks disk and marker
    os.environ[DATABASE_URL] = cluster.url()


def setup() -> None:
    """Start the database server, create the database and bring its schema up to date."""
    provide_database()
    settings = read_settings(DatabaseSettings)
    with answering():
        created = create_database(settings.url("admin"))
        engine = engine_for(settings, "admin")
        try:
            revision = migrate(engine)
            set_login_passwords(engine, settings)
        finally:
            engine.dispose()
    name = settings.url("admin").database
    say(f"Database {name} {'created' if created else 'found'}, schema {revision}")


def check_database() -> None:
    """Refuse to serve from a database that is away, unsafe or of another schema version."""
    engine = engine_for(read_settings(DatabaseSettings))
    try:
        with answering():
            check_login_role(engine)
            check_schema_version(engine)
    finally:
        engine.dispose()


@contextmanager
def answering() -> Iterator[None]:
    """Turn a refused connection into an error of one line.

    Raises:
        DatabaseUnavailableError: the server does not answer, or refuses the login.
    """
    try:
        yield
    except OperationalError as error:
        reason = " ".join(str(error.orig).split())
        raise DatabaseUnavailableError(f"the database does not answer: {reason}") from error
