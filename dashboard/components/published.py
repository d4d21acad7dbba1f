"""The map page in the publishable mode: the periods and the panel."""

from __future__ import annotations

from typing import Any

from dashboard import ids
from dashboard.answers import Summary, Trend
from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.export_menu import export_menu
from dashboard.components.kpi import change
from dashboard.components.links import button, link
from dashboard.components.markup import Markup
from dashboard.components.menu import Menu
from dashboard.components.publishing import way_out
from dashboard.components.ranking import ranked, ranking_block, sort_of
from dashboard.components.tabs import OVERVIEW, tabs
from dashboard.components.trend import trend_head
from dashboard.figures.trend import trend_figure
from dashboard.period import Days, Period
from dashboard.publishing.before import neighbours
from dashboard.publishing.errors import NotPublishableError, Reason
from dashboard.publishing.lattice import UNITS, Span, month_of, span_of
from dashboard.publishing.source import PublishedSource, published
from dashboard.publishing.words import refusal, rules, span_name
from dashboard.text import Text
from dashboard.visit import Visit

_OFFERED = {"quarter": 12, "month": 24, "year": 20}


def period_bar(visit: Visit) -> list[Any]:
    """Build the choice among the published periods, the way out and the files."""
    _, source = visit.text, published(visit.source)
    here = span_of(visit.days)
    offered = {unit: source.offered(unit)[:most] for unit, most in _OFFERED.items()}
    groups = [
        [link([_round_tick(), span_name(span, _)], _href(visit, span), current=span == here)
         for span in found]
        for found in offered.values() if found
    ]  # fmt: skip
    items = [item for group in groups for item in (html.Hr(), *group)][1:]
    value = span_name(here, _) if here else _.days(visit.days)
    menu = Menu(items, id=ids.MENU_PERIOD, label=_("Period"), value=value)
    before, after = neighbours(here, source)
    return [
        button("◀", _href(visit, before) if before else None, _("Period before")),
        menu,
        button("▶", _href(visit, after) if after else None, _("Period after")),
        way_out(visit),
        export_menu(visit),
    ]


def published_parts(visit: Visit) -> dict[str, Any]:
    """Build the parts of the panel, by their names there; a refusal says why."""
    try:
        return _parts(visit, published(visit.source))
    except NotPublishableError as error:
        why = html.P(refusal(error.reason, visit.text), className="kpi-why")
        return {"kpi": [_head(visit), why, *_instead(visit, error.reason), _badge(visit)]}


def _parts(visit: Visit, source: PublishedSource) -> dict[str, Any]:
    _, code = visit.text, visit.area.code
    summary = source.summary(code, visit.filters)
    figures = [_head(visit), _total(summary, _), _changes(summary, _), _badge(visit), tabs(visit)]
    if visit.state.tab != OVERVIEW:
        return {"kpi": figures, "tab": [html.P(refusal("figure", _), className="kpi-why")]}
    trend = source.trend(code, visit.filters)
    return {
        "kpi": figures,
        "trend_head": [*trend_head(trend, _), *_gaps(trend, _)],
        "trend": trend_figure(trend, _days_of(trend), visit.state.theme, _),
        "ranking": _ranking(visit, source) if visit.area.child_level else [],
    }


def _instead(visit: Visit, reason: Reason) -> list[Any]:
    """Lead to what is published here: all incidents of the latest periods."""
    if reason == "scope":
        return []
    source, _ = published(visit.source), visit.text
    latest = [span for unit in UNITS for span in source.offered(unit)[:1]]
    terms: dict[str, Any] = {"categories": (), "channels": (), "statuses": ()}
    links = [
        link(
            span_name(span, _),
            visit.href(period=Period.over(span.days), scale=None, **terms),
            className="action",
        )
        for span in latest
    ]
    return [html.P(links, className="published-links")] if links else []


def _head(visit: Visit) -> Markup:
    _ = visit.text
    title = html.H1(_.name(visit.area), className="block-title")
    return html.Div(
        [title, html.Span(_.days(visit.days), className="quiet")], className="block-head"
    )


def _badge(visit: Visit) -> Markup:
    return html.P(rules(visit.text), className="published")


def _total(summary: Summary, _: Text) -> Markup:
    if summary.total is None:
        return html.P(
            [html.Span("✕", **aria(hidden="true")), html.Span(_("withheld"), className="quiet")],
            className="kpi-total",
        )
    unit = html.Span(_("incidents, rounded"), className="quiet")
    return html.P([_.number(summary.total), unit], className="kpi-total")


def _changes(summary: Summary, _: Text) -> Markup:
    year = (
        _("more than the year before"),
        _("fewer than the year before"),
        _("as many as the year before"),
        _("nothing published to compare with the year before"),
    )
    period = (
        _("more than the period before"),
        _("fewer than the period before"),
        _("as many as the period before"),
        _("nothing published to compare with the period before"),
    )
    found = [
        _change(summary.total, summary.last_year, year, _),
        _change(summary.total, summary.previous, period, _),
    ]
    return html.Div(found, className="changes")


def _change(
    now: int | None, before: int | None, words: tuple[str, str, str, str], _: Text
) -> Markup:
    more, fewer, equal, unknown = words
    found = change(now, before)
    if found is None or found.share is None:
        return html.Span(unknown, className="quiet")
    if found.by == 0:
        return html.Span([html.B("= "), equal], className="change")
    rises = found.by > 0
    size = html.B(f"{'▲' if rises else '▼'} {_.percent(abs(found.share))} ")
    said = [size, more if rises else fewer]
    if not found.is_distinct:
        why = _("Not distinguishable from chance")
        return html.Span(said, className="change by-chance", title=why)
    return html.Span(said, className="change worse" if rises else "change better")


def _gaps(trend: Trend, _: Text) -> list[Any]:
    """Say that a gap in the chart is a count withheld, not a zero."""
    gaps = sum(count is None for count in trend.counts)
    if not gaps:
        return []
    words = _("Withheld: {gaps} of {all} months", gaps=gaps, all=len(trend.counts))
    return [html.Span(words, className="quiet")]


def _ranking(visit: Visit, source: PublishedSource) -> list[Any]:
    now = source.children(visit.area.code, visit.filters)
    span = span_of(visit.days)
    before = neighbours(span, source)[0]
    earlier = None
    if before is not None:
        earlier = source.children(visit.area.code, visit.filters.during(before.days))
    return ranking_block(visit, ranked(now, earlier, sort_of(visit)))


def _days_of(trend: Trend) -> Days:
    return Days(trend.starts[0], Span("month", month_of(trend.starts[-1])).days.until)


def _href(visit: Visit, span: Span) -> str:
    return visit.href(period=Period.over(span.days), scale=None)


def _round_tick() -> Markup:
    return html.Span(className="tick round", **aria(hidden="true"))
