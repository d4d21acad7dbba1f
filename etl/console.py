"""What the command line shows: lines, tables, and progress for whatever takes longer."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from etl.reports import LoadReport

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""

LINE_EVERY_S = 10.0


def say(text: str) -> None:
    """Print one line; a URL in it stays one word."""
    Console(highlight=False, soft_wrap=True).print(text, markup=False)


def show_report(what: str, report: LoadReport) -> None:
    """Print the account of a load as a table."""
    table = Table(show_header=False, box=None)
    table.add_column(justify="right")
    table.add_column()
    counts = {
        "read": report.rows_read,
        "loaded": report.rows_loaded,
        "updated": report.rows_updated,
        "unchanged": report.rows_unchanged,
        "rejected": report.rows_rejected,
    }
    for name, count in counts.items():
        table.add_row(f"{count:,}", f"{what} {name}")
    for reason, count in report.reasons.most_common():
        table.add_row(f"{count:,}", f"  {reason}")
    if report.rows_closed:
        table.add_row(f"{report.rows_closed:,}", f"{what} closed")
    if report.rows_moved:
        table.add_row(f"{report.rows_moved:,}", "incidents moved to other areas")
    Console(highlight=False).print(table)


def complain(text: str) -> None:
    """Print one line to standard error."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"gridboard: {' '.join(text.split())}", markup=False)


@contextmanager
def progress(title: str) -> Iterator[Report]:
    """Show progress while the block runs: bars at a terminal, a line now and then elsewhere.

    The block may report several steps one after the other; without any report the title is
    shown with the time that went by.
    """
    console = Console()
    with _bars(console, title) if console.is_terminal else _lines(title) as report:
        yield report


@contextmanager
def _bars(console: Console, title: str) -> Iterator[Report]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn())
    with Progress(*columns, TaskProgressColumn(), TimeElapsedColumn(), console=console) as bars:
        steps = {title: bars.add_task(title, total=None)}

        def report(step: str, done: int, total: int) -> None:
            if step not in steps:
                finish_all()
                steps[step] = bars.add_task(step, total=total or None)
            bars.update(steps[step], completed=done, total=total or None)

        def finish_all() -> None:
            for task in bars.tasks:
                bars.update(task.id, total=task.total or 1, completed=task.total or 1)

        yield report
        finish_all()


@contextmanager
def _lines(title: str) -> Iterator[Report]:
    started = said = time.monotonic()

    def report(step: str, done: int, total: int) -> None:
        nonlocal said
        if time.monotonic() - said < LINE_EVERY_S:
            return
        said = time.monotonic()
        say(f"{step} … {done:,} of {total:,}" if total else f"{step} …")

    yield report
    say(f"{title}: done in {time.monotonic() - started:.1f} s")
