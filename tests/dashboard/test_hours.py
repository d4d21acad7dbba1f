"""By weekday and hour: the same incidents as everywhere else, at the hours they occurred."""

from collections import defaultdict
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from dashboard.filters import Filters
from dashboard.hours import Hours, WeekHours, _of_county
from dashboard.period import Days
from dashboard.source import Source
from dashboard.state import MapState
from dashboard.store import Store
from dashboard.terms import Terms
from etl.verification import rebuild_rollups
from geo.blocks import HOUR_ENTRY
from geo.database import loading, transaction
from geo.viewer import Viewer
from tests.areas import CITY, CITY_WITHOUT_COUNTIES, COUNTY, PROVINCE, TOWNSHIPS
from tests.dashboard.conftest import PROVINCE_VIEWER, Sources
from tests.dashboard.test_source import ALL_DAYS, AREAS, chosen_terms, days, filters_of
from tests.dashboard.world import Cases, count_cases, drawn_province
from tests.databases import opened
from tests.etl.drawn import NOON, PLACES, incident, load


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=chosen_terms, period=days, code=st.sampled_from(AREAS))
def test_all_that_is_counted_is_in_the_table(
    source: Source,
    cases: Cases,
    terms: dict[str, set[str]],
    period: tuple[date, int],
    code: str,
) -> None:
    since, until = period[0], period[0] + timedelta(days=period[1])
    found = source.hours(code, filters_of(source, Days(since, until), terms))
    assert found.total == count_cases(cases, code, since, until, **terms)
    # Every case occurs at local noon.
    assert found.counts.sum() == found.counts[:, 12].sum()
    by_weekday = np.zeros(7, int)
    for case in cases:
        fits = all(getattr(case, kind) in chosen for kind, chosen in terms.items())
        if fits and code in case.codes and since <= case.day < until:
            by_weekday[case.day.weekday()] += 1
    assert found.counts[:, 12].tolist() == by_weekday.tolist()


def test_weekdays_the_period_does_not_have_are_told_from_those_without_incident(
    source: Source,
) -> None:
    three = source.hours(COUNTY, Filters(Days(date(2024, 1, 1), date(2024, 1, 4))))
    assert three.days.tolist() == [1, 1, 1, 0, 0, 0, 0]
    nothing = source.hours(COUNTY, Filters(Days(date(2030, 1, 1), date(2030, 1, 4))))
    assert nothing.days.sum() == nothing.total == 0


@pytest.mark.parametrize(
    "viewer",
    [
        Viewer("leader", 2, COUNTY),
        Viewer("leader", 2, CITY_WITHOUT_COUNTIES),
        Viewer("leader", 3, TOWNSHIPS["S"]),
    ],
    ids=lambda viewer: viewer.scope_key,
)
def test_a_viewer_counts_what_lies_in_the_own_scope(sources: Sources, viewer: Viewer) -> None:
    own = sources(viewer)
    state = MapState(area=viewer.scope_code)
    found = own.hours(viewer.scope_code, own.filters(state).during(ALL_DAYS))
    whole = sources().hours(viewer.scope_code, Filters(ALL_DAYS))
    assert found.total == whole.total > 0


VIEWERS = (
    PROVINCE_VIEWER,
    Viewer("leader", 1, CITY),
    Viewer("leader", 2, COUNTY),
    Viewer("leader", 2, CITY_WITHOUT_COUNTIES),
    Viewer("leader", 3, TOWNSHIPS["S"]),
)
corrections = st.lists(
    st.builds(
        lambda number, place, days, hours, category: incident(
            number, place, occurred_at=NOON - timedelta(days=days, hours=hours), category=category
        ),
        number=st.integers(0, 25),
        place=st.sampled_from(sorted(set(PLACES) - {"outside"})),
        days=st.integers(0, 70),
        # Also exactly midnight.
        hours=st.sampled_from([0, 12, 12 + 1 / 60, 3.5, -8.75]),
        category=st.sampled_from(["family", "land"]),
    ),
    min_size=1,
    max_size=25,
)


