"""Nine years of incidents: figures stay exact, and what is long past is not read again."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard import album
from dashboard.answers import Trend
from dashboard.blocks import Blocks
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from dashboard.store import Store
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import CITY, CITY_WITHOUT_COUNTIES, COUNTY, PROVINCE, TOWNSHIPS, cell_code
from tests.dashboard.world import (
    CATEGORIES,
    LAST_DAY,
    Cases,
    count_cases,
    drawn_province,
    load_cases,
    make_cases,
)
from tests.databases import opened

FIRST_DAY = date(2015, 6, 17)
ALL = Days(FIRST_DAY, LAST_DAY + timedelta(days=1))
AREAS = (PROVINCE, CITY, CITY_WITHOUT_COUNTIES, COUNTY, TOWNSHIPS["S"], cell_code("S1"))
LAYERS = ("city", "county", "township", "cell")
PROVINCE_VIEWER = Viewer("leader", 0, PROVINCE)

# Whole years and months, their edges, and any days; before, across and beyond the data.
edges = st.one_of(
    st.dates(FIRST_DAY - timedelta(days=400), LAST_DAY + timedelta(days=400)),
    st.dates(FIRST_DAY, LAST_DAY).map(lambda day: day.replace(day=1)),
    st.dates(FIRST_DAY, LAST_DAY).map(lambda day: day.replace(month=1, day=1)),
    st.sampled_from([FIRST_DAY, ALL.until, date(2020, 2, 29), date(2020, 3, 1)]),
)
periods = st.tuples(edges, edges).filter(lambda ends: ends[0] != ends[1]).map(sorted)
spans = periods.map(lambda ends: Days(*ends))
categories = st.sets(st.sampled_from(CATEGORIES))


@pytest.fixture(scope="module")
def cases() -> Cases:
    return make_cases(2500, seed=5, first_day=FIRST_DAY)


@pytest.fixture(scope="module")
def world(server: str, template: str, cases: Cases) -> Iterator[DatabaseSettings]:
    with drawn_province(server, template, cases) as drawn:
        yield drawn


@pytest.fixture(scope="module")
def engine(world: DatabaseSettings) -> Iterator[Engine]:
    with opened(world, "app") as opened_engine:
        yield opened_engine


@pytest.fixture(scope="module")
def source_of(engine: Engine) -> Callable[[Viewer], Source]:
    store = Store(50_000_000)
    return lambda viewer=PROVINCE_VIEWER: Source(engine, viewer, store)


def filters_of(source: Source, days: Days, chosen: set[str]) -> Filters:
    return Filters(days, source.picture.basics.terms.ids("category", chosen))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(days=spans, chosen=categories, code=st.sampled_from(AREAS), layer=st.sampled_from(LAYERS))
@example(days=ALL, chosen=set(), code=PROVINCE, layer="township")
@example(days=ALL, chosen={"land"}, code=CITY, layer="cell")
@example(days=Days(date(2016, 1, 1), date(2023, 7, 1)), chosen=set(), code=COUNTY, layer="cell")
def test_every_figure_equals_a_recount(
    source_of: Callable[..., Source],
    cases: Cases,
    days: Days,
    chosen: set[str],
    code: str,
    layer: str,
) -> None:
    source = source_of()
    filters = filters_of(source, days, chosen)
    terms = {"category": chosen} if chosen else {}
    known = days.clipped(ALL)

    summary = source.summary(code, filters)
    if not known:
        assert summary.total is None
        return
    assert summary.total == count_cases(cases, code, days.since, days.until, **terms)
    assert source.composition(code, filters)["count"].sum() == summary.total
    if layer in source.area(code).layers:
        for child in source.children(code, filters, layer).itertuples():
            assert child.count == count_cases(cases, child.code, days.since, days.until, **terms), (
                child.code
            )
    assert_trend(source.trend(code, filters), cases, code, days, terms)


def assert_trend(
    trend: Trend, cases: Cases, code: str, days: Days, terms: dict[str, set[str]]
) -> None:
    """Compare each point of a trend, and the same dates a year before, with recounts."""
    ends = [*trend.starts[1:], days.until]
    for start, end, n, before in zip(
        trend.starts, ends, trend.counts, trend.last_year, strict=True
    ):
        now = Days(start, end).clipped(ALL)
        if not now:
            assert n is None
            continue
        assert n == count_cases(cases, code, start, end, **terms)
        then = now.year_before()
        if then.since < ALL.since:
            assert before is None
        else:
            assert before == count_cases(cases, code, then.since, then.until, **terms)


@pytest.mark.parametrize(
    "viewer",
    [Viewer("leader", 2, COUNTY), Viewer("leader", 3, TOWNSHIPS["S"])],
    ids=lambda viewer: viewer.scope_key,
)
def test_a_narrower_scope_counts_the_same(
    source_of: Callable[..., Source], cases: Cases, viewer: Viewer
) -> None:
    source = source_of(viewer)
    for days in (ALL, Days(date(2017, 2, 11), date(2022, 9, 1))):
        filters = Filters(days)
        total = count_cases(cases, source.home, days.since, days.until)
        assert source.summary(source.home, filters).total == total
        assert source.children(source.home, filters, "cell")["count"].sum() == total
        assert_trend(source.trend(source.home, filters), cases, source.home, days, {})


def test_what_is_long_past_is_not_read_again(
    world: DatabaseSettings,
    engine: Engine,
    cases: Cases,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[tuple[str, str, int, int]] = []
    original = Blocks._read

    def noting(self, name, counties, days):
        read.extend((name, code, days.since.year, days.last.year) for code in counties)
        return original(self, name, counties, days)

    monkeypatch.setattr(Blocks, "_read", noting)
    store = Store(50_000_000)

    def look() -> int | None:
        source = Source(engine, PROVINCE_VIEWER, store)
        for code in (PROVINCE, COUNTY):
            source.trend(code, Filters(ALL))
            source.children(code, Filters(ALL), "township")
        return source.summary(PROVINCE, Filters(ALL)).total

    assert look() == len(cases)
    spans = {(first, last) for _, code, first, last in read if code == COUNTY}
    assert {(2015, 2023), (2024, 2024)} <= spans
    # By the day only where what is counted begins or ends within a month: the data, the last
    # month's days a year before, and the 28 days of a leap year's February.
    by_day = {first for name, _, first, _ in read if name == "county_days.sql"}
    assert by_day == {2015, 2016, 2020, 2023, 2024}
    read.clear()
    assert look() == len(cases)
    assert read == []
    at = next(case for case in cases if case.place == "N1" and case.day.year == 2024)
    with opened(world, "loader") as loader:
        load_cases(loader, [replace(at, number=9001)])
    try:
        assert look() == len(cases) + 1
    finally:
        cases.append(replace(at, number=9001))
    assert {(first, last) for _, _, first, last in read} == {(2024, 2024)}
    assert {code for _, code, _, _ in read} == {COUNTY}


@given(st.sets(st.tuples(st.sampled_from("abcdefg"), st.integers(2001, 2030))))
def test_what_is_missing_is_read_once_in_answers_of_bounded_size(
    missing: set[tuple[str, int]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(album, "_YEARS_AT_ONCE", 60)
        batches = list(album._batches(sorted(missing)))
    read = Counter((code, year) for codes, days in batches for code in codes for year in days.years)
    assert missing <= set(read)
    assert set(read.values()) <= {1}
    assert all(len(codes) * len(days.years) <= 60 for codes, days in batches)
    # Counties that lack the same years are asked for together.
    lacking = {code: sorted(year for own, year in missing if own == code) for code, _ in missing}
    alike = Counter((years[0], years[-1]) for years in lacking.values())
    assert len(batches) == sum(
        -(-counties // (60 // (last - first + 1))) for (first, last), counties in alike.items()
    )
