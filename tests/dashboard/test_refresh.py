"""What a process remembers follows the loads, county by county."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event

from dashboard.blocks import Blocks
from dashboard.errors import DataMovedError
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from dashboard.store import Store
from etl.boundaries import load_boundaries
from etl.shapes import build_shapes
from etl.terms import NewTerm, store_terms
from geo.database import loading
from geo.errors import NotFoundError
from geo.hierarchy import load_hierarchy
from geo.viewer import Viewer
from tests.areas import (
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    TOWNSHIPS,
    cell_code,
    province_areas,
)
from tests.dashboard.world import LAST_DAY, Cases, count_cases, load_cases, load_world, make_cases

ALL = Filters(Days(date(2020, 1, 1), date(2030, 1, 1)))
AREAS = (PROVINCE, COUNTY, OTHER_COUNTY, CITY_WITHOUT_COUNTIES, TOWNSHIPS["S"], cell_code("S1"))
VIEWER = Viewer("leader", 0, PROVINCE)


@pytest.fixture
def first_cases(loader_engine: Engine) -> Cases:
    cases = make_cases(200)
    load_world(loader_engine, cases)
    return cases


def assert_counted(source: Source, cases: list) -> None:
    for code in AREAS:
        expected = count_cases(cases, code, date(2020, 1, 1), date(2030, 1, 1))
        assert source.summary(code, ALL).total == expected, code
    cells = source.children(PROVINCE, ALL, "cell").set_index("code")["count"]
    assert cells[cell_code("S1")] == source.summary(cell_code("S1"), ALL).total


def test_corrections_are_counted_without_reading_everything_again(
    first_cases: Cases,
    app_engine: Engine,
    loader_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[str] = []
    original = Blocks._read

    def noting(self, name, counties, days):
        read.extend(counties)
        return original(self, name, counties, days)

    monkeypatch.setattr(Blocks, "_read", noting)
    store = Store(10**8)
    assert_counted(Source(app_engine, VIEWER, store), first_cases)
    read.clear()
    # One incident of the county takes another category and day, a new one is added to it.
    at = next(n for n, case in enumerate(first_cases) if case.place == "N1")
    changed = Cases(first_cases)
    changed[at] = replace(first_cases[at], category="land", day=first_cases[at].day + timedelta(1))
    changed.append(replace(first_cases[at], number=900, place="S1"))
    load_cases(loader_engine, [changed[at], changed[-1]])
    assert_counted(Source(app_engine, VIEWER, store), changed)
    assert set(read) == {COUNTY}


@pytest.mark.parametrize("place", ["N", "J"])
def test_a_new_deadline_counts_although_no_count_changed(
    first_cases: Cases, app_engine: Engine, loader_engine: Engine, place: str
) -> None:
    """Of the first county and of the last one: the others' incidents are taken over."""
    store = Store(10**8)
    source = Source(app_engine, VIEWER, store)
    before = {code: source.summary(code, ALL) for code in AREAS}
    late = next(
        case
        for case in first_cases
        if case.status == "open" and case.deadline < LAST_DAY and case.place[0] == place
    )
    load_cases(loader_engine, [replace(late, deadline=LAST_DAY + timedelta(days=90))])
    source = Source(app_engine, VIEWER, store)
    for code, summary in before.items():
        after = source.summary(code, ALL)
        assert after.total == summary.total
        assert summary.overdue
        assert after.overdue == summary.overdue - (code in late.codes)


def overdue_by_term(source: Source) -> dict[tuple[str, str], int | None]:
    terms = source.picture.basics.terms
    chosen = {
        "all": ALL,
        "land": replace(ALL, categories=terms.ids("category", ["land"])),
        "window": replace(ALL, channels=terms.ids("channel", ["window"])),
    }
    return {
        (code, name): source.summary(code, filters).overdue
        for code in AREAS
        for name, filters in chosen.items()
    }


@pytest.mark.parametrize("kind", ["category", "channel"])
def test_a_new_term_is_followed_in_counties_without_it(
    first_cases: Cases, app_engine: Engine, loader_engine: Engine, kind: str
) -> None:
    store = Store(10**8)
    before = Source(app_engine, VIEWER, store)
    terms = {kind: len(before.terms(kind)) for kind in ("category", "channel")}
    asked = (OTHER_COUNTY, TOWNSHIPS["S"])
    overdue_before = overdue_by_term(before)
    used_before = {code: before.heat(code, ALL).used for code in asked}
    at = next(n for n, case in enumerate(first_cases) if case.place == "N1")
    changed = Cases(first_cases)
    changed.append(replace(first_cases[at], number=900, status="resolved", **{kind: "new"}))
    with loading(loader_engine) as connection:
        store_terms(connection, [NewTerm(kind, "new", "新", "new")])
    load_cases(loader_engine, [changed[-1]])
    source = Source(app_engine, VIEWER, store)
    assert len(source.terms(kind)) == terms[kind] + 1
    assert_counted(source, changed)
    for status in ("open", "resolved", "failed"):
        only = replace(ALL, statuses=source.picture.basics.terms.ids("status", [status]))
        for code in AREAS:
            expected = count_cases(changed, code, ALL.days.since, ALL.days.until, status=[status])
            assert source.summary(code, only).total == expected, (code, status)
    assert overdue_by_term(source) == overdue_before
    land = replace(ALL, categories=source.picture.basics.terms.ids("category", ["land"]))
    for code in asked:
        assert source.heat(code, ALL).used == used_before[code] + (code in changed[-1].codes)
        expected = count_cases(changed, code, ALL.days.since, ALL.days.until, category=["land"])
        assert source.heat(code, land).used == expected


