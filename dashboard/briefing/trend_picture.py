"""The trend of a brief: what came day by day, over what was to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from dashboard.briefing.canvas import Box, Canvas, Form, drawing, width_mm
from dashboard.briefing.course import Course, course
from dashboard.counts import Floats
from dashboard.theme import tokens
from dashboard.visit import Visit

_PT = 6.5
_LEFT_MM, _BELOW_MM, _ABOVE_MM = 8.0, 5.0, 1.5
_TICKS = 6
_FEW_POINTS = 100
"""So many days have a dot each; of more, dots would run together."""

_FAINT = 0.4
"""How strongly a month is drawn of which only a part is counted; as on the screen."""


def trend_picture(visit: Visit, form: Form, size_mm: tuple[float, float]) -> bytes:
    """Draw the trend up to the end of a visit's period: the period tinted, days before it not."""
    found = course(visit)
    with drawing():
        canvas = Canvas(*size_mm, tokens("light")["surface"])
        width, height = canvas.width_mm, canvas.height_mm
        box = (_LEFT_MM, _BELOW_MM, width - _LEFT_MM - 1, height - _BELOW_MM - _ABOVE_MM)
        _draw(canvas, box, found)
        return canvas.written(form, visit.text("Trend"))


def _draw(canvas: Canvas, box: Box, found: Course) -> None:
    token, n = tokens("light"), len(found.trend.starts)
    counts = _floats(found.trend.counts)
    highs = [high for high in (found.expected.high if found.expected else ()) if high is not None]
    top = max([1.0, *highs, *counts[~np.isnan(counts)]]) * 1.08
    axes = canvas.map(box, (-0.5, 0.0, float(max(1, n)), float(top)))
    if n:
        _ground(axes, found, token)
        _expected(axes, found, token)
        _counts(axes, found, counts, token)
    _ticks(canvas, box, found, float(top), token)


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], np.float64)


def _ground(axes: Axes, found: Course, token: dict[str, str]) -> None:
    """Tint the period, from the day it begins, also inside a month."""
    first, end = found.places(found.period.since, found.period.until)
    axes.axvspan(first, end, color=token["ramp-1"], alpha=0.55, lw=0)


def _expected(axes: Axes, found: Course, token: dict[str, str]) -> None:
    """Draw the room of what is expected, a step a bucket, so that a single one has room too."""
    if found.expected is None:
        return
    low, high = _floats(found.expected.low), _floats(found.expected.high)
    edges = np.arange(len(low) + 1) - 0.5
    look: dict[str, Any] = {"color": token["muted"], "alpha": 0.3, "linewidth": 0}
    axes.stairs(high, edges, baseline=low, fill=True, **look)


def _counts(axes: Axes, found: Course, counts: Floats, token: dict[str, str]) -> None:
    """Draw days as a line, months as bars, those counted in part faintly."""
    at = np.arange(len(counts))
    if found.trend.unit == "day":
        dot = "o" if len(counts) <= _FEW_POINTS else ""
        axes.plot(at, counts, color=token["series"], linewidth=0.9, marker=dot, markersize=1.1)
        return
    for is_cut in (False, True):
        chosen = np.array(found.cut) == is_cut
        look: dict[str, Any] = {"color": token["series"], "alpha": _FAINT if is_cut else 1.0}
        axes.bar(at[chosen], np.nan_to_num(counts[chosen]), width=0.5, linewidth=0, **look)


def _ticks(canvas: Canvas, box: Box, found: Course, top: float, token: dict[str, str]) -> None:
    left, bottom, width, height = box
    look: dict[str, Any] = {"color": token["muted"]}
    ends = [(left, bottom), (left + width, bottom)]
    canvas.line(ends, colors=token["line"], linewidths=0.6)
    for value in MaxNLocator(3, integer=True).tick_values(0, top):
        if 0 <= value <= top:
            y = bottom + value / top * height
            canvas.text(left - 1, y, f"{value:,.0f}", _PT, ha="right", va="center", **look)
    starts = found.trend.starts
    pattern = "%m-%d" if found.trend.unit == "day" else "%Y-%m"
    step = max(1, round(len(starts) / _TICKS))
    for at in range(0, len(starts), step):
        x, words = left + (at + 0.5) / len(starts) * width, starts[at].strftime(pattern)
        # The last one may have no room on the sheet.
        if x + width_mm(words, _PT) / 2 <= canvas.width_mm:
            canvas.text(x, 0.5, words, _PT, ha="center", **look)
