"""Counts over time, with the same days of the year before behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dashboard.answers import Trend
from dashboard.period import Days
from dashboard.text import Text
from dashboard.theme import template, tokens
from dashboard.timing.answers import Band

_LABEL = {"day": "%Y-%m-%d", "month": "%Y-%m"}
MOST_TICKS = 6
FEW = 4
"""Below so many incidents each has a mark of its own."""
_FAINT = 0.4
"""How strongly a month is drawn of which only a part is counted."""


def trend_figure(
    trend: Trend, days: Days, theme: str, _: Text, expected: Band | None = None
) -> dict[str, Any]:
    """Draw the trend: days as a line, months as bars.

    A bucket without data is a gap, never a zero. A month that the period or the data cuts
    is drawn faintly and says so: it would look like a fall otherwise.

    Args:
        trend: the counts.
        days: those of the period that have data.
        theme: ``dark`` or ``light``.
        _: the words.
        expected: what the days before the period let one expect; drawn as a band.

    Returns:
        A plotly figure: last year's trace first, so that this year's lies over it.
    """
    token = tokens(theme)
    band = _band(trend, expected, token["muted"], _) if expected else []
    past = _line(trend, trend.last_year, _("same time last year"), token["ghost"], _)
    past["line"] |= {"width": 1.4, "dash": "dot"}
    if trend.unit == "month":
        now = _bars(trend, _cut(trend, days), token["series"], _)
        return {"data": [now, *band, past], "layout": _layout(trend, theme)}
    now = _line(trend, trend.counts, _("this period"), token["series"], _)
    tops = expected.high if expected else ()
    if len(trend.starts) > 1:
        now |= {"fill": "tozeroy", "fillcolor": _see_through(token["series"])}
    return {"data": [*band, past, now], "layout": _layout(trend, theme, tops)}


def _band(trend: Trend, expected: Band, colour: str, _: Text) -> list[dict[str, Any]]:
    """Draw the limits with the room between them shaded, and name both at the upper one."""
    name = _("expected, 95 %")
    edge: dict[str, Any] = {
        "type": "scatter",
        "mode": "lines" if len(trend.starts) > 1 else "markers",
        "name": name,
        "x": _labels(trend),
        "connectgaps": False,
        "line": {
            "color": colour,
            "width": 0.6,
            "shape": "hvh" if trend.unit == "month" else "linear",
        },
        "marker": {"color": colour, "size": 7, "symbol": "line-ew-open"},
    }
    low = edge | {"y": list(expected.low), "hoverinfo": "skip"}
    high = edge | {
        "y": list(expected.high),
        "customdata": list(expected.low),
        "hovertemplate": f"%{{customdata:,}} – %{{y:,}} {_('incidents')}<extra>{name}</extra>",
    }
    if len(trend.starts) > 1:
        high |= {"fill": "tonexty", "fillcolor": _see_through(colour)}
    return [low, high]


def _cut(trend: Trend, days: Days) -> list[bool]:
    """Tell which months are not counted from their first to their last day."""
    months = [Days.of_month(start) for start in trend.starts]
    return [month.clipped(days) != month for month in months]


def _labels(trend: Trend) -> list[str]:
    return [start.strftime(_LABEL[trend.unit]) for start in trend.starts]


def _line(
    trend: Trend, counts: tuple[int | None, ...], name: str, colour: str, _: Text
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines" if len(trend.starts) > 1 else "markers",
        "name": name,
        "x": _labels(trend),
        "y": list(counts),
        "connectgaps": False,
        "line": {"color": colour, "width": 2},
        "marker": {"color": colour, "size": 7},
        "hovertemplate": f"%{{y:,}} {_('incidents')}<extra>{name}</extra>",
    }


def _bars(trend: Trend, cut: list[bool], colour: str, _: Text) -> dict[str, Any]:
    name, part = _("this period"), _("part of the month")
    return {
        "type": "bar",
        "name": name,
        "x": _labels(trend),
        "y": list(trend.counts),
        "marker": {"color": colour, "opacity": [_FAINT if one else 1.0 for one in cut]},
        "customdata": [part if one else name for one in cut],
        "hovertemplate": f"%{{y:,}} {_('incidents')}<extra>%{{customdata}}</extra>",
    }


def _layout(trend: Trend, theme: str, tops: Sequence[float | None] = ()) -> dict[str, Any]:
    daily = trend.unit == "day"
    return {
        "template": template(theme),
        "showlegend": False,
        "hovermode": "x unified",
        "autosize": True,
        "bargap": 0.3,
        "xaxis": {
            "type": "date" if daily else "category",
            "tickformat": "%m-%d" if daily else "",
            "hoverformat": "%Y-%m-%d",
            **day_ticks(_labels(trend) if daily else []),
            "automargin": True,
        },
        "yaxis": {
            "rangemode": "tozero",
            **count_ticks([*trend.counts, *trend.last_year, *tops]),
            "tickformat": ",d",
            "automargin": True,
            # Nothing at all keeps an axis from 0 to 1 instead of one from -1 to 1.
            "range": None if any(trend.counts) or any(trend.last_year) else [0, 1],
        },
    }


def day_ticks(days: Sequence[str]) -> dict[str, Any]:
    """Mark every day where they are few: of its own accord the axis marks hours between them."""
    if 0 < len(days) <= MOST_TICKS:
        return {"tickmode": "array", "tickvals": list(days)}
    return {"nticks": MOST_TICKS}


def count_ticks(counts: Iterable[float | None]) -> dict[str, Any]:
    """Mark whole incidents only; halves would be written as the same number twice."""
    most = max((count for count in counts if count is not None), default=0)
    return {"dtick": 1} if most < FEW else {"nticks": 4}


def _see_through(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.14)"
