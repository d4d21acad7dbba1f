"""A brief fills its page: more rows, larger pictures where there is room, never a second page."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.briefing import fitting, places
from dashboard.briefing.brief_visit import BriefVisit
from dashboard.briefing.document import document
from dashboard.briefing.errors import PrinterMissingError
from dashboard.briefing.facts import Facts, gather
from dashboard.briefing.fitting import Wanted, fitted, grown
from dashboard.briefing.names import span_names
from dashboard.briefing.paper import Layout
from dashboard.briefing.room import LEAST, MOST_MAP_MM, MOST_TREND_MM, Room
from dashboard.components.markup import to_html
from dashboard.handling.answers import Handling
from dashboard.pages import brief as page
from dashboard.source import Source
from dashboard.store import Store
from dashboard.visit import Visit
from geo.viewer import Viewer
from tests.areas import COUNTY, PROVINCE, TOWNSHIPS
from tests.dashboard.markup import walk

YEAR = "from=2023-03-01&to=2024-02-29"
BOTTOM_PX, ROW_PX = 1000.0, 16.0


def brief(engine: Engine, search: str, code: str = COUNTY) -> BriefVisit:
    """Look at a brief anew: nothing is kept from another."""
    source = Source(engine, Viewer("leader", 0, PROVINCE), Store(50_000_000))
    return BriefVisit.at(source, {"pathname": f"/brief/{code}", "search": f"?{search}"})


def crowded(visit: Visit, peers: int, late: int) -> Facts:
    """Tell of so many areas below, and of so many with anything overdue."""
    facts = gather(visit)
    assert facts.peers is not None
    assert facts.backlog is not None
    (group,) = facts.peers.groups
    first = group.peers[0]
    more = [replace(first, code=f"{n}", name=f"第{n}镇", name_en=f"Town {n}") for n in range(peers)]
    crowd = replace(group, peers=(*group.peers, *more)[:peers])
    return replace(
        facts, peers=replace(facts.peers, groups=(crowd,)), backlog=backlog(facts.backlog, late)
    )


def backlog(found: Handling, late: int) -> Handling:
    (one, *_rest) = [each for each in found.areas if each.outcome.overdue]
    areas = [replace(one, code=f"{n}", name=f"第{n}镇", name_en=f"Town {n}") for n in range(late)]
    return replace(found, areas=tuple(areas))


def rows(visit: Visit, facts: Facts, room: Room) -> dict[str, int]:
    """Count the rows of each table."""
    body = document(visit, facts, fitting._BLANK, "week", room)
    return {
        part.id: len(part.children)
        for part in walk(body)
        if getattr(part, "id", "") in (places.RANKING_ROWS, places.LATE_ROWS)
    }


@pytest.mark.parametrize(
    ("days", "lang"), [(YEAR, "en"), ("span=month", "zh"), ("span=week", "en"), ("span=day", "zh")]
)
def test_a_page_is_full_and_is_one(world_engine: Engine, days: str, lang: str) -> None:
    at = brief(world_engine, f"{days}&lang={lang}")
    facts, name = crowded(at.visit, 90, 40), span_names(at.visit.text)[at.span]
    room = fitted(at.visit, facts, name)
    laid = fitting._laid(at.visit, facts, name, room)
    assert laid.pages == 1
    listed = rows(at.visit, facts, room)
    assert listed[places.RANKING_ROWS] > LEAST.ranking_rows
    top, bottom = laid.boxes[places.RANKING_ROWS][1::2]
    row_px = (bottom - top) / listed[places.RANKING_ROWS]
    empty_px = laid.bottom - laid.boxes[places.FOOT][3]
    assert 0 <= empty_px < 3 * row_px
    assert laid.boxes[places.RANKING_TABLE][2] <= laid.boxes[places.FOOT][2] + 0.5
    more = replace(room, ranking_rows=room.ranking_rows + 3)
    assert fitting._laid(at.visit, facts, name, more).pages == 2, "no more has room"
    assert f"{90 - listed[places.RANKING_ROWS] + 1}" in to_html(
        document(at.visit, facts, fitting._BLANK, name, room)
    ), "what has no room is counted"


def test_all_is_listed_where_all_has_room(world_engine: Engine) -> None:
    at = brief(world_engine, f"{YEAR}&lang=en")
    facts = crowded(at.visit, 24, 12)
    room = fitted(at.visit, facts, "a week")
    assert rows(at.visit, facts, room) == {places.RANKING_ROWS: 25, places.LATE_ROWS: 13}
    body = to_html(document(at.visit, facts, fitting._BLANK, "a week", room))
    assert "are not listed" not in body
    assert "are not listed" in to_html(document(at.visit, facts, fitting._BLANK, "a week"))
    assert room.trend_mm > LEAST.trend_mm


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_long_names_stay_on_the_paper(world_engine: Engine, lang: str) -> None:
    at = brief(world_engine, f"{YEAR}&lang={lang}")
    facts = crowded(at.visit, 24, 3)
    assert facts.peers is not None
    (group,) = facts.peers.groups
    long_name = {"name": "积石山保安族东乡族撒拉族自治县", "name_en": "A Prefecture of a Long Name"}
    named = [
        replace(peer, **long_name, count=123_456, ratio=12.3, ratio_high=14.5, verdict="above")
        for peer in group.peers
    ]
    long = replace(facts, peers=replace(facts.peers, groups=(replace(group, peers=tuple(named)),)))
    room = fitted(at.visit, long, "week")
    laid = fitting._laid(at.visit, long, "week", room)
    assert room.map_percent < LEAST.map_percent
    assert laid.boxes[places.RANKING_TABLE][2] <= laid.boxes[places.FOOT][2] + 0.5
    assert laid.pages == 1


@pytest.mark.parametrize("code", [PROVINCE, COUNTY, TOWNSHIPS["S"]])
def test_what_is_left_goes_to_the_pictures(world_engine: Engine, code: str) -> None:
    at = brief(world_engine, YEAR, code)
    facts = gather(at.visit)
    room = fitted(at.visit, facts, "week")
    assert fitting._laid(at.visit, facts, "week", room).pages == 1
    assert room.map_mm + room.trend_mm > LEAST.map_mm + LEAST.trend_mm
    nothing = brief(world_engine, "from=2010-01-01&to=2010-01-31", code)
    assert fitted(nothing.visit, gather(nothing.visit), "week") == LEAST


px = st.floats(1, 400)


@given(
    map_end=px, ranking_end=px, late_end=px, trend_end=px, free=st.floats(0, 600),
    ranking=st.integers(0, 80), late=st.integers(0, 80), useful=st.floats(20, 300),
)  # fmt: skip
def test_no_more_is_given_than_is_empty(
    map_end: float, ranking_end: float, late_end: float, trend_end: float, free: float,
    ranking: int, late: int, useful: float,
) -> None:  # fmt: skip
    """The parts are measured from the tops of their bands."""
    middle, below = max(map_end, ranking_end), max(late_end, trend_end)
    end = middle + below
    boxes = {
        places.MAP: (0.0, 0.0, 226.0, map_end),
        places.RANKING: (0.0, 0.0, 10.0, ranking_end),
        places.RANKING_ROWS: (0.0, 0.0, 10.0, ROW_PX * min(LEAST.ranking_rows, ranking)),
        places.LATE: (0.0, middle, 10.0, middle + late_end),
        places.LATE_ROWS: (0.0, 0.0, 10.0, ROW_PX * (1 + min(LEAST.late_rows, late))),
        places.TREND: (0.0, middle, 156.0, middle + trend_end),
        places.CHART: (0.0, middle, 156.0, middle + trend_end),
        places.FOOT: (0.0, end, 10.0, end),
    }
    room = grown(Layout(1, end + free, boxes), Wanted(ranking, late, useful), 0)
    by_rows = ROW_PX * (room.ranking_rows - LEAST.ranking_rows)
    by_late = ROW_PX * (room.late_rows - LEAST.late_rows)
    by_map, by_trend = 2 * (room.map_mm - LEAST.map_mm), 2 * (room.trend_mm - LEAST.trend_mm)
    assert min(by_rows, by_late, by_map, by_trend) >= 0
    grown_middle = max(map_end + by_map, ranking_end + by_rows)
    grown_below = max(trend_end + by_trend, late_end + by_late)
    assert grown_middle + grown_below <= end + free + 1e-6
    assert room.ranking_rows <= max(LEAST.ranking_rows, ranking)
    assert room.late_rows <= max(LEAST.late_rows, late)
    assert room.map_mm <= MOST_MAP_MM
    assert room.trend_mm <= MOST_TREND_MM
    assert grown(Layout(2, end + free, boxes), Wanted(ranking, late, useful), 0) == LEAST


def test_the_page_shows_what_the_paper_has_room_for(
    world_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = brief(world_engine, YEAR)
    room = fitted(at.visit, gather(at.visit), span_names(at.visit.text)[at.span])
    shown = to_html(page._sheet(at))
    for name, height in (("map", room.map_mm), ("trend", room.trend_mm)):
        assert escape(f"/brief/{COUNTY}/{name}.svg?{YEAR}&high={height}&rev=") in shown

    def missing(*_asked: Any) -> Any:
        raise PrinterMissingError("Pango is missing")

    monkeypatch.setattr("dashboard.briefing.paper._printer", missing)
    assert f"high={LEAST.map_mm}&amp;" in to_html(page._sheet(brief(world_engine, YEAR)))
