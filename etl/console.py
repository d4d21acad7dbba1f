"""What the command line shows: lines, tables, and progress for whatever takes longer."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from etl.batches import Batch
from etl.hints import hint
from etl.reports import LoadReport

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""

LINE_EVERY_S = 10.0
PIPE_COLUMNS = 160
"""Width of tables where no terminal says how wide it is: files and pipes can be searched."""


def say(text: str) -> None:
    """Print one line; a URL in it stays one word."""
    Console(highlight=False, soft_wrap=True).print(text, markup=False)


def show_report(what: str, report: LoadReport) -> None:
    """Print the account of a load as a table."""
    rows: list[tuple[int | None, str]] = [
        (report.rows_read, f"{what} read"),
        (report.rows_loaded, f"{what} loaded"),
        (report.rows_updated, f"{what} updated"),
        (report.rows_unchanged, f"{what} unchanged"),
        (report.rows_rejected, f"{what} rejected"),
    ]
    for reason, count in report.reasons.most_common():
        first = report.examples.get(reason)
        rows.append((count, f"  {reason}" + (f" (first in row {first:,})" if first else "")))
        if text := hint(reason):
            rows.append((None, f"    → {text}"))
    if report.rows_closed:
        rows.append((report.rows_closed, f"{what} closed"))
    if report.rows_moved:
        rows.append((report.rows_moved, "incidents moved to other areas"))
    table = _table("", "")
    for number, text in rows:
        table.add_row("" if number is None else f"{number:,}", text)
    _show(table)
    _show_ending(what, report)


def _show_ending(what: str, report: LoadReport) -> None:
    """Say what to do next."""
    if not report.rows_read:
        say("There are no rows in it")
    elif report.dry_run:
        say("This was a dry run: nothing was changed")
    elif report.rows_rejected and what == "incidents":
        say(f"See the refused rows: gridboard batches rejects {report.batch_id} --out FILE.csv")


def show_batches(batches: Sequence[Batch]) -> None:
    """Print batches as a table, the latest first."""
    if not batches:
        say("Nothing was loaded yet")
        return
    table = _table("batch", "loaded at (UTC)", "what", *COUNTED, "", heads=True)
    for batch in batches:
        counts = [f"{getattr(batch, f'rows_{name}'):,}" for name in COUNTED]
        named = f"{batch.kind}s of {batch.source}"
        named += f": {batch.file_name}" if batch.file_name else ""
        state = f"undone by {batch.undone_by}" if batch.undone_at else ""
        when = f"{batch.finished_at:%Y-%m-%d %H:%M}"
        table.add_row(str(batch.batch_id), when, named, *counts, state)
    _show(table)


def show_rows(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print texts as a table with a head."""
    table = _table(*heads, heads=True)
    for row in rows:
        table.add_row(*row)
    _show(table)


COUNTED = ("read", "loaded", "updated", "unchanged", "rejected")
"""The counts of a batch that are listed."""


def _table(*columns: str, heads: bool = False) -> Table:
    """A table without lines, numbers to the right, texts folded where they do not fit."""
    table = Table(show_header=heads, box=None, pad_edge=False)
    for at, name in enumerate(columns):
        right = name in ("batch", *COUNTED) or (not heads and at == 0)
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    return table


def _show(table: Table) -> None:
    """Print a table, as wide as the terminal."""
    console = Console(highlight=False, markup=False)
    if not console.is_terminal:
        console = Console(highlight=False, markup=False, width=PIPE_COLUMNS)
    console.print(table)


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


class _Pace(ProgressColumn):
    """How far a step is, how fast it goes, and how long it will take."""

    def render(self, task: Task) -> Text:
        """Nothing until something is counted."""
        if not task.completed or task.finished:
            return Text("")
        return Text(pace(int(task.completed), task.speed, int(task.total or 0)))


def pace(done: int, per_s: float | None, total: int) -> str:
    """Progress in words, such as ``250,000 of 1,000,000, 83,000/s, 9 s left``."""
    parts = [f"{done:,} of {total:,}" if total else f"{done:,}"]
    if per_s:
        parts.append(f"{per_s:,.0f}/s")
        if total > done:
            parts.append(f"{duration((total - done) / per_s)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Seconds, or minutes and seconds, or hours and minutes."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


@contextmanager
def _bars(console: Console, title: str) -> Iterator[Report]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(bar_width=20))
    with Progress(
        *columns, TaskProgressColumn(), _Pace(), TimeElapsedColumn(), console=console
    ) as bars:
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


@dataclass
class _Step:
    """A step under way, and when it was last spoken of."""

    name: str
    started_s: float
    began_at: int
    said_s: float


@contextmanager
def _lines(title: str) -> Iterator[Report]:
    started = time.monotonic()
    step = _Step(title, started, 0, started)

    def report(name: str, done: int, total: int) -> None:
        now = time.monotonic()
        if name != step.name:
            step.name, step.started_s, step.began_at = name, now, done
        if now - step.said_s < LINE_EVERY_S:
            return
        step.said_s = now
        passed = now - step.started_s
        per_s = (done - step.began_at) / passed if passed else None
        say(f"{name} … {pace(done, per_s, total)}" if done else f"{name} …")

    yield report
    say(f"{title}: done in {time.monotonic() - started:.1f} s")
