"""Options that several commands have."""

import getpass
import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from datetime import date, datetime
from itertools import product
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from geo.database import engine_for
from geo.errors import GridboardError, InputError
from geo.settings import DatabaseSettings, read_settings

ProfileName = Annotated[
    str, typer.Option("--profile", help="Name of a built-in profile, or path of yours (TOML).")
]

ReportFile = Annotated[
    Path | None,
    typer.Option("--report", help="Where to write the account as JSON; - prints it instead."),
]


def loader_engine() -> Engine:
    """The loader's way to the database that the settings name."""
    return engine_for(read_settings(DatabaseSettings), "loader")


def author() -> str:
    """Who runs the command: the machine's user, in words that no account can have as its login."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        # In a container that runs under a number without a name.
        user = str(os.getuid())
    return f"{user} (command line)"


def day_of(value: datetime | None) -> date | None:
    """The day of an option; typer reads days as moments."""
    return value.date() if value else None


@contextmanager
def telling(report_file: Path | None) -> Iterator[None]:
    """Leave standard output to the account alone where it goes there; the rest is said beside.

    What is refused within has an account too: why.

    Raises:
        InputError: the account cannot be written; nothing was done yet.
    """
    _require_writable(report_file)
    apart = redirect_stdout(sys.stderr) if str(report_file) == "-" else nullcontext()
    try:
        with apart:
            yield
    except GridboardError as error:
        write_report(report_file, error.as_dict())
        raise


def spare_sources(sources: Iterable[Path], *outputs: Path | None) -> None:
    """See that nothing is written over what is read.

    Raises:
        InputError: an output is one of the sources, by whatever name.
    """
    for source, output in product(sources, outputs):
        if output is not None and _is_same(source, output):
            raise InputError(f"{output} is what is read: name another file to write to")


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names are of one file that is there."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _require_writable(file: Path | None) -> None:
    """See that the account can be written before there is anything to account for."""
    if file is None or str(file) == "-":
        return
    try:
        file.open("a").close()
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror}") from error


def write_report(file: Path | None, account: Mapping[str, object]) -> None:
    """Write an account as JSON where the option says, if it says so.

    Raises:
        InputError: it cannot be written there.
    """
    text = json.dumps(account, ensure_ascii=False, indent=1) + "\n"
    if file is None:
        return
    if str(file) == "-":
        sys.stdout.write(text)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write {file}: {error.strerror}") from error
