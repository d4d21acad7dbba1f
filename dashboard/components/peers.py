"""Areas ranked among comparable ones."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria, data
from dashboard.components.kpi import why_no_data
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.components.peers_words import group_title, people_words, since_words, verdict_words
from dashboard.components.whiskers import Scale, axis, interval_words, scale_for, whisker
from dashboard.peers.answers import Group, Peer, Peers
from dashboard.peers.reading import peers_of
from dashboard.signals.months import MOST_MONTHS
from dashboard.text import Text
from dashboard.visit import Visit

MAX_ROWS = 100
MAX_NAMED = 6


def peers_tab(visit: Visit) -> list[Any]:
    """Build the tab of a visit."""
    _ = visit.text
    found = peers_of(visit.source, visit.area.code, visit.filters, visit.state.per)
    if found is None:
        return [html.P(why_no_data(visit), className="quiet")]
    groups = by_excess([group for group in found.groups if len(group.peers) > 1])
    alone = [group for group in found.groups if len(group.peers) == 1]
    scale = scale_for(peer for group in groups for peer in group.peers[:MAX_ROWS])
    return [
        _head(visit, found),
        *_own(visit, found),
        *_worst(visit, found),
        _about(visit, found),
        *(part for group in groups for part in _table(visit, group, scale)),
        *_left_out(visit, found, alone),
        _method(visit, found),
    ]


def _head(visit: Visit, found: Peers) -> Markup:
    _ = visit.text
    title = html.H2(_("Among peers"), className="block-title")
    unit = html.Span(_unit(found.per, _), className="quiet")
    return html.Div([title, unit], className="block-head")


def _about(visit: Visit, found: Peers) -> Markup:
    """Say what is compared, and what a row says, below what was found."""
    _ = visit.text
    about = _(
        "Compared are only areas of one kind and size. Times: incidents as a multiple of what"
        " the other areas of the group have for as many people; the line is the 95 % interval."
        " An area is above or below its peers only where chance does not explain it."
    )
    households = _(
        "Compared are only areas of one kind and size. Times: incidents as a multiple of what"
        " the other areas of the group have for as many households; the line is the 95 %"
        " interval. An area is above or below its peers only where chance does not explain it."
    )
    return html.P(about if found.per == "people" else households, className="peers-about quiet")


def _method(visit: Visit, found: Peers) -> Markup:
    """Say what a reader need not know to read the rows, below all of them."""
    _ = visit.text
    since = _(
        "Since when: the latest month from which on an area's share of its group's incidents has"
        " changed beyond chance (p at most 5%), by the whole months, {n} at most, that were over"
        " when the period ended, however long it is; a change that follows another one is told"
        " once it has lasted two.",
        n=MOST_MONTHS,
    )
    dated = any(peer.since for group in _all_groups(found) for peer in group.peers)
    rests = _("Intervals take incidents to come independently of each other.")
    parts = [*([since, " "] if dated else []), rests]
    return html.P(parts, className="peers-method quiet")


def _all_groups(found: Peers) -> tuple[Group, ...]:
    return (*([found.own] if found.own else []), *found.groups)


def by_excess(groups: list[Group]) -> list[Group]:
    """Put groups in order: the most certain excess first, those without any last."""

    def excess(group: Group) -> float:
        above = (peer.ratio_low for peer in group.peers if peer.verdict == "above")
        return max(above, default=0.0)

    return sorted(groups, key=excess, reverse=True)


def _unit(per: str, _: Text) -> str:
    return _("incidents per 1,000 people") if per == "people" else _("per 1,000 households")


def _own(visit: Visit, found: Peers) -> list[Markup]:
    """Say where the area itself stands among its peers."""
    _, group = visit.text, found.own
    own = group.peer(visit.area.code) if group else None
    if group is None or own is None:
        return []
    name = html.B(_.name(visit.area), className="long-name", title=_.name(visit.area))
    title = group_title(visit, group)
    if own.verdict == "alone":
        words = _("has nothing to compare with in view: {group}", group=title)
        return [html.P([name, " ", words], className="peers-own")]
    place = _(
        "place {place} of {n} by rate among {group}: {count} incidents, {expected} expected",
        place=_place(own),
        n=_.number(len(group.peers)),
        group=title,
        count=_.number(own.count),
        expected=_.number(own.expected, 0 if own.expected >= 10 else 1),
    )
    return [html.P([name, " ", place, " · ", *_sentence(visit, own)], className="peers-own")]


def _worst(visit: Visit, found: Peers) -> list[Markup]:
    """Name those above their peers, the most certain excess first, before all tables."""
    _, above = visit.text, found.above
    if not any(len(group.peers) > 1 for group in found.groups):
        return []
    if not above:
        words = _("None of the areas below is above its peers so that chance does not explain it.")
        return [html.P(words, className="peers-worst")]
    parts: list[Any] = [html.B(_("▲ Above their peers:"), className="worse"), " "]
    for peer in above[:MAX_NAMED]:
        name = _.within((visit.state.lang == "en" and peer.name_en) or peer.name, visit.area)
        href = visit.href(area=peer.code)
        anchor = link(name, href, title=f"{name} · {interval_words(peer, _)}")
        parts += [html.Span([anchor, f" {_times(peer.ratio, _)}×"], className="peers-named"), " "]
    if len(above) > MAX_NAMED:
        parts.append(_("and {n} more", n=_.number(len(above) - MAX_NAMED)))
    return [html.P(parts, className="peers-worst")]


def _table(visit: Visit, group: Group, scale: Scale) -> list[Markup]:
    _ = visit.text
    shown = group.peers[:MAX_ROWS]
    title = group_title(visit, group)
    size = html.Span(people_words(visit.text, group, visit.state.per), className="quiet")
    head = html.H3([title, " ", size], className="peers-title")
    body = html.Table(
        [
            html.Thead(html.Tr(_heads(visit, scale))),
            html.Tbody([row for each in shown for row in _rows(visit, each, scale)]),
        ],
        className="ranking peers",
        **aria(label=title),
    )
    words = _(
        "The first {shown} of {all}.", shown=_.number(MAX_ROWS), all=_.number(len(group.peers))
    )
    more = [html.P(words, className="more")] if len(shown) < len(group.peers) else []
    return [head, body, *more]


def _heads(visit: Visit, scale: Scale) -> list[Markup]:
    _ = visit.text
    rate = _("per 1,000")
    return [
        html.Th(_("Rank"), scope="col", title=_("Places the area may take, 95% interval")),
        html.Th(_("Name"), scope="col"),
        html.Th(rate, scope="col", title=_unit(visit.state.per, _)),
        html.Th(axis(scale, _), scope="col", className="whiskers"),
        html.Th(_("Times"), scope="col", title=_("of what its peers have")),
    ]


def _rows(visit: Visit, peer: Peer, scale: Scale) -> list[Markup]:
    """Build the row of an area, and one below it that says what is to be said of it."""
    _ = visit.text
    name = (visit.state.lang == "en" and peer.name_en) or peer.name
    anchor = link(_.within(name, visit.area), visit.href(area=peer.code))
    cells = [
        html.Td(_place(peer)),
        html.Td(anchor, title=name),
        html.Td(_.number(peer.rate, 2 if peer.rate < 10 else 1)),
        html.Td(whisker(peer, scale, _), className="whiskers"),
        html.Td(_times(peer.ratio, _)),
    ]
    row = html.Tr(cells, **data(area_id=str(peer.area_id)))
    if peer.verdict == "alike":
        return [row]
    return [row, html.Tr([html.Td(), html.Td(_sentence(visit, peer), colSpan=4)], className="said")]


def _sentence(visit: Visit, peer: Peer) -> list[Any]:
    """Say what an area is against its peers, and since when."""
    _ = visit.text
    look = {"above": "change worse", "below": "change better"}.get(peer.verdict, "quiet")
    words = verdict_words(_)[peer.verdict]
    said = words if look == "quiet" else html.B(words)
    parts: list[Any] = [html.Span(said, className=look)]
    if peer.since is not None:
        parts += [" ", since_words(_, peer.since)]
    return parts


def _place(peer: Peer) -> str:
    """Write a place; those it may share with others as a range: a tie."""
    low, high = peer.rank_low, peer.rank_high
    return str(low) if low == high else f"{low}–{high}"


def _times(ratio: float, _: Text) -> str:
    return _.number(ratio, 2 if ratio < 10 else 0) if ratio < float("inf") else "–"


def _left_out(visit: Visit, found: Peers, alone: list[Group]) -> list[Markup]:
    """Name the areas that are compared with none, and why."""
    _, lines = visit.text, []
    if alone:
        english = visit.state.lang == "en"
        names = [(english and peer.name_en) or peer.name for each in alone for peer in each.peers]
        listed = " · ".join(_.within(name, visit.area) for name in names)
        lines.append(_("The only one of its kind here, compared with none: {names}", names=listed))
    if found.unknown:
        words = _("Areas without known people, so without a rate: {n}", n=_.number(found.unknown))
        lines.append(words)
    if not found.groups and visit.area.child_level is None:
        lines.append(_("Nothing smaller is known inside this area."))
    return [html.P(line, className="more") for line in lines]
