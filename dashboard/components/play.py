"""The playback of a period on the map: which steps there are, and the words of its bar."""

from __future__ import annotations

from typing import Any

from dashboard.frames import MAX_FIGURES, fits, usual_step
from dashboard.state import PLAY_STEPS
from dashboard.text import Text
from dashboard.visit import Visit


def play_of_map(visit: Visit) -> dict[str, Any] | None:
    """Describe the playback of a map; ``None`` where there is nothing to play or to publish.

    Returns:
        The usual step, the one that is offered first; and of each step its key, its name and why
        it cannot be had, if so.
    """
    if visit.state.publish or not visit.has_data:
        return None
    _, days = visit.text, visit.days_with_data
    areas = visit.area.areas_per_layer.get(visit.layer.key, 1)
    possible = {step: fits(days, step, areas) for step in PLAY_STEPS}
    usual = usual_step(days)
    longer = PLAY_STEPS[PLAY_STEPS.index(usual) :]
    return {
        "usual": next((step for step in longer if possible[step]), usual),
        "steps": [
            {"key": step, "name": name, "why": None if possible[step] else _too_many(areas, _)}
            for step, name in _names(_).items()
        ],
    }


def play_words(_: Text) -> dict[str, str]:
    """Return every word of the bar."""
    return {
        "name": _("Play over time"),
        "close": _("End the playback"),
        "step": _("Length of a step"),
        "start": _("Play"),
        "pause": _("Pause"),
        "stepBack": _("One step back"),
        "stepOn": _("One step on"),
        "scrubber": _("Step shown"),
        "speed": _("Speed"),
        "total": _("{n} incidents"),
        "cut": _("only {n} days of it lie in the period"),
        "choose": _("Choose this period"),
        "classes": _("Classes are the same for all steps."),
        "loading": _("Loading the steps …"),
        "failed": _("The steps could not be loaded."),
    }


def _names(_: Text) -> dict[str, str]:
    return {"day": _("by day"), "week": _("by week"), "month": _("by month")}


def _too_many(areas: int, _: Text) -> str:
    return _(
        "{areas} areas in so many steps are more than {most} figures: choose a longer step,"
        " a shorter period or a coarser level.",
        areas=_.number(areas),
        most=_.number(MAX_FIGURES),
    )
