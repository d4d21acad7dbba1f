"""A brief as a workbook, and its areas as a table for any program."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from dashboard.briefing.brief_visit import BriefVisit
from dashboard.briefing.facts import Facts, gather
from dashboard.briefing.tables import AGES, with_deadline
from dashboard.briefing.unrated import (
    Unrated,
    ranking_title,
    reason_words,
    unrated,
    unrated_title,
    unrated_words,
)
from dashboard.components.peers_words import group_title, verdict_words
from dashboard.exporting.about import about, about_lines, caption
from dashboard.exporting.columns import Column, Kind, as_frame
from dashboard.exporting.sheets import Book
from dashboard.exporting.tables import write_table
from dashboard.handling.answers import Outcome
from dashboard.peers.answers import Group, Peer
from dashboard.text import Text
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
        ranking = book.sheet(ranking_title(facts, _))
        ranking.caption(title, caption(visit, _("Brief"), unrated_words(visit, facts)))
        ranking.table(area_columns(visit, facts))
        if facts.backlog:
            late = book.sheet(_("Overdue"))
            words = _("All that are still open, whenever they occurred.")
            line = caption(visit, _("Brief"), [words], of_all_days=True)
            late.caption(f"{_.name(visit.area)} · {_('Overdue')}", line)
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
    write_table(as_frame([*days, *areas, *same.values()], labels=True), path)


def area_columns(visit: Visit, facts: Facts) -> list[Column]:
    """Return the areas below among their peers, each row with its group.

    Areas without a rate come last, ranked by their incidents, and say so in their group.
    """
    _ = visit.text
    rest = unrated(visit, facts)
    rows = [_rated(visit, group, each) for group in _groups(facts) for each in group.peers]
    rows += [_unrated(visit, each, len(rest)) for each in rest]
    return [
        Column(key, label, kind, [row.get(key) for row in rows])
        for key, label, kind in _area_heads(facts, _)
    ]


def _groups(facts: Facts) -> tuple[Group, ...]:
    return facts.peers.groups if facts.peers else ()


def _area_heads(facts: Facts, _: Text) -> list[tuple[str, str, Kind]]:
    per = _("households") if facts.peers and facts.peers.per == "households" else _("people")
    return [
        ("code", _("Area code"), "text"),
        ("name", _("Area name"), "text"),
        ("peers", _("Peers"), "text"),
        ("incidents", _("incidents"), "whole"),
        ("people", per, "whole"),
        ("rate", _("per 1,000 {people}", people=per), "number"),
        ("place_from", _("Place, from"), "whole"),
        ("place_to", _("Place, to"), "whole"),
        ("areas", _("areas"), "whole"),
        ("expected", _("Expected at the peers' rate"), "number"),
        ("ratio", _("× peers"), "number"),
        ("ratio_low", _("× peers, 95% from"), "number"),
        ("ratio_high", _("× peers, 95% to"), "number"),
        ("verdict", _("Verdict"), "text"),
    ]


def _rated(visit: Visit, group: Group, peer: Peer) -> dict[str, Any]:
    _ = visit.text
    return {
        "code": peer.code,
        "name": _.name(peer),
        "peers": group_title(visit, group),
        "incidents": peer.count,
        "people": peer.people,
        "rate": peer.rate,
        "place_from": peer.rank_low,
        "place_to": peer.rank_high,
        "areas": len(group.peers),
        "expected": peer.expected,
        "ratio": _finite(peer.ratio),
        "ratio_low": _finite(peer.ratio_low),
        "ratio_high": _finite(peer.ratio_high),
        "verdict": verdict_words(_)[peer.verdict],
    }


def _unrated(visit: Visit, each: Unrated, areas: int) -> dict[str, Any]:
    _ = visit.text
    return {
        "code": each.code,
        "name": _.name(each),
        "peers": unrated_title(_),
        "incidents": each.count,
        "people": each.people,
        "place_from": each.place_from,
        "place_to": each.place_to,
        "areas": areas,
        "verdict": reason_words(_)[each.reason],
    }


def late_columns(visit: Visit, facts: Facts) -> list[Column]:
    """Return what is open and overdue, by area, the area itself first."""
    _, found = visit.text, facts.backlog
    if found is None:
        return []

    def number(figure: str) -> str:
        return _("{figure} (number)", figure=figure)

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
            number(_("{days} days late", days=days)),
            "whole",
            [outcome.late[at] for _code, _name, outcome in rows],
        )
        for at, days in enumerate(AGES)
    ]
    return [
        Column("code", _("Area code"), "text", [code for code, _name, _outcome in rows]),
        Column("name", _("Area name"), "text", [name for _code, name, _outcome in rows]),
        Column(
            "open",
            number(_("open, with a deadline")),
            "whole",
            [with_deadline(row[2]) for row in rows],
        ),
        Column("overdue", number(_("Overdue")), "whole", [row[2].overdue for row in rows]),
        *ages,
    ]


def _figures(visit: Visit, facts: Facts) -> list[Column]:
    _, found = visit.text, facts.summary
    names = {
        _("Incidents received"): found.total,
        _("Resolved"): found.resolved,
        _("Open"): found.open,
        _("Received a year before"): found.last_year,
        _("Received just before"): found.previous,
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


def _finite(number: float) -> float:
    """Leave out what no spreadsheet can hold."""
    return number if np.isfinite(number) else np.nan
