"""gridboard brief: one page about an area, for a nightly job."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from dashboard.settings import DashboardSettings
from etl.commands.options import author
from etl.console import say
from geo.database import engine_for
from geo.errors import InputError
from geo.settings import DatabaseSettings, read_settings

Lang = Literal["zh", "en"]
Metric = Literal["count", "density", "rate"]


def brief(
    area: Annotated[str, typer.Option(help="Code of the area.", show_default=False)],
    out: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Where: .pdf, .xlsx, .csv, or .png for the map.",
            show_default=False,
        ),
    ],
    period: Annotated[
        str,
        typer.Option(
            metavar="day|week|month|FROM..TO",
            help="The last day, whole week or whole month with data, or days such as"
            " 2026-01-01..2026-03-31.",
        ),
    ] = "week",
    lang: Annotated[Lang, typer.Option(help="Language.")] = "zh",
    metric: Annotated[Metric, typer.Option(help="What the map shows.")] = "count",
) -> None:
    """Write a brief of an area: its map, its figures, what stands out, what is late.

    It sees what a leader of the area sees, and stands in the audit log.
    """
    # The libraries that draw take a moment to load; other commands need not wait for them.
    from dashboard.briefing.commanded import BriefOrder, write_brief

    query = {"lang": lang, "metric": metric}
    order = BriefOrder(area, period, query, author())
    settings = read_settings(DashboardSettings)
    engine = engine_for(read_settings(DatabaseSettings))
    try:
        said = write_brief(engine, order, writable(out), settings.block_cache_mb)
    finally:
        engine.dispose()
    say(f"{out}: {said}")


def writable(out: Path) -> Path:
    """See that a file can be there before anything is drawn.

    Raises:
        InputError: its folder does not exist.
    """
    if not out.parent.is_dir():
        raise InputError(f"cannot write {out}: there is no folder {out.parent}")
    return out
