"""What the spans of briefs are called, and how names of any length are written on one page."""

from __future__ import annotations

from itertools import accumulate

from dashboard.briefing.brief_visit import RANGE
from dashboard.exporting.sheets import letters
from dashboard.text import Text

LONGEST, IN_A_TABLE = 64, 28
"""Room of a name in a sentence and in a table, where a Chinese letter takes two."""


def shortened(name: str, most: int = LONGEST) -> str:
    """Cut a name that is longer than a page has room for; the cut is marked."""
    if letters(name) <= most:
        return name
    ends = accumulate(letters(letter) for letter in name)
    return name[: sum(end < most for end in ends)].rstrip() + "…"


def span_names(_: Text) -> dict[str, str]:
    """Name the spans."""
    return {
        "day": _("the last day"),
        "week": _("the last whole week"),
        "month": _("the last whole month"),
        RANGE: _("chosen days"),
    }
