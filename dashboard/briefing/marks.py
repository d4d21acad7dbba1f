"""What explains a map: its legend, how long a kilometre is on it, where north is."""

from __future__ import annotations

import math
from typing import Any

from dashboard.briefing.canvas import Box, Canvas, folded
from dashboard.briefing.classes import FEW, Colouring, Entry
from dashboard.text import Text

_HEAD_PT, _ROW_PT = 7.5, 6.5
_ROW_MM, _LINE_MM, _NUMBERS_MM, _SWATCH_MM = 4.4, 3.0, 7.0, (6.0, 3.0)
_STEPS = (1.0, 2.0, 5.0)
_LONGEST_SHARE = 0.24
_KM = 1000.0


def legend(canvas: Canvas, found: Colouring, box: Box, _: Text, token: dict[str, str]) -> None:
    """Say what each colour stands for, in which unit, and how many areas have it."""
    left, at, right = box[0] + 0.3, box[1] + box[3] - 1.5, box[0] + box[2] - 0.3
    muted: dict[str, Any] = {"color": token["muted"], "va": "top"}
    for line in folded(found.title, right - left, _HEAD_PT):
        canvas.text(left, at, line, _HEAD_PT, bold=True, color=token["text"], va="top")
        at -= _LINE_MM + 0.9
    units = folded(found.unit, right - left - _NUMBERS_MM, _ROW_PT)
    for line in units:
        canvas.text(left, at, line, _ROW_PT, **muted)
        at -= _LINE_MM
    canvas.text(right, at + _LINE_MM, _("areas"), _ROW_PT, ha="right", **muted)
    at -= 1.6
    for entry in found.entries:
        at = _row(canvas, entry, (left, right, at), _, token)


def _row(
    canvas: Canvas, entry: Entry, place: tuple[float, float, float], _: Text, token: dict[str, str]
) -> float:
    """Draw a line of a legend from left to right at a height; return that of the next one."""
    left, right, at = place
    swatch = (left, at - _SWATCH_MM[1], *_SWATCH_MM)
    canvas.box(swatch, facecolor=entry.colour, edgecolor=token["line"], linewidth=0.4)
    if entry.is_hatched:
        canvas.pattern(swatch, token["map-hatch"], dotted=entry.number == FEW)
    middle, start = at - _SWATCH_MM[1] / 2, left + _SWATCH_MM[0] + 1.5
    look: dict[str, Any] = {"va": "center", "color": token["text"]}
    lines = folded(entry.words, right - start - _NUMBERS_MM, _ROW_PT)
    for number, words in enumerate(lines):
        canvas.text(start, middle - _LINE_MM * number, words, _ROW_PT, **look)
    canvas.text(right, middle, _.number(entry.areas), _ROW_PT, ha="right", **look)
    return at - _ROW_MM - _LINE_MM * (len(lines) - 1)


def scale_bar(
    canvas: Canvas, box: Box, metres_per_mm: float, latitude: float, _: Text, token: dict[str, str]
) -> None:
    """Draw a length on the ground that reads well, true at the middle of the map.

    Args:
        canvas: the sheet.
        box: of the map.
        metres_per_mm: metres of Web Mercator a millimetre of the sheet.
        latitude: of the middle, in degrees: Mercator stretches by its secant.
        _: the words.
        token: the colours.
    """
    ground_per_mm = metres_per_mm * math.cos(math.radians(latitude))
    length_m = round_length_m(ground_per_mm * box[2] * _LONGEST_SHARE)
    left, low, width = box[0] + 1.5, box[1] + 1.5, length_m / ground_per_mm
    ends = [(left, low + 1.2), (left, low), (left + width, low), (left + width, low + 1.2)]
    canvas.line(ends, colors=token["text"], linewidths=0.8)
    words = f"{length_m / _KM:g} km" if length_m >= _KM else f"{length_m:g} m"
    look: dict[str, Any] = {"color": token["text"], "halo": token["map-halo"]}
    canvas.text(left + width + 1.2, low - 0.2, words, _ROW_PT, **look)


def round_length_m(longest_m: float) -> float:
    """Return the longest of 1, 2 and 5 × 10ⁿ metres that is not above a length."""
    power = 10.0 ** math.floor(math.log10(longest_m))
    return max(step * power for step in _STEPS if step * power <= longest_m * (1 + 1e-9))


def north(canvas: Canvas, box: Box, _: Text, token: dict[str, str]) -> None:
    """Draw an arrow to the north."""
    x, top = box[0] + 3.5, box[1] + box[3] - 1.5
    arrow = [(x - 1.4, top - 5), (x, top), (x + 1.4, top - 5), (x, top - 4), (x - 1.4, top - 5)]
    canvas.line(arrow, colors=token["text"], linewidths=0.6)
    look: dict[str, Any] = {"ha": "center", "va": "top", "halo": token["map-halo"]}
    canvas.text(x, top - 5.6, _("N"), _ROW_PT, color=token["text"], **look)
