"""gridboard load divisions: the official list of division codes."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import day_of, loader_engine
from etl.console import progress, say
from etl.divisions import load_divisions as store_divisions
from etl.divisions import read_division_file
from geo.database import loading


def load_divisions(
    file: Annotated[
        Path, typer.Argument(help="CSV: code, name and, if known, level, valid_from, valid_to.")
    ],
    valid_from: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day of a list that states no days."),
    ] = None,
) -> None:
    """Load the official list of division codes; abolished ones are kept with their days."""
    given = read_division_file(file)
    with progress("Loading divisions"), loading(loader_engine()) as connection:
        done = store_divisions(connection, given, day_of(valid_from))
    say(
        f"{done.rows_read:,} divisions read, {done.added:,} added, {done.ended:,} ended,"
        f" {done.unchanged:,} unchanged"
    )
