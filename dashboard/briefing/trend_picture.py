"""The trend of a brief: what came day by day, over what was to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from dashboard.answers import Trend
from dashboard.briefing.canvas import Box, Canvas, Form, drawing
from dashboard.briefing.spans import trend_days
from dashboard.counts import Floats
from dashboard.theme import tokens
from dashboard.timing.answers import Band
from dashboard.timing.reading import band
from dashboard.visit import Visit

_PT = 6.5
_LEFT_MM, _BELOW_MM, _ABOVE_MM = 8.0, 5.0, 1.5
_TICKS = 6


def trend_picture(visit: Visit, form: Form, width_mm: float, height_mm: float) -> bytes:
    """Draw the trend up to the end of a visit's period, the period itself marked."""
    filters, token = visit.filters.during(trend_days(visit)), tokens("light")
    trend = Trend("day", (), (), ())
    if len(filters.days):
        trend = visit.source.trend(visit.area.code, filters)
    expected = band(visit.source, visit.area.code, filters, trend)
    with drawing():
        canvas = Canvas(width_mm, height_mm, token["surface"])
        box = (_LEFT_MM, _BELOW_MM, width_mm - _LEFT_MM - 1, height_mm - _BELOW_MM - _ABOVE_MM)
        _draw(canvas, box, visit, trend, expected)
        return canvas.written(form, visit.text("Trend"))


def _draw(canvas: Canvas, box: Box, visit: Visit, trend: Trend, expected: Band | None) -> None:
    token, n = tokens("light"), len(trend.starts)
    counts = _floats(trend.counts)
    at = np.arange(n)
    highs = [high for high in (expected.high if expected else ()) if high is not None]
    top = max([1.0, *highs, *counts[~np.isnan(counts)]]) * 1.08
    axes = canvas.map(box, (-0.5, 0.0, float(max(1, n)), float(top)))
    _ground(axes, visit, trend, token)
    if expected is not None:
        low, high = _floats(expected.low), _floats(expected.high)
        axes.fill_between(at, low, high, color=token["line"], linewidth=0)
    axes.plot(at, counts, color=token["series"], linewidth=1.0, marker="o", markersize=1.1)
    _ticks(canvas, box, trend, float(top), token)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _ground(axes: Axes, visit: Visit, trend: Trend, token: dict[str, str]) -> None:
    """Mark the period."""
    inside = [at for at, start in enumerate(trend.starts) if start >= visit.days.since]
    if inside:
        axes.axvspan(inside[0] - 0.5, inside[-1] + 0.5, color=token["ramp-1"], alpha=0.55, lw=0)


def _ticks(canvas: Canvas, box: Box, trend: Trend, top: float, token: dict[str, str]) -> None:
    left, bottom, width, height = box
    look: dict[str, Any] = {"color": token["muted"]}
    ends = [(left, bottom), (left + width, bottom)]
    canvas.line(ends, colors=token["line"], linewidths=0.6)
    for value in MaxNLocator(3, integer=True).tick_values(0, top):
        if 0 <= value <= top:
            y = bottom + value / top * height
            canvas.text(left - 1, y, f"{value:,.0f}", _PT, ha="right", va="center", **look)
    pattern = "%m-%d" if trend.unit == "day" else "%Y-%m"
    step = max(1, round(len(trend.starts) / _TICKS))
    for at in range(0, len(trend.starts) - step // 3, step):
        x = left + (at + 0.5) / len(trend.starts) * width
        canvas.text(x, 0.5, trend.starts[at].strftime(pattern), _PT, ha="center", **look)
