"""What the panel can show below the key figures, one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboard.components import markup as html
from dashboard.components.handling import handling_tab
from dashboard.components.links import link, segments
from dashboard.components.markup import Markup
from dashboard.components.peers import peers_tab
from dashboard.components.time_tab import time_tab
from dashboard.state import TABS
from dashboard.text import Text
from dashboard.visit import Visit

OVERVIEW = TABS[0]
TIME = "time"
_BODIES: dict[str, Callable[[Visit], list[Any]]] = {
    "peers": peers_tab,
    TIME: time_tab,
    "handling": handling_tab,
}


def tab_names(_: Text) -> dict[str, str]:
    """Name the tabs."""
    return {
        "overview": _("Overview"),
        "peers": _("Among peers"),
        "time": _("Over time"),
        "handling": _("Handling"),
    }


def tabs(visit: Visit) -> Markup:
    """Build the choice of tab."""
    _, here = visit.text, visit.state.tab
    choices = [
        link(name, visit.href(tab=tab), current=tab == here) for tab, name in tab_names(_).items()
    ]
    return html.Div([segments(_("What the panel shows"), choices)], className="tabs")


def tab_body(visit: Visit) -> list[Any]:
    """Build what the chosen tab shows; nothing for the overview, whose parts have own places."""
    body = _BODIES.get(visit.state.tab)
    return body(visit) if body else []
