"""The tables of a brief: areas among their peers, and what is late where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dashboard.briefing import places
from dashboard.briefing.facts import Facts
from dashboard.briefing.findings import places_words, span_words
from dashboard.briefing.room import LEAST, Room
from dashboard.briefing.unrated import (
    Unrated,
    ranking_title,
    unrated,
    unrated_title,
    unrated_words,
)
from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.components.peers_words import group_title
from dashboard.handling.answers import Handler, Handling, Outcome
from dashboard.names import IN_A_TABLE, shortened
from dashboard.peers.answers import Group, Peer
from dashboard.text import Text
from dashboard.visit import Visit

AGES = ("0–7", "8–30", "31–90", "> 90")


def ranking_block(visit: Visit, facts: Facts, room: Room = LEAST) -> Markup:
    """Rank the areas below, each among comparable ones, with the interval of its place.

    Those without a rate are ranked by their incidents, after the others and apart from them.
    """
    _ = visit.text
    if visit.area.child_level is None:
        return html.Section([], className="brief-ranking")
    groups = facts.peers.groups if facts.peers else ()
    rest, sizes = unrated(visit, facts), _sizes(visit, facts)
    shares = _shares(sizes, room.ranking_rows - _heads_above(visit, facts))
    rows = [
        row
        for group, share in zip(groups, shares, strict=False)
        if share
        for row in _group(visit, group, share)
    ]
    if groups and rest:
        rows.append(_group_head(unrated_title(_), len(rest), _))
    if rest:
        rows += [_unrated(visit, each, beside=bool(groups)) for each in rest[: shares[-1]]]
    heads = _heads(facts, _) if groups else [_("Rank"), _("Name"), _("incidents")]
    head = html.Tr([html.Th(words, scope="col") for words in heads])
    body = html.Tbody(rows, id=places.RANKING_ROWS)
    parts = [html.Thead(head), body]
    table = html.Table(parts, className="brief-table", id=places.RANKING_TABLE)
    notes = _ranking_notes(visit, facts, sum(sizes) - sum(shares))
    inner = html.Div([html.H2(ranking_title(facts, _)), table, *notes], id=places.RANKING)
    return html.Section(inner, className="brief-ranking")


def ranking_size(visit: Visit, facts: Facts) -> int:
    """Count the rows of the whole ranking, the heads of its groups included."""
    return sum(_sizes(visit, facts)) + _heads_above(visit, facts)


def _heads_above(visit: Visit, facts: Facts) -> int:
    """Count the heads of groups: areas without a rate have one only after others."""
    return len(_sizes(visit, facts)) if facts.peers and facts.peers.groups else 0


def _sizes(visit: Visit, facts: Facts) -> list[int]:
    """Count the areas of each group of peers, and last of those without a rate."""
    groups, rest = facts.peers.groups if facts.peers else (), unrated(visit, facts)
    return [len(group.peers) for group in groups] + ([len(rest)] if rest else [])


def _heads(facts: Facts, _: Text) -> list[str]:
    per = _("households") if facts.peers and facts.peers.per == "households" else _("people")
    return [
        _("Rank"),
        _("Name"),
        _("incidents"),
        _("per 1,000 {people}", people=per),
        _("× peers (95%)"),
    ]


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
    yield _group_head(group_title(visit, group), len(group.peers), _)
    for peer in group.peers[:share]:
        yield _peer(visit, peer)


def _group_head(title: str, areas: int, _: Text) -> Markup:
    words = " · ".join((title, _.n("{n} area", "{n} areas", areas)))
    return html.Tr(html.Th(words, colSpan=5, scope="colgroup"), className="brief-group")


def _peer(visit: Visit, peer: Peer) -> Markup:
    _ = visit.text
    marks = {"above": "▲", "below": "▼"}
    name = _.within(_.name(peer), visit.area)
    cells: list[Any] = [
        places_words(peer) if peer.verdict != "alone" else "–",
        _.number(peer.count),
        _.number(peer.rate, 2),
        _ratio(peer, _),
    ]
    mark = html.Td(
        [f"{marks[peer.verdict]} " if peer.verdict in marks else "", cells.pop()],
        className=f"brief-is-{peer.verdict}",
    )
    place, *numbers = (html.Td(cell) for cell in cells)
    return html.Tr([place, area_cell(name), *numbers, mark])


def _ratio(peer: Peer, _: Text) -> str:
    if peer.verdict == "alone" or not peer.expected:
        return "–"
    if peer.verdict == "few":
        return _("too few")
    # With one decimal an interval could seem to reach 1 that leaves it out.
    low, high = _.number(peer.ratio_low, 2), _.number(peer.ratio_high, 2)
    return f"{_.number(peer.ratio, 2)} ({low}–{high})"


def _unrated(visit: Visit, each: Unrated, *, beside: bool) -> Markup:
    """Build the row of an area by its incidents, as wide as those of peers where beside them."""
    _ = visit.text
    cells = [
        html.Td(span_words(each.place_from, each.place_to)),
        area_cell(_.within(_.name(each), visit.area)),
        html.Td(_.number(each.count)),
        *([html.Td("–"), html.Td("–")] if beside else []),
    ]
    return html.Tr(cells)


def _ranking_notes(visit: Visit, facts: Facts, left: int) -> list[Markup]:
    _ = visit.text
    lines = unrated_words(visit, facts)
    if facts.peers and any(len(group.peers) > 1 for group in facts.peers.groups):
        words = _("▲ ▼ above or below its peers, beyond chance; places with their 95% interval.")
        lines.append(words)
    elif facts.peers and facts.peers.groups:
        lines.append(_("– : the only one of its kind here, compared with none."))
    if left:
        lines.append(_("{n} more areas are not listed.", n=_.number(left)))
    return [html.P(" ".join(lines), className="brief-evidence")]


def area_cell(name: str) -> Markup:
    """Build the cell of an area's name; one that is too long is cut, and whole in its title."""
    return html.Td(shortened(name, IN_A_TABLE), title=name)


