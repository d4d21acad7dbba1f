"""gridboard db: backups of the database."""

import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from dashboard.backup.making import back_up
from dashboard.backup.restoring import administrator, restore_backup, verify, verify_deep
from dashboard.commands.database import answering, provide_database
from dashboard.settings import DashboardSettings
from etl.commands.options import author
from etl.console import progress, say
from geo.schema import check_schema_version, set_login_passwords
from geo.settings import DatabaseSettings, read_settings

NAME = "gridboard-{moment:%Y%m%dT%H%M%SZ}.tar"
NAMES = "gridboard-????????T??????Z.tar"

app = typer.Typer(help="Back up, restore and check the database.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.", show_default=False)]


@app.callback()
def prepare() -> None:
    """Back up, restore and check the database."""
    signal.signal(signal.SIGTERM, leave_nothing)


def leave_nothing(number: int, _frame: object) -> NoReturn:
    """End as by Ctrl-C, so that unfinished files and scratch databases go too."""
    sys.exit(128 + number)


@app.command()
def backup(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Where; in a folder the file is named after the moment (UTC)."
        ),
    ],
    keep: Annotated[
        int | None,
        typer.Option(help="How many such files to keep in the folder; older ones go.", min=1),
    ] = None,
) -> None:
    """Write everything in the database into one file, while it is in use.

    Uploaded files and jobs' results in the state folder are not in it. Keep it as you keep the
    database: it holds everything that this holds.
    """
    if keep is not None and not file.is_dir():
        raise typer.BadParameter("only files in a folder are counted: name a folder as FILE")
    path = file / NAME.format(moment=datetime.now(UTC)) if file.is_dir() else file
    provide_database()
    with administrator(read_settings(DatabaseSettings)) as engine, answering():
        check_schema_version(engine)
        with progress(f"Backing up {engine.url.database}"):
            manifest = back_up(engine, path, actor=author(), bindir=bindir())
    say(f"{path}: {told(manifest)}")
    if keep is not None:
        say_removed(remove_older(file, keep))


@app.command()
def restore(file: File) -> None:
    """Restore a backup into an empty database, and compare everything with the original.

    All sessions, one-time links and waiting jobs end: some of them had been ended after the
    backup was made. Start 'gridboard serve' anew afterwards.
    """
    verify(file)
    provide_database()
    settings = read_settings(DatabaseSettings)
    with answering(), progress(f"Restoring {file}"):
        manifest = restore_backup(settings, file, actor=author(), bindir=bindir())
        with administrator(settings) as engine:
            set_login_passwords(engine, settings)
    say(f"Restored and equal: {told(manifest)}. All sessions have ended: log in again")


@app.command("verify")
def verify_command(
    file: File,
    deep: Annotated[
        bool,
        typer.Option("--deep", help="Also restore it into a database made and dropped for that."),
    ] = False,
) -> None:
    """Check that every byte of a backup is as it was written; needs no database."""
    manifest = verify(file)
    if deep:
        provide_database()
        with answering(), progress(f"Restoring {file} to compare"):
            verify_deep(read_settings(DatabaseSettings), file, bindir())
    say(f"{file} is whole{' and restores equal' if deep else ''}: {told(manifest)}")


def bindir() -> Path | None:
    """The folder of PostgreSQL's programs that the settings name."""
    return read_settings(DashboardSettings).postgres_bindir


def told(manifest: dict[str, Any]) -> str:
    """A backup in one line."""
    tables = manifest["holds"]["tables"]
    rows = sum(table["rows"] for table in tables.values())
    megabytes = manifest["dump"]["bytes"] / 1e6
    return (
        f"{rows:,} rows in {len(tables)} tables, {megabytes:,.1f} MB, schema {manifest['schema']},"
        f" made {manifest['made_at']}"
    )


def remove_older(folder: Path, keep: int) -> int:
    """Remove all but the newest backups that were named by us; how many went."""
    older = sorted(folder.glob(NAMES))[:-keep]
    for path in older:
        path.unlink(missing_ok=True)
    return len(older)


def say_removed(count: int) -> None:
    """Say how many older backups went, if any."""
    if count:
        say(f"{count} older backup{'s' * (count > 1)} removed")
