"""Counts over time, with the same days of the year before behind them."""

from __future__ import annotations

from typing import Any

from dashboard.answers import Trend
from dashboard.text import Text
from dashboard.theme import template, tokens

_TICKS = {"day": "%m-%d", "month": "%Y-%m"}
_HOVER = {"day": "%Y-%m-%d", "month": "%Y-%m"}


def trend_figure(trend: Trend, theme: str, _: Text) -> dict[str, Any]:
    """Draw the trend; a bucket without data is a gap in the line, never a zero.

    Args:
        trend: the counts.
        theme: ``dark`` or ``light``.
        _: the words.

    Returns:
        A plotly figure: last year's line first, so that this year's lies over it.
    """
    token = tokens(theme)
    starts = [start.isoformat() for start in trend.starts]
    unit = _("incidents")
    past = _line(starts, trend.last_year, _("same time last year"), token["ghost"], trend, unit)
    now = _line(starts, trend.counts, _("this period"), token["series"], trend, unit)
    past["line"] |= {"width": 1.4, "dash": "dot"}
    if len(starts) == 1:
        past["mode"] = now["mode"] = "markers"
    else:
        now |= {"fill": "tozeroy", "fillcolor": _faint(token["series"])}
    return {"data": [past, now], "layout": _layout(trend, theme)}


def _line(
    starts: list[str],
    counts: tuple[int | None, ...],
    name: str,
    colour: str,
    trend: Trend,
    unit: str,
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": starts,
        "y": list(counts),
        "connectgaps": False,
        "line": {"color": colour, "width": 2, "shape": "linear"},
        "marker": {"color": colour, "size": 7},
        "hovertemplate": f"%{{y:,}} {unit}<extra>{name}</extra>",
        "xhoverformat": _HOVER[trend.unit],
    }


def _layout(trend: Trend, theme: str) -> dict[str, Any]:
    return {
        "template": template(theme),
        "showlegend": False,
        "hovermode": "x unified",
        "autosize": True,
        "xaxis": {
            "type": "date",
            "tickformat": _TICKS[trend.unit],
            "nticks": 6,
            "automargin": True,
        },
        "yaxis": {
            "rangemode": "tozero",
            "nticks": 4,
            "tickformat": ",d",
            "automargin": True,
            # Nothing at all keeps an axis from 0 to 1 instead of one from -1 to 1.
            "range": None if any(trend.counts) or any(trend.last_year) else [0, 1],
        },
    }


def _faint(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"
