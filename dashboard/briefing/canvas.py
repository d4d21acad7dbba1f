"""A sheet of paper to draw on in millimetres: text, boxes, strokes, and areas of a map."""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import numpy as np
import shapely
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.path import Path
from matplotlib.patheffects import withStroke

from dashboard.briefing.face import face

Form = Literal["svg", "png"]
Box = tuple[float, float, float, float]
"""Left, bottom, width and height."""

MM_PER_INCH = 25.4
PT_PER_MM = 72 / MM_PER_INCH
PNG_DPI = 200
_LAST_NARROW = 0x2E7F
_PARTS = re.compile(r"[\u2e80-\uffff]|[^\u2e80-\uffff\s]*\s+|[^\u2e80-\uffff\s]+")
_MANY = 3_000
"""So many areas become pixels even in a drawing: it would take megabytes otherwise."""


_STROKES: dict[str, Any] = {"linewidths": 0.5}
_DOTS: dict[str, Any] = {"linewidths": 1.0, "linestyles": (0, (0.01, 2.6)), "capstyle": "round"}
"""A dash of hardly any length with round ends is a dot; the gap is a multiple of the width."""

_drawing = threading.Lock()


@contextmanager
def drawing() -> Iterator[None]:
    """Let one thread draw at a time: there are few processors, and fonts are shared."""
    with _drawing:
        yield


class Canvas:
    """A sheet of paper; the origin is the lower left corner inside its margin, in millimetres.

    Attributes:
        width_mm, height_mm: without the margin.
    """

    def __init__(
        self, width_mm: float, height_mm: float, ground: str, margin_mm: float = 0.0
    ) -> None:
        self._margin_mm, self._outer_mm = margin_mm, (width_mm, height_mm)
        self.width_mm, self.height_mm = width_mm - 2 * margin_mm, height_mm - 2 * margin_mm
        size = (width_mm / MM_PER_INCH, height_mm / MM_PER_INCH)
        self.figure = Figure(size, dpi=PNG_DPI, facecolor=ground)
        self.sheet = self._axes((0, 0, self.width_mm, self.height_mm))
        self.sheet.set_xlim(0, self.width_mm)
        self.sheet.set_ylim(0, self.height_mm)
        # Names are written over the map.
        self.sheet.set_zorder(1)

    def map(self, box: Box, view: Box) -> Axes:
        """Open a window of the sheet on a part of the world, in metres of Web Mercator."""
        axes = self._axes(box)
        axes.set_xlim(view[0], view[0] + view[2])
        axes.set_ylim(view[1], view[1] + view[3])
        return axes

    def text(self, x: float, y: float, words: str, size_pt: float, **look: Any) -> None:
        """Write words, by default from their lower left corner."""
        bold, halo = look.pop("bold", False), look.pop("halo", None)
        # A name may hold dollars, which would else begin a formula.
        look |= {"fontproperties": face(size_pt, bold=bold), "parse_math": False}
        written = self.sheet.text(x, y, words, **look)
        if halo:
            written.set_path_effects([withStroke(linewidth=1.6, foreground=halo)])

    def box(self, box: Box, **look: Any) -> None:
        """Draw a box."""
        left, bottom, width, height = box
        self.sheet.add_patch(Rectangle((left, bottom), width, height, **look))

    def pattern(self, box: Box, colour: str, *, dotted: bool, step_mm: float = 1.0) -> None:
        """Fill a box with the strokes or the dots of ``hatch``."""
        left, bottom, width, height = box
        place = shapely.box(left, bottom, left + width, bottom + height)
        self.sheet.add_collection(hatch(place, colour, step=step_mm, dotted=dotted))

    def line(self, points: Sequence[tuple[float, float]], **look: Any) -> None:
        """Draw a line from point to point."""
        self.sheet.add_collection(LineCollection([list(points)], **look))

    def written(self, form: Form, title: str) -> bytes:
        """Return the sheet as a file; the same sheet gives the same bytes."""
        buffer = io.BytesIO()
        # Ids within a drawing are random otherwise; letters are drawn, so that it looks the
        # same wherever it is opened.
        with rc_context({"svg.hashsalt": "gridboard", "svg.fonttype": "path"}):
            own: dict[str, Any] = (
                {"Date": None, "Creator": "gridboard"}
                if form == "svg"
                else {"Software": "gridboard"}
            )
            self.figure.savefig(buffer, format=form, metadata={"Title": title} | own)
        return buffer.getvalue()

    def _axes(self, box: Box) -> Axes:
        left, bottom, width, height = box
        place = (
            (left + self._margin_mm) / self._outer_mm[0],
            (bottom + self._margin_mm) / self._outer_mm[1],
            width / self._outer_mm[0],
            height / self._outer_mm[1],
        )
        axes = self.figure.add_axes(place)
        axes.set_axis_off()
        return axes


def areas(shapes: Iterable[shapely.Geometry], crowd: int, **look: Any) -> PathCollection:
    """Draw areas; where the map has a crowd of them they become pixels."""
    drawn = PathCollection([outline(shape) for shape in shapes], **look)
    drawn.set_rasterized(crowd > _MANY)
    return drawn


def outline(shape: shapely.Geometry) -> Path:
    """Turn an area into a path; holes run the other way round and so stay open."""
    rings = shapely.get_rings(shapely.get_parts(shapely.orient_polygons(shape)))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    codes = np.full(len(points), Path.LINETO, np.uint8)
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    codes[starts] = Path.MOVETO
    codes[np.append(starts[1:], len(points)) - 1] = Path.CLOSEPOLY
    return Path(points, codes)


def hatch(
    shape: shapely.Geometry, colour: str, *, step: float, dotted: bool = False
) -> LineCollection:
    """Hatch an area with parallel strokes that rise to the right, or with dots along them."""
    left, bottom, right, top = shapely.bounds(shape).tolist()
    # From a fixed origin, so that the strokes of neighbours run through.
    first = np.floor((left - top) / step) * step
    at = np.arange(first, right - bottom + step, step)
    ends = np.stack([[at + bottom, np.full(len(at), bottom)], [at + top, np.full(len(at), top)]])
    lines: Any = shapely.linestrings(ends.transpose(2, 0, 1)) if top > bottom else []
    kept = shapely.get_parts(shapely.intersection(lines, shape))
    segments = [shapely.get_coordinates(part) for part in kept if shapely.get_type_id(part) == 1]
    look = _DOTS if dotted else _STROKES
    return LineCollection(segments, colors=colour, **look)


def width_mm(words: str, size_pt: float) -> float:
    """About how wide words are: Chinese characters are as wide as they are high."""
    ems = sum(1.0 if ord(letter) > _LAST_NARROW else 0.56 for letter in words)
    return ems * size_pt / PT_PER_MM


def folded(words: str, width: float, size_pt: float) -> list[str]:
    """Fold words into lines no wider than so many millimetres, between words where it can."""
    lines = [""]
    for part in _PARTS.findall(words):
        if lines[-1] and width_mm((lines[-1] + part).rstrip(), size_pt) > width:
            lines.append(part.lstrip())
        else:
            lines[-1] += part
    return [line.rstrip() for line in lines]
