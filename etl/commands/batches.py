"""gridboard batches: what was loaded when, what was refused, and how to take it back."""

from pathlib import Path
from typing import Annotated

import typer

from etl.batches import read_batches
from etl.commands.options import ReportFile, author, loader_engine, telling, write_report
from etl.console import progress, say, show_batches
from etl.rejects import export_rejects
from etl.undoing import undo_batch
from geo.database import loading

app = typer.Typer(
    help="What was loaded when, from which file, and what was refused.", no_args_is_help=True
)

Number = Annotated[int, typer.Argument(help="Number of the batch.", metavar="BATCH")]


@app.command("list")
def list_batches(
    limit: Annotated[int, typer.Option(min=1, help="How many of the latest.")] = 20,
) -> None:
    """Show the latest batches with their counts."""
    with loading(loader_engine()) as connection:
        show_batches(read_batches(connection, limit))


@app.command("rejects")
def rejects(
    batch: Number,
    out: Annotated[
        Path, typer.Option(help="Where to write them: .csv, or .xlsx, which keeps long numbers.")
    ],
) -> None:
    """Write the refused rows of a batch to a file, to be corrected and loaded again.

    The file has the columns that the profile reads, with the number and the reason of each row
    behind them; the same profile loads it.
    """
    with progress("Writing"), loading(loader_engine()) as connection:
        count = export_rejects(connection, batch, out)
    say(f"{count:,} rows written to {out}")


@app.command("undo")
def undo(batch: Number, report_file: ReportFile = None) -> None:
    """Take a batch of incidents back: what it loaded goes, what it replaced returns."""
    with telling(report_file):
        with progress("Undoing"), loading(loader_engine()) as connection:
            done = undo_batch(connection, batch, author=author())
        say(
            f"Batch {batch} is undone: {done.rows_removed:,} incidents removed,"
            f" {done.rows_restored:,} former ones restored"
        )
    write_report(report_file, done.as_dict())
