"""The ways into the publishable mode of the map page, and out of it."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.period import Period
from dashboard.publishing.lattice import closed_months, spans
from dashboard.publishing.words import rules
from dashboard.state import MapState
from dashboard.visit import Visit
from geo.hierarchy import TOWNSHIP

_USUAL = MapState()


def way_in(visit: Visit) -> Markup:
    """Lead to the nearest publishable figures: all incidents of the last quarter, no cells."""
    _ = visit.text
    latest = spans(closed_months(visit.coverage), "quarter")[:1]
    period = {"period": Period.over(latest[0].days)} if latest else {}
    wide = [step.code for step in visit.area.parents if step.slot <= TOWNSHIP]
    area = visit.area.code if visit.area.slot <= TOWNSHIP else (wide or [""])[-1]
    usual = ("view", "smooth", "radius_m", "play", "layer", "tab", "scale")
    terms: dict[str, Any] = {"categories": (), "channels": (), "statuses": ()}
    plain = {name: getattr(_USUAL, name) for name in usual}
    words = [
        html.B(_("Publishable")),
        html.Span(_("a view and files that give no small count away"), className="quiet"),
    ]
    href = visit.href(area=area, publish=True, **period, **terms, **plain)
    return link(words, href, title=rules(_))


def way_out(visit: Visit) -> Markup:
    """Say that the view is publishable, and lead to the same without."""
    _ = visit.text
    name = ["✓ ", _("Publishable")]
    return link(name, visit.href(publish=False), current=True, title=rules(_), className="mode on")