def test_figures_follow_when_a_cell_is_merged_into_another(
    first_cases: Cases, app_engine: Engine, loader_engine: Engine
) -> None:
    store = Store(10**8)
    before = Source(app_engine, VIEWER, store).summary(TOWNSHIPS["S"], ALL).total
    areas = province_areas()
    merged = areas[areas["code"].isin([cell_code("S1"), cell_code("S2")])].dissolve()
    cell = areas[areas["code"] == cell_code("S1")].copy()
    cell.geometry = [merged.geometry.iloc[0]]
    hierarchy = load_hierarchy("china")
    with loading(loader_engine) as connection:
        load_boundaries(connection, cell, hierarchy, valid_from=date(2024, 6, 1))
        build_shapes(connection, hierarchy)
    source = Source(app_engine, VIEWER, store)
    assert source.summary(TOWNSHIPS["S"], ALL).total == before
    cells = source.children(TOWNSHIPS["S"], ALL)
    assert list(cells["code"]) == [cell_code("S1")]
    assert list(cells["count"]) == [before]


def test_a_population_is_exact_to_the_last_person(
    app_engine: Engine, loader_engine: Engine
) -> None:
    people = 25_019_831
    areas = province_areas()
    areas.loc[areas["code"] == PROVINCE, ["population", "households"]] = (people, people // 2)
    hierarchy = load_hierarchy("china")
    with loading(loader_engine) as connection:
        load_boundaries(connection, areas, hierarchy, valid_from=date(2020, 1, 1))
        build_shapes(connection, hierarchy)
    found = Source(app_engine, VIEWER, Store(10**8)).area(PROVINCE)
    assert (found.population, found.households) == (people, people // 2)


def test_what_is_read_after_a_load_is_not_taken_for_what_was_before(
    first_cases: Cases, app_engine: Engine, loader_engine: Engine
) -> None:
    store = Store(10**8)
    before = Source(app_engine, VIEWER, store)
    held = before.summary(TOWNSHIPS["E"], ALL)
    changed = Cases([*first_cases, replace(first_cases[0], number=900, place="S1")])
    load_cases(loader_engine, [changed[-1]])
    with pytest.raises(DataMovedError):
        before.summary(TOWNSHIPS["S"], ALL)
    with pytest.raises(DataMovedError):
        before.heat(COUNTY, ALL)
    assert before.summary(TOWNSHIPS["E"], ALL) == held
    assert_counted(Source(app_engine, VIEWER, store), changed)


def test_a_memory_too_small_for_anything_only_costs_time(
    first_cases: Cases, app_engine: Engine
) -> None:
    assert_counted(Source(app_engine, VIEWER, Store(1)), first_cases)


def test_nothing_loaded_yet(app_engine: Engine) -> None:
    with pytest.raises(NotFoundError):
        _ = Source(app_engine, VIEWER, Store(10**6)).picture


def test_areas_without_incidents(loader_engine: Engine, app_engine: Engine) -> None:
    load_world(loader_engine, [])
    source = Source(app_engine, VIEWER, Store(10**6))
    summary = source.summary(PROVINCE, ALL)
    assert summary.total is None
    assert summary.as_of is None
    assert source.coverage() is None
    assert source.children(PROVINCE, ALL)["count"].isna().all()
    assert source.breaks("cell", "rate", ALL).limits == ()
    assert source.heat(PROVINCE, ALL).used == 0
    assert set(source.trend(PROVINCE, ALL).counts) == {None}


def test_nobody_waits_for_a_connection_while_others_wait_for_what_is_made(
    first_cases: Cases, app_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who wait hold connections: with as many of them as there are, none would come free."""
    making: list[object] = []
    taken_while_making: list[object] = []
    original = Store.made

    def noting(self, key, version, make):
        def made(former):
            making.append(key)
            try:
                return make(former)
            finally:
                making.pop()

        return original(self, key, version, made)

    monkeypatch.setattr(Store, "made", noting)
    listener = ("checkout", lambda *_: taken_while_making.extend(making))
    event.listen(app_engine, *listener)
    source = Source(app_engine, VIEWER, Store(10**8))
    assert_counted(source, first_cases)
    source.hot(5, ALL)
    source.emerging(5, ALL)
    source.heat(COUNTY, ALL)
    source.handling(COUNTY, ALL)
    assert taken_while_making == []
