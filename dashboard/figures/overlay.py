"""Two series laid over each other: what is now in full, what it is compared with dotted."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.comparing.series import Overlay
from dashboard.figures.trend import count_ticks, day_ticks
from dashboard.text import Text
from dashboard.theme import template, tokens


def overlay_figure(
    overlay: Overlay, names: tuple[str, str], unit: str, theme: str, _: Text
) -> dict[str, Any]:
    """Draw both series over the days of the first; a step without data is a gap, never a zero.

    Args:
        overlay: the series.
        names: of the two sides.
        unit: of both series.
        theme: ``dark`` or ``light``.
        _: the words.
    """
    token = tokens(theme)
    form = ":.3~f" if overlay.per_people else ":,"
    x = _days(overlay)
    series = [
        (overlay.other_values, overlay.other_starts, names[1], token["compared"], "dot"),
        (overlay.values, overlay.starts, names[0], token["series"], "solid"),
    ]
    traces = [
        {
            "type": "scatter",
            "mode": "lines" if len(values) > 1 else "markers",
            "name": name,
            "x": x[: len(values)],
            "y": list(values),
            "customdata": [_label(start) for start in starts],
            "connectgaps": False,
            "line": {"color": colour, "width": 2, "dash": dash},
            "marker": {"color": colour, "size": 7},
            "hovertemplate": f"%{{y{form}}} {unit} · %{{customdata}}<extra>{name}</extra>",
        }
        for values, starts, name, colour, dash in series
    ]
    return {"data": traces, "layout": _layout(overlay, theme)}


def _days(overlay: Overlay) -> list[str]:
    """The days of the longer series, over which both are drawn."""
    return [_label(day) for day in max(overlay.starts, overlay.other_starts, key=len)]


def _label(day: date) -> str:
    return day.isoformat()


def _layout(overlay: Overlay, theme: str) -> dict[str, Any]:
    found = [*overlay.values, *overlay.other_values]
    return {
        "template": template(theme),
        "showlegend": False,
        "hovermode": "x unified",
        "autosize": True,
        "xaxis": {
            "type": "date",
            "tickformat": "%m-%d" if overlay.step_days == 1 else "%Y-%m",
            "hoverformat": " ",
            **day_ticks(_days(overlay) if overlay.step_days == 1 else []),
            "automargin": True,
        },
        "yaxis": {
            "rangemode": "tozero",
            **({"nticks": 4} if overlay.per_people else count_ticks(found)),
            "automargin": True,
            "range": None if any(found) else [0, 1],
        },
    }
