"""The key figures: how many, more or fewer than before, how they end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import html

from dashboard.answers import Summary
from dashboard.period import Days
from dashboard.text import Text
from dashboard.visit import Visit


@dataclass(frozen=True)
class Change:
    """How a count stands against an earlier one.

    Attributes:
        share: relative change; ``None`` when it was zero before.
        by: difference in incidents.
    """

    share: float | None
    by: int


def change(now: int | None, before: int | None) -> Change | None:
    """Compare two counts; ``None`` when either is unknown."""
    if now is None or before is None:
        return None
    return Change((now - before) / before if before else None, now - before)


def kpi(visit: Visit, summary: Summary) -> list[Any]:
    """Build the key figures of a visit."""
    _ = visit.text
    head = html.Div(
        [
            html.H1(_.name(visit.area), className="block-title"),
            html.Span(_.days(visit.days), className="quiet"),
        ],
        className="block-head",
    )
    body = _no_data(visit) if summary.total is None else _figures(summary, visit.days, _)
    return [head, *body]


def _figures(summary: Summary, days: Days, _: Text) -> list[Any]:
    total = summary.total or 0
    number = html.P(
        [_.number(total), html.Span(_("incidents"), className="quiet")], className="kpi-total"
    )
    if total == 0:
        note = html.P(_("Nothing was reported that fits these filters."), className="kpi-why")
        return [number, note, _changes(summary, days, _)]
    return [number, _changes(summary, days, _), _facts(summary, total, _)]


def _no_data(visit: Visit) -> list[Any]:
    _ = visit.text
    return [
        html.P([html.Span("–"), html.Span(_("no data"), className="quiet")], className="kpi-total"),
        html.P(why_no_data(visit), className="kpi-why"),
    ]


def why_no_data(visit: Visit) -> str:
    """Say why there is no figure."""
    _ = visit.text
    if not len(visit.coverage):
        return _("No incidents have been loaded yet.")
    return _(
        "The data covers {first} to {last}; the period lies outside.",
        first=_.day(visit.coverage.since),
        last=_.day(visit.coverage.last),
    )


def _changes(summary: Summary, days: Days, _: Text) -> html.Div:
    year = {
        "more": _("more than the year before"),
        "fewer": _("fewer than the year before"),
        "equal": _("as many as the year before"),
        "unknown": _("no figures of the year before"),
    }
    period = {
        "more": _("more than the period before"),
        "fewer": _("fewer than the period before"),
        "equal": _("as many as the period before"),
        "unknown": _("no figures of the period before"),
    }
    found = [
        _change(change(summary.total, summary.last_year), year, _.days(days.year_before()), _),
        _change(change(summary.total, summary.previous), period, _.days(days.before()), _),
    ]
    return html.Div(found, className="changes")


def _change(found: Change | None, words: dict[str, str], then: str, _: Text) -> html.Span:
    """Say a change by arrow, size and words; ``then`` are the days compared with."""
    if found is None:
        return html.Span(words["unknown"], className="quiet", title=then)
    if found.by == 0:
        return html.Span([html.B("= "), words["equal"]], className="change", title=then)
    more = found.by > 0
    size = _.number(abs(found.by)) if found.share is None else _.percent(abs(found.share))
    return html.Span(
        [html.B(f"{'▲' if more else '▼'} {size} "), words["more" if more else "fewer"]],
        className="change worse" if more else "change better",
        title=then,
    )


def _facts(summary: Summary, total: int, _: Text) -> html.Dl:
    resolved = None if summary.resolved is None else summary.resolved / total
    facts = [
        (_("Resolved"), "–" if resolved is None else _.percent(resolved), None),
        (_("Open"), _or_dash(summary.open, _), None),
        (_("Overdue"), _or_dash(summary.overdue, _), "late" if summary.overdue else None),
    ]
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(value, className=look)]) for name, value, look in facts],
        className="facts",
    )


def _or_dash(number: int | None, _: Text) -> str:
    return "–" if number is None else _.number(number)
