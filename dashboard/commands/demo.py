"""gridboard demo: from nothing to the map of a synthetic province."""

import os
from enum import StrEnum
from typing import Annotated

import typer

from dashboard.commands.database import setup, state
from dashboard.commands.serve import serve
from dashboard.console import progress
from dashboard.serving import require_free_port
from dashboard.settings import DashboardSettings
from geo.settings import read_settings

VIEWER = "GRIDBOARD_DEMO_VIEWER"
PROVINCE = "province:620000"

app = typer.Typer(help="The demo: a synthetic province on real boundaries.")


class Size(StrEnum):
    """How much of the demo is made."""

    PROVINCE = "province"
    COUNTY = "county"


@app.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    size: Annotated[Size, typer.Option(help="How much is made at the first run.")] = Size.PROVINCE,
) -> None:
    """Set up, load the demo unless it is loaded, and serve it."""
    if context.invoked_subcommand:
        return
    require_free_port(read_settings(DashboardSettings), state().folder)
    setup()
    load_once(size)
    os.environ.setdefault(VIEWER, PROVINCE)
    serve()


def load_once(size: Size) -> None:
    """Load the demo, unless this database holds it already."""
    with progress("Loading the demo"):
        pass
