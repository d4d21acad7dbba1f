"""How incidents are handled: outcomes, durations, what is late."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.handling_tables import BACKLOG, OUTCOMES, days_words, handlers_table
from dashboard.components.markup import Markup
from dashboard.handling.answers import Handling, Outcome, Quartiles
from dashboard.terms import OPEN, RESOLVED
from dashboard.text import Text
from dashboard.visit import Visit


def handling_tab(visit: Visit) -> list[Any]:
    """Build the tab of a visit: what became of the period's incidents, and what is open now."""
    code, source = visit.area.code, visit.source
    # Of incidents chosen by their outcome, the shares of outcomes say nothing.
    filters = replace(visit.filters, statuses=frozenset())
    handled = source.handling(code, filters)
    # Who is late is asked more often than who resolved how many: the long tables come last.
    return [
        *_outcomes(visit, handled),
        *_backlog(visit, source.backlog(code, filters)),
        *_handlers(visit, handled),
    ]


def _outcomes(visit: Visit, found: Handling) -> list[Markup]:
    _, total = visit.text, found.total
    title = html.H2(_("What became of them"), className="block-title")
    unit = html.Span(_("incidents"), className="quiet")
    parts = [html.Div([title, unit], className="block-head")]
    if visit.state.statuses:
        parts.append(html.P(_("The filter by status is left out here."), className="more"))
    if not total.received:
        words = _("Nothing was reported that fits these filters.")
        return [*parts, html.P(words, className="quiet")]
    return [
        *parts,
        _funnel(visit, total),
        html.P(_sentences(_, total), className="handling-said"),
    ]


def _handlers(visit: Visit, found: Handling) -> list[Markup]:
    """Build the tables of outcomes, where there is any."""
    _ = visit.text
    if not found.total.received:
        return []
    title = html.H2(_("Outcomes by area and organisation"), className="block-title")
    head = html.Div([title], className="block-head handling-second")
    return [head, *handlers_table(visit, OUTCOMES, found)]


def _funnel(visit: Visit, total: Outcome) -> Markup:
    """Build a bar per step: received, and of these each status by the dictionary's name."""
    _ = visit.text
    rows = [_bar(_("Taken in"), total.received, total.received, "received", _)]
    for term in visit.source.terms("status"):
        count = total.by_status.get(term.id, 0)
        look = {OPEN: "open", RESOLVED: "resolved"}.get(term.id, "other")
        name = _.term(term)
        rows.append(_bar(name[:1].upper() + name[1:], count, total.received, look, _))
        if term.id == OPEN and count:
            rows.append(html.Li(_waiting(_, total), className="funnel-part quiet"))
    return html.Ul(rows, className="funnel", **aria(label=_("From receipt to outcome")))


def _bar(name: str, count: int, received: int, look: str, _: Text) -> Markup:
    width = {"width": f"{100 * count / received:.1f}%"}
    parts = [
        html.Span(name),
        html.Span(html.I(style=width), className="track", **aria(hidden="true")),
        html.Span(_.number(count), className="number"),
        html.Span(_.percent(count / received), className="number quiet"),
    ]
    return html.Li(parts, className=f"funnel-row {look}")


def _waiting(_: Text, outcome: Outcome) -> str:
    """Say of the open ones how many are late, not late, or cannot be late."""
    in_time = outcome.open - outcome.overdue - outcome.no_deadline
    parts = [
        _("within the deadline {n}", n=_.number(in_time)),
        _("overdue {n}", n=_.number(outcome.overdue)),
    ]
    if outcome.no_deadline:
        parts.append(_("no deadline known {n}", n=_.number(outcome.no_deadline)))
    return " · ".join(parts)


def _sentences(_: Text, total: Outcome) -> list[Any]:
    """Say the resolved share with its interval, and how many days resolutions took."""
    share = _(
        "Resolved share {share} (95 % interval {low} to {high}).",
        share=_.percent(total.share or 0),
        low=_.percent(total.share_low),
        high=_.percent(total.share_high),
    )
    if total.days is None:
        return [share, " ", _("No date of a resolution is known.")]
    return [share, " ", days_taken(total.days, _)]


def days_taken(days: Quartiles, _: Text) -> str:
    """Say how long resolutions took; a middle half without a width says nothing more."""
    median = days_words(_, days.median)
    if days.low == days.high:
        return _("Receipt to resolution: median {median} days.", median=median)
    return _(
        "Receipt to resolution: median {median} days, half of them {low} to {high}.",
        median=median,
        low=days_words(_, days.low),
        high=days_words(_, days.high),
    )


def _backlog(visit: Visit, found: Handling) -> list[Markup]:
    _, total = visit.text, found.total
    title = html.H2(_("Open now"), className="block-title")
    as_of = visit.source.picture.as_of
    when = _("as of {moment}", moment=_.moment(as_of)) if as_of else ""
    moment = html.Span(when, className="quiet")
    head = html.Div([title, moment], className="block-head handling-second")
    about = _(
        "All open incidents, whenever they occurred. 0–7 to > 90: how many days past the deadline."
    )
    if not total.open:
        return [head, html.P(_("No incident is open."), className="quiet")]
    number = [html.B(_.number(total.open)), " ", _("incidents"), ": ", _waiting(_, total)]
    lines = [html.P(about, className="more"), html.P(number, className="handling-said")]
    if total.no_deadline == total.open:
        lines.append(html.P(_("No deadline is known: nothing can be late."), className="more"))
    return [head, *lines, *handlers_table(visit, BACKLOG, found)]
