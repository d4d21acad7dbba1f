"""What stands above a brief: where, which days, and the ways to take it home."""

from __future__ import annotations

from typing import Any

from dashboard import ids
from dashboard.briefing.brief_visit import BriefVisit
from dashboard.briefing.names import span_names
from dashboard.briefing.spans import SPANS
from dashboard.components import markup as html
from dashboard.components.attributes import aria, data
from dashboard.components.links import link, segments
from dashboard.components.markup import Markup
from dashboard.components.menu import Menu, date_range
from dashboard.text import Text

_WRITES = ("from", "to", "span", "period")


def bar(brief: BriefVisit) -> list[Any]:
    """Build the choices, and the buttons of the files."""
    _ = brief.visit.text
    spans = [
        link(name, brief.href(span=span), current=span == brief.span)
        for span, name in span_names(_).items()
        if span in SPANS
    ]
    chosen = segments(_("Which days"), spans)
    return [_where(brief), chosen, _range(brief), html.Div(_files(brief), className="brief-files")]


def _where(brief: BriefVisit) -> Markup:
    visit, _ = brief.visit, brief.visit.text
    steps = [html.Li(link(_.name(step), brief.href(area=step.code))) for step in visit.area.parents]
    here = html.Li(_.name(visit.area), **aria(current="page"))
    trail = html.Ol([*steps, here], className="breadcrumb")
    days = visit.state.period if brief.span != "range" else None
    back = visit.href(period=days) if days else visit.href()
    return html.Nav([trail, link(_("To the map"), back, className="action")], className="where")


def _range(brief: BriefVisit) -> Menu:
    visit, _ = brief.visit, brief.visit.text
    apply = _("Show these days")
    days = date_range(ids.BRIEF_RANGE, visit.days, visit.coverage, apply, _, _WRITES)
    return Menu([days], id=ids.MENU_BRIEF_DAYS, label=_("Period"), value=_.days(visit.days))


def _files(brief: BriefVisit) -> list[Markup]:
    _ = brief.visit.text
    files = [_file(brief, form, name, use) for form, name, use in _forms(_)]
    paper = html.Button(_("Print"), className="action", type="button", **data(print=""))
    return [*files, paper]


def _forms(_: Text) -> list[tuple[str, str, str]]:
    return [
        ("pdf", "PDF", _("one page to hand over")),
        ("xlsx", "XLSX", _("a workbook to read and print")),
        ("png", "PNG", _("the map as a picture")),
        ("csv", "CSV", _("a table for any program")),
    ]


def _file(brief: BriefVisit, form: str, name: str, use: str) -> Markup:
    return html.A(name, href=brief.href(form=form), download="", title=use, className="action")
