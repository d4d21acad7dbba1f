"""The gridboard command, put together from the commands of each package."""

import os
import sys

import typer
from dotenv import load_dotenv

from dashboard.commands import backup, brief, cluster, demo, gis, serve, tiles, user, work
from dashboard.commands.database import CHECKOUT, provide_database, setup, short_of_disk
from dashboard.oidc.settings import OidcSettings
from dashboard.settings import DashboardSettings
from etl.cli import app as etl_app
from etl.console import complain
from geo.errors import DatabaseUnavailableError, GridboardError
from geo.settings import DatabaseSettings, refuse_unknown

SETTINGS = (DatabaseSettings, DashboardSettings, OidcSettings)
# Set by the tests: what .env names may be a real database.
WITHOUT_ENV_FILE = "GRIDBOARD_TEST_WITHOUT_ENV_FILE"
# These decide themselves when the database is needed: after cheaper checks, or never.
OWN_WAY = {"cluster", "db", "demo", "serve", "setup", "stop"}

app = typer.Typer(
    name="gridboard",
    help="Drill-down maps of disputes: load, serve, demo.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def prepare(context: typer.Context) -> None:
    """Refuse settings nobody reads; start the database for the commands that need it."""
    refuse_unknown(*SETTINGS)
    if context.invoked_subcommand not in OWN_WAY and "--help" not in sys.argv:
        provide_database()


app.command()(setup)
app.command()(serve.serve)
app.command()(serve.stop)
app.command()(work.work)
app.command()(brief.brief)
app.add_typer(cluster.app, name="cluster")
app.add_typer(backup.app, name="db")
app.add_typer(demo.app, name="demo")
app.add_typer(gis.app, name="gis")
app.add_typer(tiles.app, name="tiles")
app.add_typer(user.app, name="user")
app.add_typer(etl_app)


def read_env_file() -> None:
    """Take the settings of .env which the environment lacks; the tests' processes never do."""
    if WITHOUT_ENV_FILE not in os.environ:
        load_dotenv(CHECKOUT / ".env")


def main() -> None:
    """Run the command; what it refuses or cannot do is one line and exit code 1."""
    read_env_file()
    try:
        app()
    except DatabaseUnavailableError as error:
        complain(f"{error}{short_of_disk()}")
        sys.exit(1)
    except GridboardError as error:
        complain(str(error))
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has enough of it; say nothing more to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
