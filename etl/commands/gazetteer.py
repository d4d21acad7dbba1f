"""gridboard load gazetteer: places known by name."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import loader_engine
from etl.console import progress, say
from etl.gazetteer import load_gazetteer as store_gazetteer
from etl.gazetteer import read_gazetteer_file
from geo.database import loading


def load_gazetteer(
    file: Annotated[Path, typer.Argument(help="CSV: name, lon, lat and, if known, kind, crs.")],
    crs: Annotated[
        str | None, typer.Option(help="CRS of lon and lat where the file has no column crs.")
    ] = None,
    replace: Annotated[bool, typer.Option(help="Forget the places known so far.")] = False,
) -> None:
    """Load places known by name, for addresses without coordinates."""
    given = read_gazetteer_file(file, crs)
    with progress("Loading the gazetteer"), loading(loader_engine()) as connection:
        done = store_gazetteer(connection, given, replace=replace)
    say(
        f"{done.rows_read:,} places read, {done.rows_added:,} added, {done.rows_known:,} known"
        f" already, {done.rows_outside:,} outside the areas loaded"
    )