def backlog_block(visit: Visit, facts: Facts, room: Room = LEAST) -> Markup:
    """List what is open past its deadline, by area and by how long."""
    _, as_of, found = visit.text, visit.source.picture.as_of, facts.backlog
    if found is None or as_of is None:
        return html.Section([], className="brief-late")
    title = html.H2(_("Overdue at {moment}", moment=_.moment(as_of)))
    if not found.total.overdue:
        due = with_deadline(found.total)
        words = (
            _(
                "0 overdue: none of the {n} open incidents with a deadline is past it.",
                n=_.number(due),
            )
            if due
            else _("0 overdue: no incident that has a deadline is open.")
        )
        return html.Section([title, html.P(words)], className="brief-late")
    heads = [
        _("Name"),
        _("open, with a deadline"),
        _("Overdue"),
        *(_("{days} days late", days=days) for days in AGES),
    ]
    late = overdue_areas(found)
    rows = [_late(late_name(visit, each), each.outcome, _) for each in late[: room.late_rows]]
    total = _late(_.name(visit.area), found.total, _, className="brief-total")
    table = html.Table(
        [
            html.Thead(html.Tr([html.Th(words, scope="col") for words in heads])),
            html.Tbody([total, *rows], id=places.LATE_ROWS),
        ],
        className="brief-table brief-numbers",
    )
    note = _("Open incidents of all days that have a deadline.")
    if left := len(late[room.late_rows :]):
        note += " " + _("{n} more areas are not listed.", n=_.number(left))
    inner = html.Div([title, table, html.P(note, className="brief-evidence")], id=places.LATE)
    return html.Section(inner, className="brief-late")


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
    cells = [area_cell(name), *(html.Td(_.number(number)) for number in numbers)]
    return html.Tr(cells, className=className)
