"""gridboard demo: from nothing to the map of a synthetic province."""

import os
import sys
from typing import Annotated

import typer

from dashboard.commands.database import provide_database, setup, state
from dashboard.commands.serve import serve
from dashboard.people.demo_accounts import ensure_demo_accounts
from dashboard.serving import require_free_port
from dashboard.settings import DashboardSettings
from etl.commands.demo import TRUTH, demo_data, demo_live
from etl.console import progress, say
from etl.demo_loading import DemoSize, demo_is_loaded, load_demo, refuse_other_size
from geo.database import administering, engine_for, loading
from geo.settings import DatabaseSettings, read_settings

# For this process only: ready accounts, cookies without HTTPS, and no line of log for each request.
DEMO = {
    "GRIDBOARD_DEMO": "true",
    "GRIDBOARD_COOKIE_SECURE": "false",
    "GRIDBOARD_LOG_LEVEL": "WARNING",
}

app = typer.Typer(help="The demo: a synthetic province on real boundaries.")
app.command("data")(demo_data)
app.command("live")(demo_live)


@app.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    size: Annotated[
        DemoSize, typer.Option(help="How much is made at the first run.")
    ] = DemoSize.PROVINCE,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Load only.")] = False,
) -> None:
    """Set up, load the demo unless it is loaded, and serve it."""
    if context.invoked_subcommand:
        if "--help" not in sys.argv:
            provide_database()
        return
    if not no_serve:
        require_free_port(read_settings(DashboardSettings), state().folder)
    setup()
    load_once(size)
    provide_demo_accounts()
    if not no_serve:
        serve_demo()


def serve_demo() -> None:
    """Serve what is loaded, to be entered as one of the ready accounts."""
    for name, value in DEMO.items():
        os.environ.setdefault(name, value)
    serve()


def provide_demo_accounts() -> None:
    """Make the ready accounts of the demo, unless they are there."""
    engine = engine_for(read_settings(DatabaseSettings), "admin")
    try:
        with administering(engine) as connection:
            ensure_demo_accounts(connection)
    finally:
        engine.dispose()


def load_once(size: DemoSize) -> None:
    """Load the demo, unless this database holds it; an interrupted load is taken up again.

    Raises:
        InputError: the database holds the demo of another size, even if only in part.
    """
    engine = engine_for(read_settings(DatabaseSettings), "loader")
    try:
        with loading(engine) as connection:
            refuse_other_size(connection, size.value)
            loaded = demo_is_loaded(connection)
        if loaded:
            say("The demo is loaded already ('make clean' deletes it)")
            return
        with progress(f"Loading the demo ({size})") as report:
            load_demo(engine, size=size.value, truth=TRUTH, report=report)
    finally:
        engine.dispose()
