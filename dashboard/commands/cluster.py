"""gridboard cluster: the private PostgreSQL of this checkout."""

from typing import Annotated

import typer

from dashboard.cluster import ClusterStatus
from dashboard.commands.database import private_cluster
from etl.console import say

app = typer.Typer(help="The private PostgreSQL of this checkout.", no_args_is_help=True)

Name = Annotated[str, typer.Option(help="Another cluster of this checkout; the tests use 'test'.")]


@app.command()
def start(name: Name = "") -> None:
    """Make the cluster if there is none, and start it."""
    started = private_cluster(name).start()
    say("PostgreSQL started" if started else "PostgreSQL was already running")


@app.command()
def stop(name: Name = "") -> None:
    """Stop the cluster; data are kept."""
    stopped = private_cluster(name).stop()
    say("PostgreSQL stopped" if stopped else "PostgreSQL was not running")


@app.command()
def status(name: Name = "") -> None:
    """Say whether the cluster runs and where it lies; exit code 3 if it does not run."""
    cluster = private_cluster(name)
    say(f"{cluster.status()} {cluster.paths.folder}")
    if cluster.status() is not ClusterStatus.RUNNING:
        raise typer.Exit(3)


@app.command()
def url(
    name: Name = "",
    user: Annotated[str, typer.Option(help="The user to log in as.")] = "postgres",
    database: Annotated[str, typer.Option(help="The database.")] = "gridboard",
) -> None:
    """Print the SQLAlchemy address of a database of the cluster."""
    say(private_cluster(name).url(user, database))


@app.command()
def wipe(
    name: Name = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Stop the cluster and delete all of its data."""
    cluster = private_cluster(name)
    if not yes:
        typer.confirm(f"Delete everything in {cluster.paths.folder}?", abort=True)
    wiped = cluster.wipe()
    say(f"Deleted {cluster.paths.folder}" if wiped else "There was nothing to delete")
