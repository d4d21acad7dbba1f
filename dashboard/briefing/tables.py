"""The tables of a brief: areas among their peers, and what is late where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from dashboard.briefing.facts import Facts
from dashboard.briefing.findings import places_words
from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.components.peers_words import group_title
from dashboard.handling.answers import Handler, Handling, Outcome
from dashboard.peers.answers import Group, Peer
from dashboard.text import Text
from dashboard.visit import Visit

MOST_ROWS = 21
MOST_LATE = 6
AGES = ("0–7", "8–30", "31–90", "> 90")


def ranking_block(visit: Visit, facts: Facts) -> Markup:
    """Rank the areas below, each among comparable ones, with the interval of its place."""
    _ = visit.text
    if visit.area.child_level is None:
        return html.Section([], className="brief-ranking")
    title = html.H2(_("Ranking among peers"))
    groups = facts.peers.groups if facts.peers else ()
    if not groups:
        return html.Section([title, *_by_count(visit, facts.children)], className="brief-ranking")
    shares = _shares([len(group.peers) for group in groups], MOST_ROWS - len(groups))
    rows = [
        row
        for group, share in zip(groups, shares, strict=True)
        if share
        for row in _group(visit, group, share)
    ]
    per = _("households") if facts.peers and facts.peers.per == "households" else _("people")
    heads = [
        _("Place"),
        _("Name"),
        _("incidents"),
        _("per 1,000 {people}", people=per),
        _("× peers (95%)"),
    ]
    head = html.Tr([html.Th(words, scope="col") for words in heads])
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="brief-table")
    left = sum(len(group.peers) for group in groups) - sum(shares)
    notes = _ranking_notes(facts, left, _)
    return html.Section([title, table, *notes], className="brief-ranking")


def _shares(sizes: list[int], rows: int) -> list[int]:
    """Divide the rows there is room for among groups: as many as each has, the rest in turn."""
    shares = [0] * len(sizes)
    while rows > 0 and any(share < size for share, size in zip(shares, sizes, strict=True)):
        for at, size in enumerate(sizes):
            if rows > 0 and shares[at] < size:
                shares[at] += 1
                rows -= 1
    return shares


def _group(visit: Visit, group: Group, share: int) -> Iterator[Markup]:
    _ = visit.text
    words = f"{group_title(visit, group)} · {_('{n} areas', n=_.number(len(group.peers)))}"
    yield html.Tr(html.Th(words, colSpan=5, scope="colgroup"), className="brief-group")
    for peer in group.peers[:share]:
        yield _peer(visit, peer)


def _peer(visit: Visit, peer: Peer) -> Markup:
    _ = visit.text
    marks = {"above": "▲", "below": "▼"}
    cells: list[Any] = [
        places_words(peer) if peer.verdict != "alone" else "–",
        _.within(_.name(peer), visit.area),
        _.number(peer.count),
        _.number(peer.rate, 2),
        _ratio(peer, _),
    ]
    mark = html.Td(
        [f"{marks[peer.verdict]} " if peer.verdict in marks else "", cells.pop()],
        className=f"brief-is-{peer.verdict}",
    )
    return html.Tr([*(html.Td(cell) for cell in cells), mark])


def _ratio(peer: Peer, _: Text) -> str:
    if peer.verdict == "alone" or not peer.expected:
        return "–"
    if peer.verdict == "few":
        return _("too few")
    low, high = _.number(peer.ratio_low, 1), _.number(peer.ratio_high, 1)
    return f"{_.number(peer.ratio, 1)} ({low}–{high})"


def _ranking_notes(facts: Facts, left: int, _: Text) -> list[Markup]:
    unknown = facts.peers.unknown if facts.peers else 0
    lines = [_("▲ ▼ above or below its peers, beyond chance; places with their 95% interval.")]
    if left:
        lines.append(_("{n} more areas are not listed.", n=_.number(left)))
    if unknown:
        lines.append(_("{n} areas without a known population have no rate.", n=_.number(unknown)))
    return [html.P(" ".join(lines), className="brief-evidence")]


def _by_count(visit: Visit, children: pd.DataFrame) -> list[Markup]:
    """List areas by their number where nobody counted people, and say that it is no ranking."""
    _ = visit.text
    ordered = children.sort_values(["count", "code"], ascending=[False, True]).head(MOST_ROWS)
    rows = [
        html.Tr(
            [
                html.Td(_.within(_english(row, _), visit.area)),
                html.Td("–" if pd.isna(row["count"]) else _.number(row["count"])),
            ]
        )
        for row in ordered.to_dict("records")
    ]
    heads = html.Tr([html.Th(words, scope="col") for words in (_("Name"), _("incidents"))])
    return [
        html.Table([html.Thead(heads), html.Tbody(rows)], className="brief-table"),
        html.P(_("No rate: nobody counted the population here."), className="brief-evidence"),
    ]


def _english(row: dict[Any, Any], _: Text) -> str:
    english = _.lang == "en" and isinstance(row["name_en"], str)
    return str(row["name_en"] if english else row["name"])


def backlog_block(visit: Visit, facts: Facts) -> Markup:
    """List what is open past its deadline, by area and by how long."""
    _, as_of, found = visit.text, visit.source.picture.as_of, facts.backlog
    if found is None or as_of is None:
        return html.Section([], className="brief-late")
    title = html.H2(_("Overdue at {moment}", moment=_.moment(as_of)))
    if not found.total.overdue:
        words = _(
            "0 overdue: none of the {n} open incidents with a deadline is past it.",
            n=_.number(with_deadline(found.total)),
        )
        return html.Section([title, html.P(words)], className="brief-late")
    heads = [
        _("Name"),
        _("open, with a deadline"),
        _("Overdue"),
        *(_("{days} days late", days=days) for days in AGES),
    ]
    late = overdue_areas(found)
    rows = [_late(late_name(visit, each), each.outcome, _) for each in late[:MOST_LATE]]
    total = _late(_.name(visit.area), found.total, _, className="brief-total")
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(words, scope="col") for words in heads])),
            html.Tbody([total, *rows]),
        ],
        className="brief-table brief-numbers",
    )
    note = _("Open incidents of all days that have a deadline.")
    if left := len(late[MOST_LATE:]):
        note += " " + _("{n} more areas are not listed.", n=_.number(left))
    return html.Section(
        [title, table, html.P(note, className="brief-evidence")], className="brief-late"
    )


def overdue_areas(found: Handling) -> list[Handler]:
    """Return the areas below with anything overdue, the most first; last what is in none."""
    late = [each for each in found.areas if each.outcome.overdue]
    late.sort(key=lambda each: (-each.outcome.overdue, each.code or ""))
    return [*late, *([found.coarser] if found.coarser and found.coarser.outcome.overdue else [])]


def late_name(visit: Visit, handler: Handler) -> str:
    """Name an area of the backlog, or what is known to lie in none."""
    _ = visit.text
    name = (_.lang == "en" and handler.name_en) or handler.name
    return _.within(name, visit.area) if name else _("known only more coarsely")


def with_deadline(outcome: Outcome) -> int:
    """Return the open incidents that can be late at all."""
    return outcome.open - outcome.no_deadline


def _late(name: str, outcome: Outcome, _: Text, *, className: str = "") -> Markup:  # noqa: N803
    numbers = (with_deadline(outcome), outcome.overdue, *outcome.late)
    cells = [html.Td(name), *(html.Td(_.number(number)) for number in numbers)]
    return html.Tr(cells, className=className)
