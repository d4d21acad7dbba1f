"""Make a backup: a dump and what it must hold, both of one moment."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from dashboard.backup.archive import Manifest, write_archive
from dashboard.backup.errors import BackupError
from dashboard.backup.inventory import take_inventory
from dashboard.backup.programs import dump, find_clients
from geo.audit import Deed, record
from geo.database import administering, read_sql_file
from geo.driver import run_statement

FORMAT = 1
"""Raised when older code could not read the file."""


def back_up(engine: Engine, path: Path, *, actor: str, bindir: Path | None = None) -> Manifest:
    """Write a backup of the database and note so in the audit log.

    Loads may go on meanwhile: dump and checksums are of one moment.

    Args:
        engine: logs in as the administrator.
        path: the file to write; nothing may be there yet.
        actor: who does it.
        bindir: folder of pg_dump; None looks for it.

    Returns:
        The manifest.

    Raises:
        BackupError: the file cannot be written, or pg_dump failed.
    """
    made: list[Manifest] = []
    with picture(engine) as connection:
        held = connection.execute(text(read_sql_file("dashboard.backup", "hold_picture.sql"))).one()
        programs = find_clients(held.major, bindir)
        manifest: Manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database": engine.url.database,
            "schema": connection.scalar(text(read_sql_file("geo", "check_schema_version.sql"))),
            "postgresql": held.server,
            "postgresql_major": held.major,
            "postgis": held.postgis,
            "holds": take_inventory(connection).as_dict(),
        }

        def describe(size: int, digest: str) -> Manifest:
            made.append(manifest | {"dump": {"bytes": size, "sha256": digest}})
            return made[0]

        with closing(dump(programs, engine.url, held.name)) as pieces:
            write_archive(path, pieces, describe)
    detail = {"file": path.name, "sha256": made[0]["dump"]["sha256"], "schema": manifest["schema"]}
    with administering(engine) as connection:
        record(connection, Deed(actor, "", "backup", detail=detail))
    return made[0]


@contextmanager
def picture(engine: Engine) -> Iterator[Connection]:
    """One picture of the whole database, past row-level security, for as long as it takes.

    Raises:
        BackupError: what is asked for is not there, or not ours to read.
    """
    try:
        with administering(engine) as connection:
            run_statement(connection, read_sql_file("dashboard.backup", "begin_picture.sql"))
            yield connection
    except DBAPIError as error:
        reason = str(error.orig).partition("\n")[0]
        raise BackupError(f"the database cannot be read for a backup: {reason}") from error
