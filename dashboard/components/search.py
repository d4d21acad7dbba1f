"""Finding an area by name or code (assets/search.js)."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.answers import Found
from dashboard.components.base import OwnComponent
from dashboard.text import Text
from geo.hierarchy import Hierarchy


class Search(OwnComponent):
    """A search box: sets ``query``, shows ``results`` once ``asked`` equals it."""

    takes = ("query", "results", "asked", "text")


def search_words(_: Text) -> dict[str, str]:
    """Return every word the search box shows."""
    return {
        "label": _("Find an area by name or code"),
        "placeholder": _("Name or code"),
        "none": _("No area has this name or code."),
    }


def search_results(found: Sequence[Found], hierarchy: Hierarchy, _: Text) -> list[dict[str, str]]:
    """Describe what was found, in the order of the source."""
    return [
        {
            "code": area.code,
            "name": _.name(area),
            "path": area.path,
            "level": _.term(hierarchy.level(area.level)),
        }
        for area in found
    ]
