"""gridboard profile: what is in a file and how to read it."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import loader_engine, spare_sources
from etl.console import say
from etl.drafting import draft_profile
from etl.places import Places, read_places
from etl.reading.incidents import source_name
from geo import database

app = typer.Typer(help="Profiles: how the columns of a file are read.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """Profiles: how the columns of a file are read."""


@app.command("draft")
def draft(
    file: Annotated[str, typer.Argument(help="File, or postgresql://…?table=schema.name.")],
    out: Annotated[Path | None, typer.Option(help="Where to write it; else it is shown.")] = None,
    hierarchy: Annotated[str, typer.Option(help="Whose levels the areas have.")] = "china",
    fit: Annotated[
        bool, typer.Option("--fit", help="See in which CRS the points fit the areas loaded.")
    ] = False,
) -> None:
    """Propose a profile from the first rows of a file, and say what is not sure about it."""
    spare_sources([Path(file)], out)
    found = draft_profile(file, hierarchy=hierarchy, places=_places() if fit else None)
    if out is None:
        say(found.profile)
        return
    out.write_text(found.profile, encoding="utf-8")
    say(f"Wrote {out}: read it before it is used")
    for doubt in found.unsure:
        say(f"Unsure, {doubt['field']}: {doubt['why']}")
    refused = [row for row in found.rows if "reason" in row]
    if refused:
        say(
            f"Of the first {len(found.rows)} rows of {source_name(file)} {len(refused)} would be"
            f" refused; row {refused[0]['row']}: {refused[0]['reason']}"
        )


def _places() -> Places:
    """The areas that are loaded."""
    with database.loading(loader_engine()) as connection:
        return read_places(connection)
