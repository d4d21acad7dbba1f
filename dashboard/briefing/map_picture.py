"""The map of a visit as a picture: what the screen shows, on paper, with all that explains it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib.axes import Axes

from dashboard.briefing.canvas import PT_PER_MM, Box, Canvas, Form, areas, drawing, hatch, width_mm
from dashboard.briefing.classes import FEW, UNKNOWN, ZERO, Colouring
from dashboard.briefing.colouring import colouring
from dashboard.briefing.marks import legend, north, scale_bar
from dashboard.briefing.shapes import band_for
from dashboard.components.footer import credits_line
from dashboard.location_words import location_lines
from dashboard.naming import worst_first
from dashboard.pages.scene import MAX_OUTLINES
from dashboard.theme import tokens
from dashboard.visit import Visit
from geo.crs import DISPLAY_CRS, STORED_CRS, transformer

MAX_LABELS = 60
_LABEL_PT, _NOTE_PT, _TITLE_PT = 6.5, 6.0, 10.0
_LEGEND_MM, _HEAD_MM, _LINE_MM, _GAP_MM = 38.0, 11.0, 3.0, 2.0
_MARGIN_MM, _INSET_MM, _AROUND = 5.0, 0.3, 0.03
_PIXELS_PER_MM = 8
_HATCH_MM = 1.0
_WIDEST_LABEL_MM = 32.0


@dataclass(frozen=True)
class Paper:
    """How a picture is made.

    Attributes:
        width_mm, height_mm: its size.
        theme: whose colours it has.
        titled: whether it carries its title and its sources; a document that holds it may
            say both itself.
    """

    width_mm: float = 180.0
    height_mm: float = 130.0
    theme: str = "light"
    titled: bool = True


def map_picture(visit: Visit, form: Form, paper: Paper | None = None) -> bytes:
    """Draw the choropleth of a visit's map.

    Areas, breaks and colours are those of the screen; what nobody knows and what is too
    little to be judged is hatched. Always the same bytes for the same data.

    Raises:
        FaceMissingError: no typeface with Chinese characters is installed.
    """
    paper = paper or Paper()
    found = colouring(visit, paper.theme)
    with drawing():
        ground, margin = tokens(paper.theme)["surface"], _MARGIN_MM if paper.titled else 0.0
        canvas = Canvas(paper.width_mm, paper.height_mm, ground, margin)
        _draw(canvas, visit, found, paper)
        return canvas.written(form, title(visit, found))


def useful_height_mm(visit: Visit, width_mm: float) -> float:
    """Say how high a picture without a title is of use: higher, it would not be larger."""
    west, south, east, north_ = _mercator(visit.area.bounds)
    wide = width_mm - _LEGEND_MM - _GAP_MM
    lines = len(notes(visit, sources=False))
    return wide * (north_ - south) / (east - west) + _LINE_MM * lines + _GAP_MM


def title(visit: Visit, found: Colouring) -> str:
    """Say what a picture shows: area, figure, unit, level and days."""
    _ = visit.text
    plain = found.unit.casefold() in ("", found.title.casefold())
    what = found.title if plain else f"{found.title} ({found.unit})"
    return f"{_.name(visit.area)} · {what} · {_.term(visit.layer)} · {_.days(visit.days)}"


def notes(visit: Visit, *, sources: bool) -> list[str]:
    """Return the lines below a picture: how well located, what terms, whose outlines."""
    _ = visit.text
    # Of none it is no use to say that all are located well.
    total = visit.source.summary(visit.area.code, visit.filters).total
    lines = [] if total == 0 else location_lines(visit)
    if not visit.has_data:
        lines.append(_("No data for this period here."))
    if terms := term_words(visit):
        lines.append(_("Only: {terms}", terms=terms))
    credit = credits_line(visit)
    return [*lines, credit] if sources and credit else lines


def term_words(visit: Visit) -> str:
    """Name the terms a visit is limited to; nothing where all are counted."""
    _, state = visit.text, visit.state
    chosen = {"category": state.categories, "channel": state.channels, "status": state.statuses}
    names = [
        _.term(term)
        for kind, codes in chosen.items()
        for term in visit.source.terms(kind)
        if term.code in codes
    ]
    return ", ".join(names)


def _draw(canvas: Canvas, visit: Visit, found: Colouring, paper: Paper) -> None:
    lines = notes(visit, sources=paper.titled)
    below = _LINE_MM * len(lines) + (_GAP_MM if lines else 0)
    above = _HEAD_MM if paper.titled else 0.0
    box = (0.0, below, canvas.width_mm - _LEGEND_MM - _GAP_MM, canvas.height_mm - below - above)
    token = tokens(paper.theme)
    if paper.titled:
        _title(canvas, visit, found, canvas.height_mm, token)
    _map(canvas, visit, found, box, token)
    beside = (canvas.width_mm - _LEGEND_MM, box[1], _LEGEND_MM, box[3])
    legend(canvas, found, beside, visit.text, token)
    for at, line in enumerate(reversed(lines)):
        words = _fitting(line, canvas.width_mm, _NOTE_PT)
        canvas.text(_INSET_MM, 0.4 + at * _LINE_MM, words, _NOTE_PT, color=token["muted"])


def _title(canvas: Canvas, visit: Visit, found: Colouring, top: float, token: Any) -> None:
    _ = visit.text
    head = _.name(visit.area)
    rest = title(visit, found).removeprefix(f"{head} · ")
    look: dict[str, Any] = {"va": "top"}
    head = _fitting(head, canvas.width_mm, _TITLE_PT)
    canvas.text(_INSET_MM, top, head, _TITLE_PT, bold=True, color=token["text"], **look)
    rest = _fitting(rest, canvas.width_mm, _NOTE_PT + 1)
    canvas.text(_INSET_MM, top - 5.0, rest, _NOTE_PT + 1, color=token["muted"], **look)


def _map(canvas: Canvas, visit: Visit, found: Colouring, box: Box, token: dict[str, str]) -> None:
    bounds = _mercator(visit.area.bounds)
    view = _view(bounds, box)
    axes = canvas.map(box, view)
    metres_per_mm = view[2] / box[2]
    band = band_for(metres_per_mm / _PIXELS_PER_MM)
    source = visit.source
    shapes = source.shapes(visit.layer.slot, found.rows, band)
    _fill(axes, found, shapes, metres_per_mm, token)
    if not len(shapes):
        words = visit.text("No areas are drawn at this level here.")
        centre = (box[0] + box[2] / 2, box[1] + box[3] / 2)
        canvas.text(*centre, words, _TITLE_PT, ha="center", color=token["muted"])
    _borders(axes, visit, band, token)
    _labels(canvas, visit, box, view, token)
    latitude = (visit.area.bounds[1] + visit.area.bounds[3]) / 2
    scale_bar(canvas, box, metres_per_mm, latitude, visit.text, token)
    north(canvas, box, visit.text, token)


def _fill(
    axes: Axes,
    found: Colouring,
    shapes: list[shapely.Geometry],
    metres_per_mm: float,
    token: dict[str, str],
) -> None:
    colours, crowd = found.colours(), len(shapes)
    line = {"edgecolors": token["map-line"], "linewidths": 0.35 if crowd < 400 else 0.12}
    members = np.asarray(shapes, dtype=object)
    for number in np.unique(found.classes).tolist():
        mine = members[found.classes == number]
        # White on white has no border: what happened nowhere keeps a faint one.
        edge = line | ({"edgecolors": token["line"]} if number <= ZERO else {})
        axes.add_collection(areas(mine, crowd, facecolors=colours[number], **edge))
    for number, dotted in ((UNKNOWN, False), (FEW, True)):
        mine = members[found.classes == number]
        if len(mine):
            whole = shapely.union_all(mine)
            step = _HATCH_MM * metres_per_mm
            axes.add_collection(hatch(whole, token["map-hatch"], step=step, dotted=dotted))


def _borders(axes: Axes, visit: Visit, band: int, token: dict[str, str]) -> None:
    """Draw the borders of the levels between, and that of the area itself, strongest."""
    lineage, source = visit.source.picture.lineage, visit.source
    row = lineage.row(visit.area.code)
    between = range(visit.area.slot + 1, visit.layer.slot)
    slots = [level.slot for level in visit.hierarchy.levels if level.slot in between]
    for slot in slots[:MAX_OUTLINES]:
        parts = source.shapes(slot, lineage.features(slot, row), band)
        look = {"edgecolors": token["map-parent-line"], "linewidths": 0.4, "alpha": 0.6}
        axes.add_collection(areas(parts, 0, facecolors="none", **look))
    own = source.shapes(visit.area.slot, lineage.features(visit.area.slot, row), band)
    look = {"edgecolors": token["map-focus-line"], "linewidths": 0.9}
    axes.add_collection(areas(own, 0, facecolors="none", **look))


def _labels(canvas: Canvas, visit: Visit, box: Box, view: Box, token: dict[str, str]) -> None:
    """Write names where there is room, the worst and then the most important first."""
    area, _ = visit.area, visit.text
    layer = visit.layer.key
    if area.areas_per_layer.get(layer, 0) > MAX_LABELS and area.child_level:
        layer = area.child_level
    found = worst_first(visit, visit.source.labels(area.code, layer, limit=MAX_LABELS), layer)
    if len(found) > MAX_LABELS or area.areas_per_layer.get(layer, 0) > MAX_LABELS:
        return
    points = transformer(STORED_CRS, DISPLAY_CRS).transform(found["lon"], found["lat"])
    names = found["name_en"].fillna(found["name"]) if _.lang == "en" else found["name"]
    taken: list[Box] = []
    for x, y, name in zip(*points, names, strict=True):
        words = _fitting(_.within(name, area), _WIDEST_LABEL_MM, _LABEL_PT)
        at = (box[0] + (x - view[0]) / view[2] * box[2], box[1] + (y - view[1]) / view[3] * box[3])
        width, height = width_mm(words, _LABEL_PT), _LABEL_PT / PT_PER_MM
        place = (at[0] - width / 2, at[1] - height / 2, width, height)
        if all(_apart(place, other) for other in taken):
            taken.append(place)
            look: dict[str, Any] = {"ha": "center", "va": "center", "halo": token["map-halo"]}
            canvas.text(*at, words, _LABEL_PT, color=token["map-label"], **look)


def _mercator(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north_ = bounds
    x, y = transformer(STORED_CRS, DISPLAY_CRS).transform([west, east], [south, north_])
    return (x[0], y[0], x[1], y[1])


def _view(bounds: tuple[float, float, float, float], box: Box) -> Box:
    """Fit an area into a box of the sheet, with a little room around it."""
    west, south, east, north_ = bounds
    metres_per_mm = (1 + 2 * _AROUND) * max((east - west) / box[2], (north_ - south) / box[3])
    width, height = box[2] * metres_per_mm, box[3] * metres_per_mm
    return ((west + east - width) / 2, (south + north_ - height) / 2, width, height)


def _apart(one: Box, other: Box) -> bool:
    return (
        one[0] + one[2] < other[0]
        or other[0] + other[2] < one[0]
        or one[1] + one[3] < other[1]
        or other[1] + other[3] < one[1]
    )


def _fitting(words: str, width: float, size_pt: float) -> str:
    """Cut a line that is longer than the sheet is wide."""
    if width_mm(words, size_pt) <= width:
        return words
    while words and width_mm(f"{words}…", size_pt) > width:
        words = words[:-1]
    return f"{words}…"
