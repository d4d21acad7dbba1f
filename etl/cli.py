"""The loader's commands: load, rollups, and the demo's data."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from etl import loading
from etl.console import progress, say, show_report
from etl.demo_live import run_live
from etl.demo_loading import DemoSize, load_demo
from etl.verification import rebuild_rollups, verify_rollups
from geo import database
from geo.database import engine_for
from geo.settings import DatabaseSettings, read_settings

TRUTH = Path("build/demo/truth.json")
"""Where the demo writes down what it planted."""

app = typer.Typer(help="Load files and keep the rollups.")
load = typer.Typer(help="Load areas or incidents from files.", no_args_is_help=True)
rollups = typer.Typer(help="The counts kept beside the incidents.", no_args_is_help=True)
app.add_typer(load, name="load")
app.add_typer(rollups, name="rollups")

ProfileName = Annotated[
    str, typer.Option("--profile", help="Name of a built-in profile, or path of yours (TOML).")
]


def _day(value: datetime | None) -> date | None:
    return value.date() if value else None


@load.command("boundaries")
def load_boundaries(
    files: Annotated[list[Path], typer.Argument(help="Files of areas, one a level.")],
    profile: ProfileName,
    valid_from: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day of this edition; today by default."),
    ] = None,
) -> None:
    """Load an edition of areas, all or nothing, and draw the map's layers."""
    engine = engine_for(read_settings(DatabaseSettings), "loader")
    with progress("Loading boundaries") as report:
        done = loading.load_boundary_files(engine, files, profile, _day(valid_from), report)
    show_report("areas", done)


@load.command("incidents")
def load_incidents(
    file: Annotated[Path, typer.Argument(help="Parquet or CSV.")], profile: ProfileName
) -> None:
    """Load incidents; what is there already stays, what differs is corrected."""
    engine = engine_for(read_settings(DatabaseSettings), "loader")
    with progress("Loading incidents") as report:
        done = loading.load_incident_file(engine, file, profile, report)
    show_report("incidents", done)


@rollups.command("verify")
def verify() -> None:
    """Recount all rollups from the incidents; exit code 1 if any differs."""
    engine = engine_for(read_settings(DatabaseSettings), "loader")
    with progress("Recounting"), database.loading(engine) as connection:
        found = verify_rollups(connection)
    for mismatch in found[:20]:
        say(str(mismatch))
    say(f"{len(found)} blocks differ" if found else "All rollups agree with the incidents")
    raise typer.Exit(1 if found else 0)


@rollups.command("rebuild")
def rebuild() -> None:
    """Write all rollups anew from the incidents."""
    engine = engine_for(read_settings(DatabaseSettings), "loader")
    with progress("Recounting"), database.loading(engine) as connection:
        counted = rebuild_rollups(connection)
    say(f"Counted {counted:,} incidents")


def demo_data(
    size: Annotated[DemoSize, typer.Option(help="How much.")] = DemoSize.PROVINCE,
    count: Annotated[int | None, typer.Option(min=1, help="How many incidents.")] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="First day without incidents; today by default."),
    ] = None,
    truth: Annotated[Path, typer.Option(help="Where to write what was planted.")] = TRUTH,
) -> None:
    """Load the demo's areas and incidents into the database."""
    engine = engine_for(read_settings(DatabaseSettings), "loader")
    with progress("Loading the demo") as report:
        done = load_demo(
            engine, size=size.value, count=count, until=_day(until), truth=truth, report=report
        )
    show_report("incidents", done)


def demo_live(
    per_minute: Annotated[float, typer.Option(min=0.01, help="Incidents a minute.")] = 30.0,
    minutes: Annotated[
        float | None, typer.Option(min=0.01, help="Stop after so many; by default never.")
    ] = None,
) -> None:
    """Keep adding incidents to the demo until it is stopped (Ctrl-C)."""
    engine = engine_for(read_settings(DatabaseSettings), "loader")
    say(f"Adding about {per_minute:g} incidents a minute; stop with Ctrl-C")
    added = run_live(engine, per_minute=per_minute, minutes=minutes, tell=say)
    say(f"Added {added:,} incidents")
