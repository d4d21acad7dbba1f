"""The ledger (台账) of a township or village: its map, its table, its registers.

The official forms were not available. What a township keeps is named 一图一表四册一汇编 (one map,
one table, four registers, one compilation), what a village keeps 三册一记 (three registers, one
record); what stands in each is our own choice, and each ledger says so. The compilation is the
document that binds the others (``ledger_files``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from dashboard.errors import BadRequestError
from dashboard.exporting.about import about_lines
from dashboard.exporting.columns import Column
from dashboard.exporting.registers import (
    Register,
    incident_columns,
    open_columns,
    read_registers,
    resolved_columns,
)
from dashboard.exporting.view_table import view_table
from dashboard.handling.answers import Handler, Outcome
from dashboard.text import Text
from dashboard.visit import Visit
from geo.errors import NotFoundError
from geo.hierarchy import CELL, TOWNSHIP, VILLAGE
from geo.viewer import ROLES

KEEPERS = (TOWNSHIP, VILLAGE)
"""Slots of the areas that keep a ledger."""

LEDGER_ROLES = tuple(role for role in ROLES if role != "wall")
"""Who may take single incidents home: persons, not a session that stands unattended for weeks."""

_CELL_KEYS = (
    "code", "name", "parent_name", "population", "households", "area_km2", "incidents",
    "incidents_before", "incidents_per_1000_people", "incidents_per_1000_people_low",
    "incidents_per_1000_people_high", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A table of a ledger.

    Attributes:
        title: of the table.
        columns: its columns.
        total: how many rows there would be if all were shown.
        words: what else is to be known of it.
        has_total: whether the last row sums up the others.
        of_all_days: whether it holds what is open as of now, whenever it occurred.
    """

    title: str
    columns: tuple[Column, ...]
    total: int
    words: str = ""
    has_total: bool = False
    of_all_days: bool = False

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.columns[0].values)


