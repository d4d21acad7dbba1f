"""Fills the page of a brief: laid out with the least of all, then with what there is room for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.briefing import places
from dashboard.briefing.document import Pictures, document
from dashboard.briefing.facts import Facts
from dashboard.briefing.map_picture import useful_height_mm
from dashboard.briefing.paper import Layout, measure
from dashboard.briefing.room import (
    LEAST,
    MAP_PERCENTS,
    MAP_WIDTH_MM,
    MOST_MAP_MM,
    MOST_TREND_MM,
    TREND_WIDTH_MM,
    Room,
)
from dashboard.briefing.tables import overdue_areas, ranking_size
from dashboard.visit import Visit

_BLANK = Pictures("gridboard:map.svg", "gridboard:trend.svg")
_RESERVES_PX = (2, 24, 60)
"""So much stays empty: more where what was added made other lines wrap."""


@dataclass(frozen=True)
class Wanted:
    """What there is to show: rows of both tables, and how high a map of the area is of use."""

    ranking_rows: int
    late_rows: int
    map_mm: float


def fitted(visit: Visit, facts: Facts, span_name: str) -> Room:
    """Say how much the page of a brief has room for; kept for the scope.

    First come rows that would be left out, of the ranking and of what is overdue, then larger
    pictures.

    Args:
        visit: the area, the days, and what is counted.
        facts: what is told of them.
        span_name: what the days are, such as a week.

    Raises:
        FaceMissingError: no typeface with Chinese characters is installed.
        PrinterMissingError: Pango is not installed.
    """
    if facts.summary.total is None:
        return LEAST
    state = visit.state.with_(theme="light", at=None, tab="overview")
    key = ("brief room", visit.area.code, visit.filters, state, span_name)
    return visit.source.kept(key, lambda: _fitted(visit, facts, span_name))


def _fitted(visit: Visit, facts: Facts, span_name: str) -> Room:
    least, found = LEAST, _laid(visit, facts, span_name, LEAST)
    if (percent := map_percent(found)) != least.map_percent:
        least = replace(least, map_percent=percent)
        found = _laid(visit, facts, span_name, least)
    late = overdue_areas(facts.backlog) if facts.backlog else []
    useful_mm = useful_height_mm(visit, MAP_WIDTH_MM)
    wanted = Wanted(ranking_size(visit, facts), len(late), useful_mm)
    for reserve in _RESERVES_PX:
        room = grown(found, wanted, reserve, least)
        if _laid(visit, facts, span_name, room).pages == 1:
            return room
    return least


def _laid(visit: Visit, facts: Facts, span_name: str, room: Room) -> Layout:
    body = document(visit, facts, _BLANK, span_name, room)
    blank = {
        _BLANK.map: _empty(MAP_WIDTH_MM, room.map_mm),
        _BLANK.trend: _empty(TREND_WIDTH_MM, room.trend_mm),
    }
    return measure(body, visit.text.lang, blank)


def _empty(width: int, height: int) -> bytes:
    """Draw nothing, of a shape."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"/>'.encode()


def map_percent(found: Layout) -> int:
    """Say how much of the width is left to the map by the table beside it."""
    boxes = found.boxes
    if places.RANKING_TABLE not in boxes or places.FOOT not in boxes:
        return MAP_PERCENTS[0]
    (left, _top, right, _bottom), page = boxes[places.RANKING_TABLE], boxes[places.FOOT]
    wide = page[2] - page[0]
    # What keeps the two apart stays as wide as it was laid out.
    apart = left - page[0] - wide * MAP_PERCENTS[0] / 100
    most = 100 * (1 - (right - left + apart) / wide)
    return next((percent for percent in MAP_PERCENTS if percent <= most + 0.1), MAP_PERCENTS[-1])


def grown(found: Layout, wanted: Wanted, reserve_px: float, least: Room = LEAST) -> Room:
    """Divide what is empty below a brief that was laid out with the least of everything.

    Args:
        found: where its parts lie.
        wanted: what there is to show.
        reserve_px: what stays empty.
        least: what it was laid out with.
    """
    if found.pages > 1 or places.FOOT not in found.boxes:
        return least
    page = _Page(found.boxes, found.bottom - found.boxes[places.FOOT][3] - reserve_px)
    middle = _Band(page, (places.MAP, places.RANKING))
    below = _Band(page, (places.TREND, places.LATE))
    shown = min(least.ranking_rows, wanted.ranking_rows)
    ranking = middle.more_rows(places.RANKING, shown, wanted.ranking_rows - shown)
    shown = min(least.late_rows, wanted.late_rows)
    # The sum of all stands above them.
    late = below.more_rows(places.LATE, shown + 1, wanted.late_rows - shown)
    most_mm = min(MOST_MAP_MM, math.ceil(wanted.map_mm))
    map_mm = middle.more_mm(places.MAP, places.MAP, MAP_WIDTH_MM, most_mm - least.map_mm)
    most_mm = MOST_TREND_MM - least.trend_mm
    trend_mm = below.more_mm(places.TREND, places.CHART, TREND_WIDTH_MM, most_mm)
    return Room(
        least.ranking_rows + ranking,
        least.late_rows + late,
        least.map_mm + map_mm,
        least.trend_mm + trend_mm,
        least.map_percent,
    )


@dataclass
class _Page:
    """Where the parts of a page lie, and how much of it is empty yet."""

    boxes: Mapping[str, tuple[float, float, float, float]]
    free_px: float


class _Band:
    """Parts side by side: what one grows beyond the others is taken from what is empty."""

    def __init__(self, page: _Page, parts: tuple[str, ...]) -> None:
        self._page = page
        self._end = max((page.boxes[part][3] for part in parts if part in page.boxes), default=0.0)

    def more_rows(self, part: str, shown: int, most: int) -> int:
        """Say by how many rows a part can grow whose table has so many, and at most by how many."""
        rows = self._page.boxes.get(places.ROWS_OF[part])
        return self._grow(part, (rows[3] - rows[1]) / shown, most) if rows and shown else 0

    def more_mm(self, part: str, picture: str, width_mm: int, most: int) -> int:
        """Say by how many millimetres of its own a picture of a part can grow."""
        left, _top, right, _bottom = self._page.boxes[picture]
        return self._grow(part, (right - left) / width_mm, most)

    def _grow(self, part: str, step_px: float, most: int) -> int:
        bottom = self._page.boxes[part][3]
        steps = math.floor((self._end - bottom + self._page.free_px) / step_px)
        steps = max(0, min(most, steps))
        end = max(self._end, bottom + steps * step_px)
        self._page.free_px -= end - self._end
        self._end = end
        return steps
