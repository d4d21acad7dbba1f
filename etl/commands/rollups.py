"""gridboard rollups: the counts kept beside the incidents."""

import typer

from etl.checksums import take_checksums
from etl.commands.options import loader_engine
from etl.console import progress, say
from etl.verification import rebuild_rollups, verify_rollups
from geo.database import loading

app = typer.Typer(help="The counts kept beside the incidents.", no_args_is_help=True)


@app.command("verify")
def verify() -> None:
    """Recount all rollups from the incidents; exit code 1 if any differs."""
    with progress("Recounting"), loading(loader_engine()) as connection:
        found = verify_rollups(connection)
    for mismatch in found[:20]:
        say(str(mismatch))
    say(f"{len(found)} blocks differ" if found else "All rollups agree with the incidents")
    raise typer.Exit(1 if found else 0)


@app.command("checksum")
def checksum() -> None:
    """Print a checksum of all incidents and one of all rollups.

    They hang on content alone: two databases into which the same was loaded print the same.
    """
    with loading(loader_engine()) as connection:
        found = take_checksums(connection)
    say(f"{found.incidents}  {found.incident_rows} incidents")
    say(f"{found.rollups}  {found.rollup_rows} counts in rollups")


@app.command("rebuild")
def rebuild() -> None:
    """Write all rollups anew from the incidents."""
    with progress("Recounting"), loading(loader_engine()) as connection:
        counted = rebuild_rollups(connection)
    say(f"Counted {counted:,} incidents")
