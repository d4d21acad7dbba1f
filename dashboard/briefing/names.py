"""What the spans of briefs are called."""

from __future__ import annotations

from dashboard.briefing.brief_visit import RANGE
from dashboard.text import Text


def span_names(_: Text) -> dict[str, str]:
    """Name the spans."""
    return {
        "day": _("the last day"),
        "week": _("the last whole week"),
        "month": _("the last whole month"),
        RANGE: _("chosen days"),
    }
