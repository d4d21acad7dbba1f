"""What the two maps show: the scenes of two visits, with one title and the same classes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from dashboard.comparing.comparison import Comparison
from dashboard.comparing.pairs import exposure
from dashboard.comparing.state import SHOWS
from dashboard.components.comparing.change import change_of_map
from dashboard.pages.scene import scene
from dashboard.state import filter_parameters, format_url

GROUP = "compare"
CHANGE = SHOWS[1]
_PLACE = "{code}"


def scenes(comparison: Comparison) -> tuple[dict[str, Any], dict[str, Any]]:
    """Describe both maps."""
    first, second = (
        {**scene(side), "title": title(comparison), "go": leads(comparison)}
        for side in comparison.sides
    )
    for each in (first, second):
        # Classes are those of the first side, and cannot be had otherwise here.
        each["legend"]["rescale"] = None
        if comparison.state.first.scale is None:
            each["legend"]["scale"] = _unlike(comparison)
    if shows_change(comparison):
        first["spots"] = {CHANGE: change_of_map(comparison)}
        first["urls"] = {**first["urls"], **_urls(comparison)}
    return first, second


def shows_change(comparison: Comparison) -> bool:
    """Whether one map of the change takes the place of two."""
    return comparison.state.show == CHANGE and not comparison.of_areas


def _unlike(comparison: Comparison) -> str | None:
    """Warn of colours that cannot be compared, because they stand for sums of unlike length."""
    if exposure(comparison).unit != "days" or exposure(comparison).is_equal:
        return None
    _ = comparison.text
    return _("Unlike numbers of days with data: do not compare colours; the change map is by day.")


def _urls(comparison: Comparison) -> dict[str, str]:
    """Where the classes of the change are, and what is said of one area."""
    first, second = comparison.sides
    source = first.source
    scope, versions = source.viewer.scope_key, source.revisions
    place = f"/changes/{scope}/{versions.area}/{first.layer.slot}/{first.area.code}"
    question = {
        **first.days.parameters("from", "to"),
        **second.days.parameters("from2", "to2"),
        **filter_parameters(first.state),
        "rev": str(versions.incident),
    }
    query = urlencode(question, safe=",")
    return {CHANGE: f"{place}.bin?{query}", "said": f"{place}/{{id}}.json?{query}"}


def links(comparison: Comparison) -> tuple[dict[str, str], dict[str, str]]:
    """Say how the maps move together: periods by the camera, areas by the zoom alone."""
    by = "zoom" if comparison.of_areas else "camera"
    own = "at2" if comparison.of_areas else "at"
    return {"group": GROUP, "by": by, "at": "at"}, {"group": GROUP, "by": by, "at": own}


def title(comparison: Comparison) -> str:
    """Name the page for the browser's tab."""
    _, (first, second) = comparison.text, comparison.sides
    if comparison.of_areas:
        return f"{_.name(first.area)} ⇄ {_.name(second.area)} · gridboard"
    return f"{_.name(first.area)}: {_.days(first.days)} ⇄ {_.days(second.days)} · gridboard"


def leads(comparison: Comparison) -> str:
    """Say where a click on an area leads: deeper into both periods, or to its own map."""
    state = comparison.state
    if comparison.of_areas:
        address = format_url(replace(state.first, area=_PLACE, at=None))
    else:
        address = state.href(area=_PLACE)
    return address.replace("%7Bcode%7D", _PLACE)
