"""A brief that a job asks for: as a leader of the area would get it, without a session."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Engine, text

from dashboard.briefing.briefs import FORMS, Briefs
from dashboard.briefing.spans import SPANS, read_range
from dashboard.exporting.exports import Exports
from dashboard.people.account import By
from dashboard.picture import of_one_picture
from dashboard.province import province_viewer
from dashboard.source import Source
from dashboard.store import Store
from geo.database import read_sql_file, transaction
from geo.errors import InputError, NotFoundError
from geo.hierarchy import TOWNSHIP
from geo.viewer import Viewer

_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class BriefOrder:
    """What is asked for.

    Attributes:
        area: code.
        period: one of ``SPANS``, or days as ``read_range`` takes them.
        query: language, metric and filters, as the page's address has them.
        author: who asks, in words.
    """

    area: str
    period: str
    query: Mapping[str, str]
    author: str


def write_brief(engine: Engine, order: BriefOrder, path: Path, memory_mb: int) -> str:
    """Write a brief where a file of its name is to be, all of it or nothing.

    Args:
        engine: the application's connections.
        order: what is asked for.
        path: the file; its ending says which form.
        memory_mb: how much may be kept in memory meanwhile.

    Returns:
        What it is about, in words.

    Raises:
        InputError: the ending or the period is not understood.
        NotFoundError: there is no such area.
    """
    form = path.suffix.removeprefix(".").lower()
    if form not in FORMS:
        raise InputError(f"a brief comes as {', '.join(FORMS)}, not as '{path.suffix}'")
    viewer = leader_of(engine, order.area, order.author)
    by = By(order.author, viewer.role, viewer.scope_code)
    store = Store(memory_mb * _MEGABYTE)
    query = urlencode({**order.query, **_days(order.period)})

    @of_one_picture
    def written() -> str:
        briefs = Briefs(Exports(engine, Source(engine, viewer, store), by))
        found = briefs.brief(order.area, query)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".brief-") as folder:
            whole = Path(folder) / f"brief.{form}"
            briefs.write(found, form, whole)
            whole.replace(path)
        return f"{found.visit.area.name}, {found.visit.text.days(found.visit.days)}"

    return written()


def leader_of(engine: Engine, code: str, login: str) -> Viewer:
    """Return a leader whose scope is an area; of what is smaller than a township, its township's.

    Raises:
        NotFoundError: there is no such area.
    """
    query = text(read_sql_file("dashboard", "scope_of_area.sql"))
    with transaction(engine, province_viewer(engine)) as connection:
        found = connection.execute(query, {"code": code}).one_or_none()
    if found is None:
        raise NotFoundError(
            f"no area {code or '(blank)'}: expected the code of an area that is loaded, as the"
            " address of its map has it"
        )
    if found.level > TOWNSHIP:
        return Viewer("leader", TOWNSHIP, found.township_code, login)
    return Viewer("leader", found.level, code, login)


def _days(period: str) -> dict[str, str]:
    if period in SPANS:
        return {"span": period}
    days = read_range(period)
    if days is None:
        raise InputError(
            f"'{period}' is no period: expected {', '.join(SPANS)}, or days such as"
            " 2026-01-01..2026-03-31"
        )
    return days.parameters("from", "to")