@dataclass(frozen=True)
class Ledger:
    """A ledger.

    Attributes:
        title: of the whole.
        form: what the ledger is made of, in words.
        lines: what the figures are of.
        has_map: whether a map belongs to it.
        sections: its tables, in order.
    """

    title: str
    form: str
    lines: tuple[tuple[str, str], ...]
    has_map: bool
    sections: tuple[Section, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(section.rows for section in self.sections)


def ledger(engine: Engine, visit: Visit) -> Ledger:
    """Put a ledger together.

    Raises:
        NotFoundError: areas of this level keep none.
        BadRequestError: a publishable one was asked for: registers list single incidents.
    """
    _, area = visit.text, visit.area
    if area.slot not in KEEPERS:
        raise NotFoundError("townships and villages keep a ledger, other areas do not")
    if visit.state.publish:
        raise BadRequestError("a ledger lists single incidents and is never publishable")
    visit = by_cell(visit)
    of_township = area.slot == TOWNSHIP
    sections = _of_township(engine, visit) if of_township else _of_village(engine, visit)
    form = (
        _("one map, one table, four registers, one compilation")
        if of_township
        else _("three registers, one record")
    )
    return Ledger(
        title=_("Ledger of {area}", area=_.name(area)),
        form=_("{form}; layout of our own, no official form was available", form=form),
        lines=tuple(about_lines(visit)),
        has_map=of_township,
        sections=sections,
    )


def by_cell(visit: Visit) -> Visit:
    """The same visit with cells shown, where there are any."""
    cell = visit.hierarchy.at(CELL)
    key = cell.key if cell and cell.key in visit.area.layers else ""
    return replace(visit, state=visit.state.with_(layer=key, metric="count", view="areas"))


def _of_township(engine: Engine, visit: Visit) -> tuple[Section, ...]:
    _ = visit.text
    received, waiting = read_registers(engine, visit)
    return (
        _summary(visit),
        _rows(_("Register 1: incidents"), incident_columns(visit, received.rows), received.total),
        _waiting(visit, waiting),
        _cells(visit, _("Register 3: grid cells")),
        _organisations(visit, _("Register 4: outcomes by organisation")),
    )


def _of_village(engine: Engine, visit: Visit) -> tuple[Section, ...]:
    _ = visit.text
    received, waiting = read_registers(engine, visit)
    resolved = resolved_columns(visit, received.rows)
    total = len(resolved[0].values)
    if received.total > len(received.rows):
        # Some of those left out were resolved, too.
        total = visit.source.handling(visit.area.code, visit.filters).total.resolved
    return (
        _rows(_("Register 1: incidents"), incident_columns(visit, received.rows), received.total),
        _waiting(visit, waiting),
        _cells(visit, _("Register 3: grid cells")),
        _rows(
            _("Record: what was resolved"),
            resolved,
            total,
            _("Of the incidents of the period."),
        ),
    )


def _waiting(visit: Visit, waiting: Register) -> Section:
    _, columns = visit.text, open_columns(visit, waiting.rows)
    words = _("All that are still open, whenever they occurred.")
    found = _rows(_("Register 2: open and overdue"), columns, waiting.total, words)
    return replace(found, of_all_days=True)


def _rows(title: str, columns: Sequence[Column], total: int, words: str = "") -> Section:
    return Section(title, tuple(columns), total, words)


def _cells(visit: Visit, title: str) -> Section:
    columns = {column.key: column for column in view_table(visit).columns}
    order = sorted(range(len(columns["code"].values)), key=lambda at: columns["code"].values[at])
    chosen = [
        replace(columns[key], values=[columns[key].values[at] for at in order])
        for key in _CELL_KEYS
        if key in columns
    ]
    return _rows(title, chosen, len(chosen[0].values))


def _summary(visit: Visit) -> Section:
    """The one table: what became of the incidents, by area below, and in all."""
    _, found = visit.text, visit.source.handling(visit.area.code, visit.filters)
    handlers = [*found.areas, *([found.coarser] if found.coarser else [])]
    names = [_name(each, _) or _("known more coarsely") for each in handlers]
    outcomes = [each.outcome for each in handlers]
    return _outcomes(
        _("Table: what became of the incidents"),
        _("Area"),
        [*names, _("All")],
        [*outcomes, found.total],
        _,
    )


def _organisations(visit: Visit, title: str) -> Section:
    _, found = visit.text, visit.source.handling(visit.area.code, visit.filters)
    names = [each.name or _("not recorded") for each in found.organisations]
    outcomes = [each.outcome for each in found.organisations]
    if found.rest:
        names.append(_("{n} other organisations", n=_.number(found.others)))
        outcomes.append(found.rest.outcome)
    return _outcomes(title, _("Organisation"), [*names, _("All")], [*outcomes, found.total], _)


def _name(handler: Handler, _: Text) -> str:
    return (_.lang == "en" and handler.name_en) or handler.name or ""


def _outcomes(title: str, head: str, names: list[str], outcomes: list[Outcome], _: Text) -> Section:
    failed = [each.received - each.resolved - each.open for each in outcomes]
    shares = [None if each.share is None else 100 * each.share for each in outcomes]
    lows = [None if each.share is None else 100 * each.share_low for each in outcomes]
    highs = [None if each.share is None else 100 * each.share_high for each in outcomes]
    share = _("Resolved of received (%)")
    columns = [
        Column("name", head, "text", names),
        Column("received", _("Received (number)"), "whole", [o.received for o in outcomes]),
        Column("resolved", _("Resolved (number)"), "whole", [o.resolved for o in outcomes]),
        Column("open", _("Open (number)"), "whole", [o.open for o in outcomes]),
        Column("other", _("Not resolved (number)"), "whole", failed),
        Column("overdue", _("Overdue (number)"), "whole", [o.overdue for o in outcomes]),
        Column("share", share, "number", shares),
        Column("share_low", _("{figure}, 95% from", figure=share), "number", lows),
        Column("share_high", _("{figure}, 95% to", figure=share), "number", highs),
        Column("median_days", _("Median days to resolution"), "number",
               [o.days.median if o.days else None for o in outcomes]),
    ]  # fmt: skip
    words = _("Intervals of shares: 95%, exact (binomial).")
    return Section(title, tuple(columns), len(names), words, has_total=True)
