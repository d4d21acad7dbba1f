"""gridboard load: areas and incidents from files."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from etl import loading
from etl.commands.options import (
    ProfileName,
    ReportFile,
    day_of,
    loader_engine,
    telling,
    write_report,
)
from etl.console import progress, show_report
from etl.edition_loading import load_boundary_files

app = typer.Typer(help="Load areas or incidents from files.", no_args_is_help=True)


@app.command("boundaries")
def load_boundaries(
    files: Annotated[list[Path], typer.Argument(help="Files of areas, one a level.")],
    profile: ProfileName,
    valid_from: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day of this edition; today by default."),
    ] = None,
    report_file: ReportFile = None,
) -> None:
    """Load an edition of areas, all or nothing, and draw the map's layers."""
    with telling(report_file):
        with progress("Loading boundaries") as report:
            done = load_boundary_files(loader_engine(), files, profile, day_of(valid_from), report)
        show_report("areas", done)
    write_report(report_file, done.as_dict())
    raise typer.Exit(done.exit_code)


@app.command("incidents")
def load_incidents(
    file: Annotated[Path, typer.Argument(help="Parquet or CSV.")],
    profile: ProfileName,
    report_file: ReportFile = None,
) -> None:
    """Load incidents; what is there already stays, what differs is corrected.

    Exit code 0: all rows are loaded; 1: nothing is; 2: wrong usage; 3: some rows were rejected.
    """
    with telling(report_file):
        with progress("Loading incidents") as report:
            done = loading.load_incident_file(loader_engine(), file, profile, report)
        show_report("incidents", done)
    write_report(report_file, done.as_dict())
    raise typer.Exit(done.exit_code)
