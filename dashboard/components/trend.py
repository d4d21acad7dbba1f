"""The head of the trend's chart: what it shows, and the key of its lines."""

from __future__ import annotations

from typing import Any

from dashboard.answers import Trend
from dashboard.components import markup as html
from dashboard.text import Text

CONFIG: Any = {
    "displayModeBar": False,
    "responsive": True,
    "showTips": False,
    "scrollZoom": False,
    "doubleClick": False,
}


def trend_head(trend: Trend, _: Text) -> list[Any]:
    """Build the title and the key."""
    by = _("by day") if trend.unit == "day" else _("by month")
    key = html.Span(
        [
            html.Span(_("this period"), className="now"),
            html.Span(_("same time last year"), className="past"),
        ],
        className="trend-key quiet",
    )
    title = html.H2([_("Trend"), " ", html.Span(by, className="quiet")], className="block-title")
    return [title, key]