def recounted(engine: Engine, viewer: Viewer, filters: Filters) -> WeekHours:
    """Everything in a viewer's scope, one incident at a time, as the viewer reads it."""
    table = np.zeros((7, 25), np.int64)
    with transaction(engine, viewer) as connection:
        found = connection.execute(text("SELECT occurred_at, category FROM incident")).all()
    for moment, category in found:
        local = moment.astimezone(ZoneInfo("Asia/Shanghai"))
        in_period = filters.days.since <= local.date() < filters.days.until
        if in_period and category in (filters.categories or {category}):
            hour = 24 if local.time() == time() else local.hour
            table[local.weekday(), hour] += 1
    return WeekHours(table[:, :24], table[:, 24], np.zeros(7, np.int64))


def test_hours_stay_those_of_a_recount_when_incidents_are_corrected_and_move(
    server: str, template: str
) -> None:
    """Loads and corrections of place, time and kind pile up; each viewer counts the own rows."""
    with (
        drawn_province(server, template) as database,
        opened(database, "loader") as loader,
        opened(database, "app") as app,
    ):

        @settings(max_examples=12)
        @given(
            batch=corrections,
            since=st.dates(date(2024, 2, 25), date(2024, 5, 10)),
            length=st.integers(1, 80),
            categories=st.frozensets(st.integers(1, 3), max_size=2),
        )
        def agree(
            batch: list[dict[str, object]], since: date, length: int, categories: frozenset[int]
        ) -> None:
            load(loader, batch)
            filters = Filters(Days(since, since + timedelta(days=length)), categories)
            for viewer in VIEWERS:
                source = Source(app, viewer, Store(50_000_000))
                ours = source.hours(viewer.scope_code, filters)
                plain = recounted(app, viewer, filters)
                assert ours.counts.tolist() == plain.counts.tolist()
                assert ours.without_time.tolist() == plain.without_time.tolist()

        agree()


def test_what_is_kept_of_a_county_does_not_grow_with_the_period() -> None:
    """Four years of a county, each hour of each day: no more than a week's, of each kind."""
    draw, terms = np.random.default_rng(8), Terms({}, (3, 2, 3))
    entries = np.zeros(1_461 * 25, HOUR_ENTRY)
    entries["n"] = draw.integers(1, 300, len(entries))
    entries["category"], entries["channel"] = draw.integers(1, 3, len(entries)), 1
    entries["status"] = draw.integers(1, 3, len(entries))
    entries["hour"] = np.tile(np.arange(25), 1_461)
    day = np.repeat(np.arange(19_000, 20_461, dtype=np.int32), 25)
    found = _of_county(4, entries, day, terms)
    # One day at a time there are too few to be put together.
    parts = [_of_county(4, entries[day == each], day[day == each], terms) for each in set(day)]
    assert sum(len(each.row) for each in parts) == len(entries)
    assert len(found.row) == 7 * 25 * 4
    assert table_of([found]) == table_of(parts)


def table_of(parts: list[Hours]) -> dict[tuple[int, ...], int]:
    """The incidents of each row, weekday, hour and combination of terms."""
    sums: dict[tuple[int, ...], int] = defaultdict(int)
    for part in parts:
        columns = (part.row, part.weekday, part.hour, part.combination, part.incidents)
        for *group, incidents in zip(*(column.tolist() for column in columns), strict=True):
            sums[tuple(group)] += incidents
    return sums


def test_a_record_without_a_time_of_day_is_in_no_hour(
    server: str, template: str, cases: Cases
) -> None:
    """A third each: at noon, at a quarter past 23 o'clock, and at exactly midnight; local time."""
    with drawn_province(server, template, cases[:60]) as database:
        with opened(database, "loader") as engine, loading(engine) as connection:
            for rest, clock in ((1, "23:15"), (2, "00:00")):
                connection.execute(
                    text(
                        "UPDATE incident SET occurred_at = (occurred_on + CAST(:clock AS time))"
                        " AT TIME ZONE 'Asia/Shanghai' WHERE incident_id::int % 3 = :rest"
                    ),
                    {"clock": clock, "rest": rest},
                )
            rebuild_rollups(connection)
        with opened(database, "app") as engine:
            source = Source(engine, PROVINCE_VIEWER, Store(50_000_000))
            found = source.hours(PROVINCE, Filters(ALL_DAYS))
    assert found.counts.sum(axis=0)[[0, 12, 23]].tolist() == [0, 20, 20]
    assert found.without_time.sum() == 20
    assert found.total == 60
