"""What the command line shows, in terminals wide and narrow, and in pipes."""

import io

import pytest
from rich.console import Console

from etl import console, reasons
from etl.console import duration, pace, show_report
from etl.hints import hint
from etl.reports import LoadReport


def report() -> LoadReport:
    """A load with long reasons."""
    made = LoadReport(batch_id=7, rows_read=1_234_567, rows_loaded=1_200_000)
    made.reject(12, "outside the area of the database", 34_000)
    made.reject(1_000, "occurred_at in the future", 567)
    return made


@pytest.mark.parametrize(
    ("done", "per_s", "total", "said"),
    [
        (250_000, 83_000.4, 1_000_000, "250,000 of 1,000,000, 83,000/s, 9 s left"),
        (250_000, 83_000.4, 0, "250,000, 83,000/s"),
        (5, None, 10, "5 of 10"),
        (10, 2.0, 10, "10 of 10, 2/s"),
    ],
)
def test_progress_says_how_fast_and_how_long(
    done: int, per_s: float | None, total: int, said: str
) -> None:
    assert pace(done, per_s, total) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (3599, "59 min 59 s"), (7325, "2 h 2 min")],
)
def test_durations_are_read_at_a_glance(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def shown(monkeypatch: pytest.MonkeyPatch, width: int | None) -> list[str]:
    """The lines of the table at a terminal of some width, or in a pipe."""
    out = io.StringIO()

    def made(**options: object) -> Console:
        given = {"width": width, **options} if width else options
        return Console(file=out, force_terminal=width is not None, no_color=True, **given)  # type: ignore[arg-type]

    monkeypatch.setattr(console, "Console", made)
    show_report("incidents", report())
    return out.getvalue().splitlines()


def test_a_pipe_gets_one_line_a_count(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = shown(monkeypatch, None)
    assert lines[0].rstrip() == "1,234,567  incidents read"
    assert lines[5].rstrip() == "   34,000    outside the area of the database (first in row 12)"
    assert lines[7].rstrip() == "      567    occurred_at in the future (first in row 1,000)"
    assert lines[-1].startswith("See the refused rows: gridboard batches rejects 7 --out FILE.csv")


@pytest.mark.parametrize("width", [30, 40, 80, 200])
def test_numbers_stay_in_their_column(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    table = shown(monkeypatch, width)[:-1]
    numbers = [line[:9] for line in table if line.strip()]
    assert all(set(number) <= set("0123456789, ") for number in numbers), table
    # The last line is left to the terminal, which may break it anywhere.
    assert all(len(line) <= width for line in table if "gridboard" not in line)


def test_every_reason_has_a_hint() -> None:
    named = [value for name, value in vars(reasons).items() if name.isupper()]
    assert len(named) > 20
    assert [reason for reason in named if isinstance(reason, str) and not hint(reason)] == []
    assert hint("something else") is None
