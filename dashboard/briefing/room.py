"""How much of a brief its one page holds: rows of its tables, heights of its pictures."""

from __future__ import annotations

from dataclasses import dataclass

HEIGHT = "high"
"""The parameter of a picture's address that says how high it is, in millimetres."""

MAP_WIDTH_MM, TREND_WIDTH_MM = 113, 78
MOST_MAP_MM, MOST_TREND_MM = 150, 70
MAP_PERCENTS = (58, 54, 50, 46)
"""Of the width of the page: the map gives way where long names stand beside it."""


@dataclass(frozen=True)
class Room:
    """How much a page holds; by default so much as has room on every page.

    Attributes:
        ranking_rows: of the ranking, the heads of its groups included.
        late_rows: areas with anything overdue.
        map_mm, trend_mm: heights of the pictures.
        map_percent: of the width of the page, the map's; one of ``MAP_PERCENTS``.
    """

    ranking_rows: int = 21
    late_rows: int = 6
    map_mm: int = 98
    trend_mm: int = 38
    map_percent: int = MAP_PERCENTS[0]


LEAST = Room()
