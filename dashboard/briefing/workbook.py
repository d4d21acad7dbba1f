"""A brief as a workbook, and its areas as a table for any program."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from dashboard.briefing.brief_visit import BriefVisit
from dashboard.briefing.facts import Facts, gather
from dashboard.briefing.tables import AGES, with_deadline
from dashboard.components.peers_words import group_title, verdict_words
from dashboard.exporting.about import about, about_lines
from dashboard.exporting.columns import Column, as_frame
from dashboard.exporting.sheets import Book, Sheet
from dashboard.handling.answers import Outcome
from dashboard.visit import Visit


def write_xlsx(brief: BriefVisit, path: Path) -> None:
    """Write what the page tells: key figures, what stands out, areas, what is late."""
    visit, _ = brief.visit, brief.visit.text
    facts = gather(visit)
    title = f"{_.name(visit.area)} · {_.days(visit.days)}"
    with Book(path, title, visit.source.picture.as_of) as book:
        sheet = book.sheet(_("Brief"))
        sheet.head(title, about_lines(visit))
        for each in facts.findings:
            sheet.line(f"{each.title} — {each.words} ({each.evidence})")
        sheet.table(_figures(visit, facts))
        _areas(book.sheet(_("Ranking among peers")), title, visit, facts)
        if facts.backlog:
            late = book.sheet(_("Overdue"))
            late.head(title, [])
            late.table(late_columns(visit, facts))


def write_csv(brief: BriefVisit, path: Path) -> None:
    """Write the areas among their peers; UTF-8 with a byte order mark, which spreadsheets need."""
    visit = brief.visit
    areas = area_columns(visit, gather(visit))
    rows = len(areas[0].values)
    # There is no header to say what the figures are of: each row does.
    same = {
        key: Column(key, label, "text", [value] * rows)
        for key, label, value in about(visit).in_rows
    }
    days = [same.pop("first_day"), same.pop("last_day")]
    same.pop("level")
    frame = as_frame([*days, *areas, *same.values()], labels=True)
    frame.to_csv(
        path,
        index=False,
        encoding="utf-8-sig",
        quoting=csv.QUOTE_NONNUMERIC,
        lineterminator="\r\n",
    )


def area_columns(visit: Visit, facts: Facts) -> list[Column]:
    """Return the areas below among their peers, each row with its group."""
    _ = visit.text
    groups = facts.peers.groups if facts.peers else ()
    rows = [(group, peer) for group in groups for peer in group.peers]
    names = verdict_words(_)
    per = _("households") if facts.peers and facts.peers.per == "households" else _("people")

    def numbers(name: str) -> list[float]:
        return [float(getattr(peer, name)) for _group, peer in rows]

    return [
        Column("code", _("Area code"), "text", [peer.code for _group, peer in rows]),
        Column("name", _("Area name"), "text", [_.name(peer) for _group, peer in rows]),
        Column("peers", _("Peers"), "text", [group_title(visit, group) for group, _peer in rows]),
        Column("incidents", _("incidents"), "whole", numbers("count")),
        Column("people", per, "whole", numbers("people")),
        Column("rate", _("per 1,000 {people}", people=per), "number", numbers("rate")),
        Column("place_from", _("Place, from"), "whole", numbers("rank_low")),
        Column("place_to", _("Place, to"), "whole", numbers("rank_high")),
        Column("areas", _("areas"), "whole", [len(group.peers) for group, _peer in rows]),
        Column("expected", _("Expected at the peers' rate"), "number", numbers("expected")),
        Column("ratio", _("× peers"), "number", _finite(numbers("ratio"))),
        Column("ratio_low", _("× peers, 95% from"), "number", _finite(numbers("ratio_low"))),
        Column("ratio_high", _("× peers, 95% to"), "number", _finite(numbers("ratio_high"))),
        Column("verdict", _("Verdict"), "text", [names[peer.verdict] for _group, peer in rows]),
    ]


def late_columns(visit: Visit, facts: Facts) -> list[Column]:
    """Return what is open and overdue, by area, the area itself first."""
    _, found = visit.text, facts.backlog
    if found is None:
        return []
    rows: list[tuple[str, str, Outcome]] = [
        (visit.area.code, _.name(visit.area), found.total),
        *(
            (
                each.code or "",
                (_.lang == "en" and each.name_en) or each.name or _("known only more coarsely"),
                each.outcome,
            )
            for each in (*found.areas, *([found.coarser] if found.coarser else []))
        ),
    ]
    ages = [
        Column(
            f"late_{at}",
            _("{days} days late", days=days),
            "whole",
            [outcome.late[at] for _code, _name, outcome in rows],
        )
        for at, days in enumerate(AGES)
    ]
    return [
        Column("code", _("Area code"), "text", [code for code, _name, _outcome in rows]),
        Column("name", _("Area name"), "text", [name for _code, name, _outcome in rows]),
        Column(
            "open", _("open, with a deadline"), "whole", [with_deadline(row[2]) for row in rows]
        ),
        Column("overdue", _("Overdue"), "whole", [row[2].overdue for row in rows]),
        *ages,
    ]


def _figures(visit: Visit, facts: Facts) -> list[Column]:
    _, found = visit.text, facts.summary
    names = {
        _("Incidents received"): found.total,
        _("Resolved"): found.resolved,
        _("Open"): found.open,
        _("year before"): found.last_year,
        _("period before"): found.previous,
        _("Overdue now"): facts.backlog.total.overdue if facts.backlog else None,
    }
    return [
        Column("figure", _("Figure"), "text", list(names)),
        Column(
            "incidents",
            _("incidents"),
            "whole",
            [np.nan if value is None else float(value) for value in names.values()],
        ),
    ]


def _areas(sheet: Sheet, title: str, visit: Visit, facts: Facts) -> None:
    sheet.head(title, [])
    sheet.table(area_columns(visit, facts))


def _finite(numbers: list[float]) -> list[float]:
    """Leave out what no spreadsheet can hold."""
    return [number if np.isfinite(number) else np.nan for number in numbers]
