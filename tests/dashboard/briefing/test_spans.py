"""Which days a brief is about."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.briefing.brief_visit import BriefVisit, brief_href
from dashboard.briefing.spans import read_range, span_days
from dashboard.period import Days
from dashboard.source import Source
from dashboard.visit import Visit
from tests.areas import COUNTY
from tests.dashboard.world import LAST_DAY

_DAY = timedelta(days=1)
days = st.dates(date(2001, 1, 1), date(2100, 1, 1))


@given(last=days)
def test_spans_are_the_last_whole_ones_with_data(last: date) -> None:
    covered = Days(date(2000, 1, 1), last + _DAY)
    assert span_days("day", covered) == Days(last, last + _DAY)
    week, month = span_days("week", covered), span_days("month", covered)
    assert week.since.weekday() == 0
    assert len(week) == 7
    assert month.since.day == month.until.day == 1
    assert len(month) in (28, 29, 30, 31)
    for span, next_one in ((week, timedelta(days=7)), (month, timedelta(days=31))):
        assert span.until <= covered.until < span.until + next_one


@given(first=days, length=st.integers(0, 900))
def test_ranges_are_read_as_they_are_written(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    assert read_range(f"{first}..{last}") == Days(first, last + _DAY)
    assert read_range(f"{last + _DAY}..{first}") is None


@pytest.mark.parametrize("text", ["", "week", "2026-01-01", "..", "2026-02-30..2026-03-01", "a..b"])
def test_other_texts_are_no_range(text: str) -> None:
    assert read_range(text) is None


def test_an_address_gives_itself_back(source: Source) -> None:
    for search in ("", "?span=month", "?span=day&lang=en&metric=rate&per=households&smooth=1",
                   "?from=2024-01-01&to=2024-01-31&category=land", "?period=90d"):  # fmt: skip
        found = BriefVisit.at(source, {"pathname": f"/brief/{COUNTY}", "search": search})
        path, _mark, query = found.href().partition("?")
        again = BriefVisit.at(source, {"pathname": path, "search": f"?{query}"})
        assert again.visit.state == found.visit.state
        assert again.span == found.span
        assert found.visit.notes == ()
    week = BriefVisit.at(source, {"pathname": f"/brief/{COUNTY}", "search": ""}).visit.days
    assert week.last <= LAST_DAY < week.last + timedelta(days=7)
    lost = BriefVisit.at(source, {"pathname": "/brief/", "search": "?span=year"})
    assert lost.visit.notes == ("span",)


def test_the_map_leads_to_the_brief_of_what_it_shows(source: Source) -> None:
    for search in ("?period=90d&metric=rate", "?from=2024-01-01&to=2024-02-10&status=open"):
        there = Visit.at(source, {"pathname": f"/map/{COUNTY}", "search": search})
        path, _mark, query = brief_href(there).partition("?")
        brief = BriefVisit.at(source, {"pathname": path, "search": f"?{query}"}).visit
        assert (brief.area.code, brief.days) == (COUNTY, there.days)
        assert brief.filters == there.filters
        assert brief.state.metric == there.state.metric
