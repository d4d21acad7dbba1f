"""Restore a backup into an empty database, and see that everything came back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg2 import sql
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from dashboard.backup.archive import Manifest, dump_pieces, read_manifest
from dashboard.backup.errors import BackupError
from dashboard.backup.inventory import Inventory, take_inventory
from dashboard.backup.making import FORMAT, picture
from dashboard.backup.programs import find_clients, restore
from geo.audit import Deed, record
from geo.database import administering, engine_for, read_sql_file
from geo.driver import run_statement
from geo.migrations.scripts import run_script
from geo.schema import check_postgis_version, create_database, migrate, refuse_newer
from geo.settings import DatabaseSettings

SHOWN_DIFFERENCES = 5
SCRATCH = "gridboard_backup_check_{pid}"


def verify(path: Path) -> Manifest:
    """Check every byte of a backup, without any database, and return its manifest.

    Raises:
        BackupError: it is damaged, no backup at all, or of a newer gridboard.
    """
    manifest = read_manifest(path)
    if manifest.get("format") != FORMAT:
        raise BackupError(
            f"{path} has the format {manifest.get('format')}, this gridboard reads {FORMAT}:"
            " use the one that made it"
        )
    refuse_newer(manifest["schema"])
    return manifest


def verify_deep(settings: DatabaseSettings, path: Path, bindir: Path | None = None) -> Manifest:
    """Restore a backup into a database made for it, compare, and drop that again.

    Raises:
        BackupError: it is damaged, or does not restore to what it was made of.
    """
    with scratch_database(settings) as scratch, administrator(scratch) as engine:
        manifest = verify(path)
        bring_back(engine, path, manifest, bindir)
        return manifest


def restore_backup(
    settings: DatabaseSettings, path: Path, *, actor: str, bindir: Path | None = None
) -> Manifest:
    """Restore a backup into the database that the settings name, made if need be.

    Schema, policies, grants and every row are compared with the manifest; whatever differs
    leaves nothing behind. Then the schema is brought up to date, and what must not come back
    is ended: sessions, one-time links, jobs.

    Returns:
        The manifest.

    Raises:
        BackupError: the database is not empty, or the backup is damaged or did not come
            back as it was.
    """
    manifest = verify(path)
    create_database(settings.url("admin"))
    with administrator(settings) as engine:
        bring_back(engine, path, manifest, bindir)
        with whole_or_nothing(engine):
            migrate(engine)
            with administering(engine) as connection:
                run_statement(connection, _read("settle.sql"))
                detail = {"file": path.name, "made_at": manifest["made_at"]}
                record(connection, Deed(actor, "", "restore", detail=detail))
    return manifest


def bring_back(engine: Engine, path: Path, manifest: Manifest, bindir: Path | None) -> None:
    """Restore into a database that holds nothing of ours, and compare.

    Raises:
        BackupError: it holds something, its server is older than the backup's, or what came
            back differs: then it holds nothing again.
    """
    check_postgis_version(engine)
    require_empty(engine)
    require_server(engine, manifest)
    with engine.begin() as connection:
        run_script(connection, "bootstrap.sql")
        run_statement(connection, _read("make_room.sql"))
    with whole_or_nothing(engine):
        restore(find_clients(_major(engine), bindir), engine.url, dump_pieces(path))
        with engine.begin() as connection:
            run_statement(connection, _read("set_defaults.sql"))
        with picture(engine) as connection:
            found = take_inventory(connection)
        differences = Inventory.from_dict(manifest["holds"]).missing_in(found)
        if differences:
            raise BackupError(f"{path} did not come back as it was: {_listed(differences)}")
        with administering(engine) as connection:
            run_statement(connection, _read("refresh.sql"))


@contextmanager
def whole_or_nothing(engine: Engine) -> Iterator[None]:
    """Clear the schema away unless the block comes to its end, whatever ends it before."""
    is_whole = False
    try:
        yield
        is_whole = True
    finally:
        if not is_whole:
            with engine.begin() as connection:
                run_statement(connection, _read("clear_away.sql"))


def require_empty(engine: Engine) -> None:
    """Refuse a database that holds anything of ours.

    Raises:
        BackupError: it does.
    """
    with engine.connect() as connection:
        count = connection.scalar(text(_read("count_objects.sql")))
    if count:
        raise BackupError(
            f"the database {engine.url.database} holds a gridboard already: restore into an empty"
            " one (GRIDBOARD_DATABASE names another; 'gridboard cluster wipe' empties the"
            " private server)"
        )


def require_server(engine: Engine, manifest: Manifest) -> None:
    """Refuse a server that is older than the one the backup was made of.

    Raises:
        BackupError: it is.
    """
    if _major(engine) < manifest["postgresql_major"]:
        raise BackupError(
            f"the backup is of PostgreSQL {manifest['postgresql_major']}, this server is"
            f" {_major(engine)}: restore into the same version or a newer one"
        )


@contextmanager
def administrator(settings: DatabaseSettings) -> Iterator[Engine]:
    """The administrator's engine for a database; its connections are closed in the end."""
    engine = engine_for(settings, "admin")
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def scratch_database(settings: DatabaseSettings) -> Iterator[DatabaseSettings]:
    """A database of the same server that is dropped in the end."""
    scratch = settings.model_copy(update={"database": SCRATCH.format(pid=os.getpid())})
    url = scratch.url("admin")
    create_database(url)
    try:
        yield scratch
    finally:
        server = create_engine(
            url.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
        )
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        with server.connect() as connection:
            run_statement(connection, drop.format(sql.Identifier(url.database or "")))


def _major(engine: Engine) -> int:
    with engine.connect() as connection:
        statement = text(read_sql_file("geo", "check_postgis_version.sql"))
        return int(connection.execute(statement).one().postgresql)


def _read(name: str) -> str:
    return read_sql_file("dashboard.backup", name)


def _listed(differences: list[str]) -> str:
    more = len(differences) - SHOWN_DIFFERENCES
    said = "; ".join(" ".join(line.split())[:200] for line in differences[:SHOWN_DIFFERENCES])
    return f"{said}; and {more} more" if more > 0 else said
