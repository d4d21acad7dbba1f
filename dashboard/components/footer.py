"""The line below the map: how fresh the data is, and whose work it stands on."""

from __future__ import annotations

from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.text import Text
from dashboard.visit import Visit
from geo.hierarchy import SLOTS


def credits_line(visit: Visit) -> str:
    """Name the origin of the boundaries and data, and what of them is not real.

    The data brings its own lines; where it has none, at least what is known to be
    synthetic is said.
    """
    _, attribution = visit.text, visit.source.attribution()
    parts = [credit.en if visit.state.lang == "en" else credit.zh for credit in attribution.credits]
    if attribution.synthetic_from and not parts:
        level = visit.hierarchy.at(SLOTS.index(attribution.synthetic_from))
        if level:
            parts.append(_("Outlines from {level} down are synthetic", level=_.term(level)))
    return " · ".join(parts)


def credits_note(visit: Visit) -> Markup:
    """Build the line of the origin, which is whole in its title where it finds no room."""
    line = credits_line(visit)
    return html.Span(line, title=line)


def as_of(visit: Visit) -> str:
    """Say up to which moment the data speaks."""
    return _as_of(visit, visit.text)


def _as_of(visit: Visit, _: Text) -> str:
    if not len(visit.coverage):
        return _("No data yet")
    return _("Data to {day}", day=_.day(visit.coverage.last))
