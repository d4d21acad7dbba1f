"""The way between pages; who has but one sees none."""

from __future__ import annotations

from typing import Any

from dashboard.components.links import link
from dashboard.sections import BRIEF, COMPARE, DATA, MAP, PEOPLE, SECTIONS, Section
from dashboard.text import Text
from geo.viewer import Viewer


def page_links(viewer: Viewer, here: Section, presentation: str, _: Text) -> list[Any]:
    """Link the pages that are open to a viewer.

    Args:
        viewer: who looks.
        here: the page shown.
        presentation: the query string that keeps language and theme, or nothing.
        _: the words.
    """
    names = {
        MAP.key: _("Map"),
        COMPARE.key: _("Compare"),
        BRIEF.key: _("Brief"),
        DATA.key: _("Data"),
        PEOPLE.key: _("People"),
    }
    shown = [section for section in SECTIONS if section.open_to(viewer)]
    if len(shown) < 2:
        return []
    return [
        link(names[section.key], f"{section.path}{presentation}", current=section is here)
        for section in shown
    ]


def presentation_of(lang: str, theme: str) -> str:
    """Write the query string that keeps a language and a theme."""
    chosen = [("lang", lang, "zh"), ("theme", theme, "dark")]
    query = "&".join(f"{name}={value}" for name, value, default in chosen if value != default)
    return f"?{query}" if query else ""
