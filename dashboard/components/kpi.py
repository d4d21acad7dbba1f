"""The key figures: how many, more or fewer than before, how they end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.answers import Summary
from dashboard.components import markup as html
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.period import Days, Period
from dashboard.text import Text
from dashboard.visit import Visit
from geo.ratios import rate_ratio


@dataclass(frozen=True)
class Change:
    """How a count stands against an earlier one.

    Attributes:
        share: relative change; ``None`` when it was zero before.
        by: difference in incidents.
        is_distinct: whether chance does not explain it (``geo.ratios``); what it explains is
            told without a colour.
    """

    share: float | None
    by: int
    is_distinct: bool


def change(now: int | None, before: int | None) -> Change | None:
    """Compare two counts; ``None`` when either is unknown."""
    if now is None or before is None:
        return None
    told = rate_ratio(now, before).is_distinct
    return Change((now - before) / before if before else None, now - before, told)


def kpi(visit: Visit, summary: Summary) -> list[Any]:
    """Build the key figures of a visit."""
    _ = visit.text
    head = html.Div(
        [
            html.H1(_.name(visit.area), className="block-title", title=_.name(visit.area)),
            html.Span(_.days(visit.days), className="quiet"),
        ],
        className="block-head kpi-head",
    )
    if summary.total is None:
        return [head, *_no_data(visit)]
    return [head, *_figures(visit, summary, summary.total), *_partly(visit)]


def _figures(visit: Visit, summary: Summary, total: int) -> list[Any]:
    _, changes = visit.text, _changes(summary, visit.days_with_data, visit.text)
    number = html.P(
        [_.number(total), html.Span(_("incidents"), className="quiet")], className="kpi-total"
    )
    if total == 0:
        note = html.P(_("Nothing was reported that fits these filters."), className="kpi-why")
        return [number, note, changes]
    return [number, changes, _facts(visit, summary, total)]


def _partly(visit: Visit) -> list[Any]:
    """Say which days are counted where the data covers only a part of the period."""
    _, covered = visit.text, visit.days_with_data
    if covered == visit.days:
        return []
    return [html.P(_("Only {days} have data.", days=_.days(covered)), className="kpi-partly quiet")]


def _no_data(visit: Visit) -> list[Any]:
    _ = visit.text
    number = html.P(
        [html.Span("–"), html.Span(_("no data"), className="quiet")], className="kpi-total"
    )
    why = html.P(why_no_data(visit), className="kpi-why")
    if not len(visit.coverage):
        return [number, why]
    latest = visit.href(period=Period(), scale=None)
    return [number, why, html.P(link(_("To the latest days"), latest, className="action"))]


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


def _changes(summary: Summary, days: Days, _: Text) -> Markup:
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


def _change(found: Change | None, words: dict[str, str], then: str, _: Text) -> Markup:
    """Say a change by arrow, size and words; ``then`` are the days compared with.

    Only what chance does not explain is called better or worse by a colour.
    """
    if found is None:
        return html.Span(words["unknown"], className="quiet", title=then)
    if found.by == 0:
        return html.Span([html.B("= "), words["equal"]], className="change", title=then)
    more = found.by > 0
    size = _.number(abs(found.by)) if found.share is None else _.percent(abs(found.share))
    said = [html.B(f"{'▲' if more else '▼'} {size} "), words["more" if more else "fewer"]]
    if not found.is_distinct:
        then = f"{then} · {_('Not distinguishable from chance')}"
        return html.Span(said, className="change by-chance", title=then)
    return html.Span(said, className="change worse" if more else "change better", title=then)


def _facts(visit: Visit, summary: Summary, total: int) -> Markup:
    """Build how the incidents end; the outcomes have the names of the dictionary."""
    _ = visit.text
    names = {term.code: _.term(term) for term in visit.source.terms("status")}
    resolved = None if summary.resolved is None else summary.resolved / total
    share = "–" if resolved is None else _.percent(resolved)
    facts: list[tuple[str, Any]] = [
        (names.get("resolved") or _("Resolved"), share),
        (names.get("open") or _("Open"), _incidents(summary.open, _)),
    ]
    cells = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts]
    return html.Dl([*cells, _late(visit, summary)], className="facts")


def _late(visit: Visit, summary: Summary) -> Markup:
    """Build what is overdue of the period, and of all days, where that is more."""
    _, in_all = visit.text, summary.overdue_in_all
    parts = [
        html.Dt(_("Overdue")),
        html.Dd(_incidents(summary.overdue, _), className="late" if summary.overdue else ""),
    ]
    if in_all is not None and in_all != summary.overdue:
        words = _("{number} of all days", number=_.number(in_all))
        parts.append(html.Dd(link(words, visit.href(tab="handling")), className="in-all"))
    return html.Div(parts)


def _incidents(number: int | None, _: Text) -> list[Any]:
    """Write a number of incidents with its unit; without a number there is none."""
    if number is None:
        return ["–"]
    return [_.number(number), " ", html.Span(_("incidents"), className="quiet unit")]
