"""gridboard check: find what is wrong with a file before it is loaded."""

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.area_options import AreaCrs, CleanWidth, FirstDay, Tolerance
from etl.commands.options import (
    ProfileName,
    ReportFile,
    day_of,
    loader_engine,
    spare_sources,
    telling,
    write_report,
)
from etl.console import progress, say
from etl.defect_tables import show_cleaning, show_defects
from etl.edition_checking import check_boundary_files

app = typer.Typer(help="Check a file; nothing is loaded.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """Check a file; nothing is loaded."""


@app.command("boundaries")
def check_boundaries(
    files: Annotated[list[Path], typer.Argument(help="Files of areas, one a level.")],
    profile: ProfileName,
    valid_from: FirstDay = None,
    crs: AreaCrs = None,
    clean: CleanWidth = None,
    tolerance: Tolerance = None,
    out: Annotated[
        Path | None, typer.Option(help="Write all defects to this GeoJSON, for QGIS.")
    ] = None,
    alone: Annotated[
        bool, typer.Option("--alone", help="Do not compare with what is loaded.")
    ] = False,
    report_file: ReportFile = None,
) -> None:
    """Find everything that is wrong with files of areas; exit code 1 if a load would be refused."""
    spare_sources(files, out, report_file)
    with telling(report_file):
        with progress("Checking boundaries") as report:
            found = check_boundary_files(
                None if alone else loader_engine(),
                files,
                profile,
                report,
                crs=crs,
                clean_m=clean,
                tolerance_m2=tolerance,
                valid_from=day_of(valid_from),
                geojson=out,
            )
        if found.cleaned is not None:
            show_cleaning(found.cleaned.as_dict())
        show_defects(found.defects, found.forbidding)
        say(f"CRS: {found.verdict.note}")
        verdict = "a load would be refused" if found.refused else "a load would be accepted"
        say(f"{found.areas:,} areas checked, tolerance {found.tolerance_m2:g} m²: {verdict}")
    write_report(report_file, found.as_dict())
    raise typer.Exit(1 if found.refused else 0)
