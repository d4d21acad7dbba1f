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


def trend_head(
    trend: Trend, _: Text, *, expected: bool = False, campaigns: bool = False
) -> list[Any]:
    """Build the title and the key.

    Args:
        trend: what the chart shows.
        _: the words.
        expected: whether it also shows what was expected.
        campaigns: whether it marks the days of any.
    """
    by = _("by day") if trend.unit == "day" else _("by month")
    band = [html.Span(_("expected, 95 %"), className="band")] if expected else []
    marks = [html.Span(_("campaign"), className="campaign")] if campaigns else []
    key = html.Span(
        [
            html.Span(_("this period"), className="now"),
            html.Span(_("same time last year"), className="past"),
            *band,
            *marks,
        ],
        className="trend-key quiet",
    )
    title = html.H2([_("Trend"), " ", html.Span(by, className="quiet")], className="block-title")
    return [title, key]
