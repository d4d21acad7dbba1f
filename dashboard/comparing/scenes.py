"""What the two maps show: the scenes of two visits, with one title and the same classes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard.comparing.comparison import Comparison
from dashboard.pages.scene import scene
from dashboard.state import format_url

GROUP = "compare"
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
            each["legend"]["scale"] = None
    return first, second


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
