"""The panel: key figures, trend, ranking and composition; its skeleton and its failure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from dash import html

from dashboard import ids
from dashboard.addresses import remarks_on
from dashboard.components.attributes import data
from dashboard.components.composition import composition_block
from dashboard.components.kpi import kpi
from dashboard.components.published import published_parts
from dashboard.components.ranking import ranked, ranking_block, sort_of
from dashboard.components.tabs import OVERVIEW, TIME, tab_body, tabs
from dashboard.components.time_tab import time_trend
from dashboard.components.trend import trend_head
from dashboard.figures.trend import trend_figure
from dashboard.text import Text
from dashboard.visit import Visit


@dataclass(frozen=True)
class Panel:
    """What the panel shows; a part without content is hidden.

    Attributes:
        kpi: the key figures, or why there are none; and the choice of tab.
        trend_head, trend: the chart and its head; no chart without data.
        ranking, composition: the tables.
        tab: what another tab than the overview shows in the place of all these.
    """

    kpi: list[Any]
    trend_head: list[Any] = field(default_factory=list)
    trend: dict[str, Any] | None = None
    ranking: list[Any] = field(default_factory=list)
    composition: list[Any] = field(default_factory=list)
    tab: list[Any] = field(default_factory=list)


def panel(visit: Visit) -> Panel:
    """Build the parts for a visit; without data only the reason why."""
    if visit.state.publish:
        return Panel(**published_parts(visit))
    code, source, _ = visit.area.code, visit.source, visit.text
    figures = kpi(visit, source.summary(code, visit.filters))
    if not visit.has_data:
        return Panel(figures)
    figures = [*figures, tabs(visit)]
    if visit.state.tab == TIME:
        return Panel(figures, *time_trend(visit), tab=tab_body(visit))
    if visit.state.tab != OVERVIEW:
        return Panel(figures, tab=tab_body(visit))
    trend = source.trend(code, visit.filters)
    return Panel(
        kpi=figures,
        trend_head=trend_head(trend, _),
        trend=trend_figure(trend, visit.days_with_data, visit.state.theme, _),
        ranking=ranking_block(visit, _ranking(visit)) if visit.area.child_level else [],
        composition=composition_block(visit, source.composition(code, visit.filters)),
    )


def panel_parts() -> list[Any]:
    """Build the places of the parts, each with the skeleton of what will be there.

    The chart is put in its place when the map is there (its library is large), and
    from then on only gets new figures: drawing it anew at every step would make it
    blink.
    """
    chart = [
        html.Div(id=ids.TREND_PLACE),
        html.Div(className="skeleton chart"),
    ]
    rows = [html.Div(className="skeleton row") for _ in range(8)]
    return [
        html.Section(
            [html.Div(className="skeleton number"), html.Div(className="skeleton text")],
            id=ids.KPI,
            className="block",
        ),
        html.Section(
            [
                html.Div(id=ids.TREND_HEAD, className="block-head trend-head"),
                html.Div(chart, className="trend"),
            ],
            id=ids.TREND_BLOCK,
            className="block trend-block",
        ),
        html.Section(rows, id=ids.RANKING_BLOCK, className="block"),
        html.Section([], id=ids.COMPOSITION, className="block"),
        html.Section([], id=ids.TAB, className="block tab"),
    ]


def failure(_: Text) -> list[Any]:
    """Say that the panel could not be refreshed, and how to try again."""
    return [
        html.B(_("The figures could not be refreshed.")),
        " ",
        html.Span(_("What is shown may be out of date.")),
        " ",
        html.Button(_("Try again"), className="action", type="button", **data(retry="")),
    ]


def remarks(visit: Visit) -> list[Any]:
    """Say what of the address was not understood."""
    _ = visit.text
    strayed = [_("No area {code} lies in view.", code=visit.state.area)] if visit.strayed else []
    return remark_lines([*strayed, *remarks_on(visit.notes, visit.strange, _)])


def remark_lines(remarks: Sequence[str]) -> list[Any]:
    """Put each remark on a line of its own."""
    return [html.Div(words) for words in remarks]


def _ranking(visit: Visit) -> pd.DataFrame:
    source, filters = visit.source, visit.filters
    before = filters.during(visit.days_with_data.before())
    known = before.days.since >= visit.coverage.since
    children = source.children(visit.area.code, filters)
    earlier = source.children(visit.area.code, before) if known else None
    return ranked(children, earlier, sort_of(visit))
