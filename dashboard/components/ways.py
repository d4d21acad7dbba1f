"""The same area, days and filters on the other pages about an area."""

from __future__ import annotations

from typing import Any

from dashboard.briefing.brief_visit import brief_href
from dashboard.comparing.state import CompareState
from dashboard.components.pages import page_links, presentation_of
from dashboard.sections import BRIEF, COMPARE, MAP, Section
from dashboard.visit import Visit


def ways(visit: Visit, here: Section) -> list[Any]:
    """Link the pages that are open to who looks; those about an area show what this one shows."""
    state = visit.state
    kept = {
        MAP.key: visit.href(),
        COMPARE.key: CompareState(state).href(area=visit.area.code),
        BRIEF.key: brief_href(visit),
    }
    presentation = presentation_of(state.lang, state.theme)
    return page_links(visit.source.viewer, here, presentation, visit.text, kept)
