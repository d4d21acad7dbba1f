"""The days of campaigns, marked behind the line of a trend."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dashboard.answers import Trend
from dashboard.period import Days
from dashboard.theme import tokens

MOST_MARKS = 3
"""So many are marked: more would lie on each other."""

Place = str | float
"""On an axis of days a moment, on one of months a number."""

_SHADE = 0.14
_HALF_DAY = timedelta(hours=12)
_LONGEST = 14
_APART, _LATE = 0.3, 0.6
"""Of the axis: how far names are from each other, and from where on they stand to the left."""


@dataclass(frozen=True)
class Mark:
    """The days of a campaign, and its name."""

    days: Days
    name: str


def marked(
    figure: dict[str, Any], trend: Trend, marks: Sequence[Mark], theme: str
) -> dict[str, Any]:
    """Return a figure of a trend with the days of campaigns shaded, their names above.

    Args:
        figure: as ``trend_figure`` draws it.
        trend: what it draws.
        marks: only the part of each inside the trend is drawn, so that no axis grows; the first
            ``MOST_MARKS`` that have one.
        theme: ``dark`` or ``light``.
    """
    drawn = [(mark, ends) for mark in marks if (ends := _ends(trend, mark.days))][:MOST_MARKS]
    if not drawn:
        return figure
    shapes = [_shade(*ends, tokens(theme)["accent"]) for _, ends in drawn]
    names, taken = [], list[float]()
    for mark, (begin, _) in drawn:
        place = _share(trend, begin)
        if all(abs(place - other) >= _APART for other in taken):
            taken.append(place)
            names.append(_name(mark, begin, place))
    # The page makes room above for the names, in step with its type (assets/navigation.js).
    return figure | {"layout": figure["layout"] | {"shapes": shapes, "annotations": names}}


def _ends(trend: Trend, days: Days) -> tuple[Place, Place] | None:
    """Where days begin and end on the axis; ``None`` where no bucket shows any of them."""
    first, last = trend.starts[0], trend.starts[-1]
    if trend.unit == "day":
        inside = days.clipped(Days(first, last + timedelta(days=1)))
        if not inside:
            return None
        # A day is drawn at its beginning: half of the room to either side is its own.
        return _moment(inside.since), _moment(inside.until)
    begin = max(_month_place(first, days.since), -0.5)
    end = min(_month_place(first, days.until), len(trend.starts) - 0.5)
    return (begin, end) if begin < end else None


def _moment(day: date) -> str:
    return (_midnight(day) - _HALF_DAY).isoformat(" ")


def _month_place(first: date, day: date) -> float:
    """Where a day begins on an axis whose months stand at 0, 1, 2 from the first."""
    months = (day.year - first.year) * 12 + day.month - first.month
    return months - 0.5 + (day.day - 1) / len(Days.of_month(day))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001


def _share(trend: Trend, place: Place) -> float:
    """How far along the axis a place is, from 0 to 1."""
    if isinstance(place, float):
        return (place + 0.5) / len(trend.starts)
    away = datetime.fromisoformat(place) - _midnight(trend.starts[0])
    return away / timedelta(days=max(1, len(trend.starts)))


def _shade(begin: Place, end: Place, colour: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "layer": "below",
        "yref": "paper",
        "x0": begin,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "line": {"width": 0},
        "fillcolor": colour,
        "opacity": _SHADE,
    }


def _name(mark: Mark, begin: Place, place: float) -> dict[str, Any]:
    """The name above the days; plotly would take what looks like markup in it for markup."""
    name = mark.name if len(mark.name) <= _LONGEST else f"{mark.name[: _LONGEST - 1]}…"
    return {
        "x": begin,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "xanchor": "right" if place > _LATE else "left",
        "showarrow": False,
        "text": html.escape(name, quote=False),
    }
