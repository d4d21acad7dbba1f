"""gridboard load: areas and incidents from files."""

from pathlib import Path
from typing import Annotated

import typer

from etl import loading
from etl.checking import DefectsError
from etl.commands.area_options import AreaCrs, CleanWidth, FirstDay, Tolerance
from etl.commands.options import (
    ProfileName,
    ReportFile,
    author,
    day_of,
    loader_engine,
    spare_sources,
    telling,
    write_report,
)
from etl.console import progress, show_report
from etl.dask_workers import Cluster
from etl.defect_tables import show_defects, show_details
from etl.edition_loading import load_boundary_files
from etl.reports import MOST_REJECTED
from etl.workers import BESIDE, Crew, Processes

app = typer.Typer(help="Load areas or incidents from files.", no_args_is_help=True)


@app.command("boundaries")
def load_boundaries(
    files: Annotated[list[Path], typer.Argument(help="Files of areas, one a level.")],
    profile: ProfileName,
    valid_from: FirstDay = None,
    crs: AreaCrs = None,
    clean: CleanWidth = None,
    tolerance: Tolerance = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything, then take it back.")
    ] = False,
    report_file: ReportFile = None,
) -> None:
    """Load an edition of areas, all or nothing, and draw the map's layers.

    Defects above the tolerance refuse the whole load; those below are loaded and counted.
    """
    spare_sources(files, report_file)
    with telling(report_file):
        try:
            with progress("Loading boundaries") as report:
                done = load_boundary_files(
                    loader_engine(),
                    files,
                    profile,
                    day_of(valid_from),
                    report,
                    crs=crs,
                    clean_m=clean,
                    tolerance_m2=tolerance,
                    author=author(),
                    dry_run=dry_run,
                )
        except DefectsError as error:
            show_defects(error.defects, error.forbidding)
            raise
        show_report("areas", done)
        show_details(done.details)
    write_report(report_file, done.as_dict())
    raise typer.Exit(done.exit_code)


@app.command("incidents")
def load_incidents(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="A file, or postgresql://…?table=schema.name for a table or view."
        ),
    ],
    profile: ProfileName,
    crs: Annotated[
        str | None,
        typer.Option(help="CRS of the coordinates, where the profile states none: EPSG:4490 …"),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Do everything, then take it back.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(help="Write the refused rows to this .csv or .xlsx, to be corrected."),
    ] = None,
    most_rejected: Annotated[
        float,
        typer.Option(min=0, max=1, help="Load nothing if a larger share of rows is refused."),
    ] = MOST_REJECTED,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Prepare chunks in so many processes.")
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS", help="Prepare chunks on a Dask cluster, such as tcp://host:8786."
        ),
    ] = None,
    report_file: ReportFile = None,
) -> None:
    """Load incidents; what is there already stays, what differs is corrected.

    Exit code 0: all rows are loaded; 1: nothing is; 2: wrong usage; 3: some rows were rejected.
    """
    spare_sources([Path(source)], rejects, report_file)
    with telling(report_file):
        with progress("Loading incidents") as report:
            done = loading.load_incident_file(
                loader_engine(),
                source if "://" in source else Path(source),
                profile,
                report,
                crs=crs,
                crew=_crew(workers, dask),
                author=author(),
                dry_run=dry_run,
                rejects=rejects,
                most_rejected=most_rejected,
            )
        show_report("incidents", done)
    write_report(report_file, done.as_dict())
    raise typer.Exit(done.exit_code)


def _crew(workers: int | None, dask: str | None) -> Crew:
    """Who prepares the chunks.

    Raises:
        typer.BadParameter: both kinds of workers are asked for.
    """
    if workers and dask:
        raise typer.BadParameter("give either --workers or --dask", param_hint="--dask")
    if dask:
        return Cluster(dask)
    return Processes(workers) if workers else BESIDE
