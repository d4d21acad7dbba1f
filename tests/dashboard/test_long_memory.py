"""Whatever changes in a long history, what a process remembers of it counts as a recount does."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest
from geopandas import GeoDataFrame
from sqlalchemy import Engine

from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.publishing.source import PublishedSource
from dashboard.source import Source
from dashboard.store import Store
from etl.boundaries import load_boundaries
from etl.incidents import load_incidents
from etl.shapes import build_shapes
from etl.terms import NewTerm, store_terms
from etl.undoing import undo_batch
from etl.verification import rebuild_rollups
from geo.database import loading
from geo.hierarchy import load_hierarchy
from geo.viewer import Viewer
from tests.areas import (
    CITY,
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    TOWNSHIPS,
    province_areas,
)
from tests.dashboard.world import (
    LAST_DAY,
    Case,
    Cases,
    as_frame,
    load_world,
    make_cases,
)

LONG_AGO = date(1992, 2, 29)
FIRST_DAY = date(2018, 12, 20)
LONE_YEAR = 2021
NEW_COUNTY = "990103"
"""What the other county is called after its code changed."""

SPANS = (
    Days(LONG_AGO, LAST_DAY + timedelta(days=1)),
    Days(date(1900, 1, 1), date(2199, 1, 1)),
    Days(date(2019, 1, 1), date(2022, 1, 1)),
    Days(date(2018, 12, 31), date(2024, 2, 29)),
    Days(date(LONE_YEAR, 1, 1), date(LONE_YEAR + 1, 1, 1)),
    Days(date(1992, 1, 1), date(1995, 1, 1)),
)
VIEWERS = (
    Viewer("leader", 0, PROVINCE),
    Viewer("leader", 1, CITY),
    Viewer("leader", 1, CITY_WITHOUT_COUNTIES),
    Viewer("leader", 2, CITY_WITHOUT_COUNTIES),
    Viewer("leader", 2, COUNTY),
    Viewer("leader", 3, TOWNSHIPS["S"]),
    Viewer("leader", 3, TOWNSHIPS["J"]),
)
HIERARCHY = load_hierarchy("china")


@dataclass(frozen=True)
class Moved(Case):
    """An incident after its area went from the other county to one of another code."""

    county: str = NEW_COUNTY

    @property
    def codes(self) -> tuple[str, ...]:
        """The areas it belongs to."""
        return tuple(self.county if code == OTHER_COUNTY else code for code in super().codes)


@dataclass
class World:
    """A database that changes, the incidents it should hold, and memories that outlive changes."""

    app: Engine
    loader: Engine
    cases: Cases
    large: Store
    small: Store

    def load(self, *cases: Case) -> int:
        """Load incidents; the number of their batch."""
        with loading(self.loader) as connection:
            report = load_incidents(connection, [as_frame(cases)], HIERARCHY, source="test")
        assert report.rows_rejected == 0
        assert report.batch_id is not None
        known = {case.number: case for case in [*self.cases, *cases]}
        self.cases = Cases(known.values())
        return report.batch_id

    def redraw(self, areas: GeoDataFrame) -> None:
        """Load a new edition of all areas."""
        with loading(self.loader) as connection:
            load_boundaries(connection, areas, HIERARCHY, valid_from=date(2024, 1, 1))
            build_shapes(connection, HIERARCHY)

    def check(self) -> None:
        """Compare what viewers are told, from what is remembered and what is not, with recounts."""
        for days in SPANS:
            self._check(days, VIEWERS[0], self.small)
            self._check(days, VIEWERS[0], self.large, "land")
            for viewer in VIEWERS:
                self._check(days, viewer, self.large)

        for unit in ("year", "quarter"):
            self._check_published(unit)

    def _check_published(self, unit: str) -> None:
        """Compare what is published from what is remembered with what is from nothing."""
        kept, fresh = (
            PublishedSource(self.app, VIEWERS[0], store) for store in (self.large, Store(0))
        )
        assert kept.offered(unit) == fresh.offered(unit)
        for span in kept.offered(unit)[:20]:
            filters = Filters(span.days)
            for layer in ("county", "township"):
                found, expected = (
                    source.children(PROVINCE, filters, layer)["count"] for source in (kept, fresh)
                )
                np.testing.assert_array_equal(found, expected)

    def _check(self, days: Days, viewer: Viewer, store: Store, *chosen: str) -> None:
        source = Source(self.app, viewer, store)
        filters = Filters(days, source.picture.basics.terms.ids("category", chosen))
        recount = Counter(
            code
            for case in self.cases
            for code in case.codes
            if days.since <= case.day < days.until and (not chosen or case.category in chosen)
        )
        said = (viewer.scope_key, days, chosen)
        has_data = min(case.day for case in self.cases) < days.until
        for layer in source.area(source.home).layers:
            found = source.children(source.home, filters, layer)
            assert found["count"].notna().all() == has_data, said
            known = found.dropna(subset=["count"])
            assert dict(zip(known["code"], known["count"], strict=True)) == {
                code: recount[code] for code in known["code"]
            }, said
        for code in (source.home, *source.children(source.home, filters)["code"]):
            expected = recount[code] if has_data else None
            assert source.summary(code, filters).total == expected, (*said, code)
        if len(days) < 10_000:
            trend = source.trend(source.home, filters)
            assert sum(n or 0 for n in trend.counts) == recount[source.home], said


def moved(case: Case, day: date, number: int | None = None, **changes: str) -> Case:
    """A case on another day; a new one if it takes another number."""
    number = case.number if number is None else number
    return replace(case, day=day, deadline=day + timedelta(9), number=number, **changes)


@pytest.fixture
def world(app_engine: Engine, loader_engine: Engine) -> Iterator[World]:
    cases = make_cases(260, seed=3, first_day=FIRST_DAY)
    # A lone incident long before all others: of the years between nobody knows any.
    cases[0] = replace(moved(cases[0], LONG_AGO), place="E1")
    # And a year in which the other county has none.
    for at, case in enumerate(cases):
        if case.place[0] == "E" and case.day.year == LONE_YEAR:
            cases[at] = moved(case, case.day.replace(year=LONE_YEAR + 1))
    load_world(loader_engine, cases)
    world = World(app_engine, loader_engine, cases, Store(10**8), Store(125_000))
    world.check()
    yield world
    world.check()


def one(cases: Cases, place: str, year: int) -> Case:
    return next(case for case in cases if case.place == place and case.day.year == year)


def test_a_load_of_an_old_year_only(world: World) -> None:
    case = one(world.cases, "N1", 2019)
    world.load(moved(case, date(2020, 2, 29), category="land"), moved(case, case.day, 901))


def test_a_year_that_loses_its_incidents_and_an_undo(world: World) -> None:
    before = Cases(world.cases)
    far = next(case for case in before if case.day == LONG_AGO)
    batch = world.load(moved(far, date(2019, 5, 1)), moved(far, LAST_DAY, 902, place="S1"))
    world.check()
    with loading(world.loader) as connection:
        undo_batch(connection, batch, author="tester")
    world.cases = before
    world.check()
    with loading(world.loader) as connection:
        rebuild_rollups(connection)


def test_a_new_term_while_old_years_are_kept(world: World) -> None:
    with loading(world.loader) as connection:
        store_terms(connection, [NewTerm("category", "new", "新", "new")])
    world.check()
    world.load(moved(world.cases[-1], LAST_DAY, 903, category="new"))
    source = Source(world.app, VIEWERS[0], world.large)
    terms = source.picture.basics.terms
    assert source.summary(PROVINCE, Filters(SPANS[0], terms.ids("category", ["new"]))).total == 1


def test_a_county_that_takes_a_new_code(world: World) -> None:
    areas = province_areas()
    areas.loc[areas["code"] == OTHER_COUNTY, ["code", "name"]] = (NEW_COUNTY, "新县")
    areas.loc[areas["parent_code"] == OTHER_COUNTY, "parent_code"] = NEW_COUNTY
    world.redraw(areas)
    world.cases = Cases(Moved(**vars(case)) for case in world.cases)
    world.check()
    case = one(world.cases, "E1", 2019)
    world.load(moved(case, case.day, 904), moved(case, date(2020, 3, 1), status="failed"))


def test_a_township_that_goes_to_another_county(world: World) -> None:
    """Whose own one is dissolved; also years count in which it had no incident."""
    areas = province_areas()
    areas.loc[areas["parent_code"] == OTHER_COUNTY, "parent_code"] = COUNTY
    both = areas["code"].isin([COUNTY, OTHER_COUNTY])
    areas.loc[areas["code"] == COUNTY, "geometry"] = areas[both].union_all()
    world.redraw(areas[areas["code"] != OTHER_COUNTY])
    world.cases = Cases(Moved(**vars(case), county=COUNTY) for case in world.cases)
    world.check()
    world.load(moved(one(world.cases, "E1", 2019), date(2020, 3, 1), status="failed"))
