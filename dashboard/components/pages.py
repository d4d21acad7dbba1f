"""The way between pages; who has but one sees none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.links import link
from dashboard.sections import BRIEF, CAMPAIGNS, COMPARE, DATA, LINKED, MAP, PEOPLE, Section
from dashboard.text import Text
from geo.viewer import Viewer


def page_links(
    viewer: Viewer,
    here: Section,
    presentation: str,
    _: Text,
    kept: Mapping[str, str] | None = None,
) -> list[Any]:
    """Link the pages that are open to a viewer.

    Args:
        viewer: who looks.
        here: the page shown.
        presentation: the query string that keeps language and theme, or nothing.
        _: the words.
        kept: by key of a page, an address of it that shows more of what is shown here.
    """
    names = section_names(_)
    shown = [section for section in LINKED if section.open_to(viewer)]
    if len(shown) < 2:
        return []
    places = {section.key: f"{section.path}{presentation}" for section in shown} | dict(kept or {})
    return [
        # What the server writes is loaded as a page of its own.
        html.A(names[section.key], href=places[section.key], **_marks(section is here))
        if section is CAMPAIGNS
        else link(names[section.key], places[section.key], current=section is here)
        for section in shown
    ]


def _marks(is_current: bool) -> dict[str, Any]:
    return aria(current="true") if is_current else {}


def section_names(_: Text) -> dict[str, str]:
    """Name every page, by key."""
    return {
        MAP.key: _("Map"),
        COMPARE.key: _("Compare"),
        BRIEF.key: _("Brief"),
        CAMPAIGNS.key: _("Campaigns"),
        DATA.key: _("Data"),
        PEOPLE.key: _("People"),
    }


def presentation_of(lang: str, theme: str) -> str:
    """Write the query string that keeps a language and a theme."""
    chosen = [("lang", lang, "zh"), ("theme", theme, "dark")]
    query = "&".join(f"{name}={value}" for name, value, default in chosen if value != default)
    return f"?{query}" if query else ""
