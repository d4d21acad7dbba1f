"""Registers of single incidents of a township or village; no column of them names a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, text

from dashboard.errors import DataMovedError
from dashboard.exporting.columns import Column
from dashboard.handling.answers import LATE_FROM_DAYS
from dashboard.terms import RESOLVED
from dashboard.visit import Visit
from geo.database import read_sql_file, transaction
from geo.hierarchy import CELL, COUNTY
from geo.revisions import current

MOST = 20_000
"""Rows of one register: more are no book that anybody turns over."""

DAY_S = 86_400


@dataclass(frozen=True)
class Register:
    """Rows of incidents.

    Attributes:
        rows: at most ``MOST``.
        total: how many there are.
    """

    rows: Sequence[Row[Any]]
    total: int


def read_registers(engine: Engine, visit: Visit) -> tuple[Register, Register]:
    """Read the incidents of a visit's days, and all that are still open, of one picture.

    Raises:
        DataMovedError: the data is no longer that of the visit's picture.
    """
    source, filters = visit.source, visit.filters
    values = {
        "county": _county(visit),
        "code": visit.area.code,
        "since": filters.days.since,
        "until": filters.days.until,
        "categories": sorted(filters.categories),
        "channels": sorted(filters.channels),
        "statuses": sorted(filters.statuses),
        "most": MOST,
    }
    with transaction(engine, source.viewer) as connection:
        if current(connection) != source.revisions:
            raise DataMovedError("the data changed while it was being read")
        found = [
            connection.execute(text(read_sql_file("dashboard.exporting", name)), values).all()
            for name in ("register.sql", "open_register.sql")
        ]
    received, waiting = (Register(rows, rows[0].total if rows else 0) for rows in found)
    return received, waiting


def incident_columns(visit: Visit, rows: Sequence[Row[Any]]) -> list[Column]:
    """Build the register of incidents: what, when, where, what became of it."""
    _ = visit.text
    return [
        *_identity(visit, rows),
        _terms(visit, "channel", _("Channel"), rows),
        Column("people_involved", _("People involved (number)"), "whole", _of(rows, "people")),
        _terms(visit, "status", _("Status"), rows),
        Column("deadline", _("Deadline"), "text", _moments(visit, rows, "deadline")),
        Column("resolved_at", _("Resolved at"), "text", _moments(visit, rows, "resolved_at")),
        Column("method", _("Way of resolving"), "text", _of(rows, "method")),
        Column("organisation", _("Organisation"), "text", _of(rows, "organisation")),
    ]


def open_columns(visit: Visit, rows: Sequence[Row[Any]]) -> list[Column]:
    """Build the register of what is open: by how much it is late, in bands."""
    _, as_of = visit.text, visit.source.picture.as_of
    late = [days_late(row.deadline, as_of) for row in rows]
    return [
        Column("late_days", _("Late by (whole days)"), "whole", late),
        Column("band", _("Ageing"), "text", [_band(visit, row.deadline, days) for row, days in
                                             zip(rows, late, strict=True)]),
        *_identity(visit, rows),
        Column("deadline", _("Deadline"), "text", _moments(visit, rows, "deadline")),
        Column("organisation", _("Organisation"), "text", _of(rows, "organisation")),
    ]  # fmt: skip


def resolved_columns(visit: Visit, rows: Sequence[Row[Any]]) -> list[Column]:
    """Build the record of what was resolved, and in how many days."""
    _ = visit.text
    done = [row for row in rows if row.status == RESOLVED]
    days = [_days_taken(visit, row) for row in done]
    return [
        Column("resolved_at", _("Resolved at"), "text", _moments(visit, done, "resolved_at")),
        Column("days", _("Days from receipt to resolution"), "whole", days),
        *_identity(visit, done),
        Column("method", _("Way of resolving"), "text", _of(done, "method")),
        Column("organisation", _("Organisation"), "text", _of(done, "organisation")),
    ]


def days_late(deadline: datetime | None, as_of: datetime | None) -> int | None:
    """Whole days past a deadline; ``None`` if it is not past, or there is none."""
    if deadline is None or as_of is None or deadline >= as_of:
        return None
    return int((as_of - deadline).total_seconds() // DAY_S)


def _identity(visit: Visit, rows: Sequence[Row[Any]]) -> list[Column]:
    _ = visit.text
    return [
        Column("incident_id", _("Incident number"), "text", _of(rows, "incident_id")),
        Column("occurred_at", _("Occurred at"), "text", _moments(visit, rows, "occurred_at")),
        Column("received_at", _("Received at"), "text", _moments(visit, rows, "received_at")),
        _terms(visit, "category", _("Category"), rows),
        Column("cell", _("Grid cell"), "text", [_place(visit, row) for row in rows]),
    ]


def _place(visit: Visit, row: Row[Any]) -> str:
    """The cell of an incident; where only something wider is known, that."""
    _ = visit.text
    if row.cell_code:
        return str(row.cell_code)
    levels = [level for level in visit.hierarchy.levels if level.slot <= min(row.precision, CELL)]
    return _("known to the {level} only", level=_.term(levels[-1]))


def _band(visit: Visit, deadline: datetime | None, late: int | None) -> str:
    _ = visit.text
    if deadline is None:
        return _("no deadline")
    if late is None:
        return _("not yet due")
    ends = (*(first - 1 for first in LATE_FROM_DAYS[1:]), None)
    at = max(n for n, first in enumerate(LATE_FROM_DAYS) if late >= first)
    first, last = LATE_FROM_DAYS[at], ends[at]
    if last is None:
        return _("more than {n} days late", n=first - 1)
    return _("{first} to {last} days late", first=first, last=last)


def _days_taken(visit: Visit, row: Row[Any]) -> int | None:
    """Whole days of the calendar, as the page counts them."""
    if row.resolved_at is None:
        return None
    zone = visit.hierarchy.time_zone
    received, resolved = (at.astimezone(zone).date() for at in (row.received_at, row.resolved_at))
    return max(0, int((resolved - received).days))


def _terms(visit: Visit, kind: str, label: str, rows: Sequence[Row[Any]]) -> Column:
    names = {term.id: visit.text.term(term) for term in visit.source.terms(kind)}
    found = [names.get(getattr(row, kind), str(getattr(row, kind))) for row in rows]
    return Column(kind, label, "text", found)


def _moments(visit: Visit, rows: Sequence[Row[Any]], name: str) -> list[str | None]:
    """Local moments to the minute."""
    zone = visit.hierarchy.time_zone
    write: Callable[[datetime], str] = lambda at: f"{at.astimezone(zone):%Y-%m-%d %H:%M}"  # noqa: E731
    return [None if getattr(row, name) is None else write(getattr(row, name)) for row in rows]


def _of(rows: Sequence[Row[Any]], name: str) -> list[Any]:
    return [getattr(row, name) for row in rows]


def _county(visit: Visit) -> str:
    """The county whose incidents hold the area's, the key of their table."""
    lineage = visit.source.picture.lineage
    row = lineage.row(visit.area.code)
    above = int(lineage.above[COUNTY][row])
    return (lineage.text("code", above) if above >= 0 else lineage.text("county_code", row)) or ""
