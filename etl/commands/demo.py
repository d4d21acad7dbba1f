"""gridboard demo data and live: the demo's areas and incidents."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import day_of, loader_engine
from etl.console import progress, say, show_report
from etl.demo_live import run_live
from etl.demo_loading import DemoSize, load_demo

TRUTH = Path("build/demo/truth.json")
"""Where the demo writes down what it planted."""


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
    engine = loader_engine()
    with progress("Loading the demo") as report:
        done = load_demo(
            engine, size=size.value, count=count, until=day_of(until), truth=truth, report=report
        )
    show_report("incidents", done)


def demo_live(
    per_minute: Annotated[float, typer.Option(min=0.01, help="Incidents a minute.")] = 30.0,
    minutes: Annotated[
        float | None, typer.Option(min=0.01, help="Stop after so many; by default never.")
    ] = None,
) -> None:
    """Keep adding incidents to the demo until it is stopped (Ctrl-C)."""
    engine = loader_engine()
    say(f"Adding about {per_minute:g} incidents a minute; stop with Ctrl-C")
    added = run_live(engine, per_minute=per_minute, minutes=minutes, tell=say)
    say(f"Added {added:,} incidents")
