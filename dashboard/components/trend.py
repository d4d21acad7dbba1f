"""The trend of the area in view."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard import ids
from dashboard.answers import Trend
from dashboard.figures.trend import trend_figure
from dashboard.text import Text

_CONFIG: Any = {"displayModeBar": False, "responsive": True, "showTips": False, "scrollZoom": False}


def trend_block(trend: Trend, theme: str, _: Text) -> html.Section:
    """Build the trend's chart and its key."""
    by = _("by day") if trend.unit == "day" else _("by month")
    key = html.Span(
        [
            html.Span(_("this period"), className="now"),
            html.Span(_("same time last year"), className="past"),
        ],
        className="trend-key quiet",
    )
    title = html.H2([_("Trend"), " ", html.Span(by, className="quiet")], className="block-title")
    graph = dcc.Graph(
        id=ids.TREND, figure=trend_figure(trend, theme, _), config=_CONFIG, responsive=True
    )
    return html.Section(
        [html.Div([title, key], className="block-head"), html.Div(graph, className="trend")],
        className="block",
    )
