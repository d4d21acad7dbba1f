"""Spots of the drawn province: compared over the whole scope, kept by version and scope."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from esda.getisord import G_Local
from geopandas import GeoSeries
from libpysal.graph import Graph
from sqlalchemy import text

from dashboard.errors import DataMovedError
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.signals.answers import NO_DATA
from dashboard.source import Source
from dashboard.store import Store
from geo.excess import expected, standardised
from geo.viewer import Viewer
from tests.areas import COUNTY, PROVINCE, TOWNSHIPS, cell_code, province_areas
from tests.dashboard.conftest import Sources
from tests.dashboard.world import FIRST_DAY, LAST_DAY, Cases, count_cases, drawn_province
from tests.databases import opened

CELL = 5
ALL = Filters(Days(date(2023, 2, 10), date(2024, 3, 6)))


def codes(source: Source, rows: np.ndarray) -> list[str]:
    return [source.picture.lineage.text("code", int(row)) or "" for row in rows]


def test_scores_equal_the_reference_on_counts_by_hand(source: Source, cases: Cases) -> None:
    found = source.hot(CELL, ALL)
    areas = province_areas().set_index("code")
    known = found.classes != NO_DATA
    names = codes(source, found.rows[known])
    assert sorted(names) == sorted(cell_code(name) for name in _cells())
    counts = np.array([count_cases(cases, code, FIRST_DAY, date(2024, 3, 6)) for code in names])
    people = areas["population"].astype(float)[names].to_numpy()
    shapes = GeoSeries(areas.geometry[names].to_numpy())
    graph = Graph.build_contiguity(shapes, rook=False).assign_self_weight()
    values = standardised(counts[:, None], expected(counts[:, None], people, np.ones(1)))[:, 0]
    # The reference divides by the sum of its values: only their differences count for scores.
    reference = G_Local(values - values.min() + 1, graph, transform="B", star=True, permutations=0)
    assert found.z[known] == pytest.approx(np.asarray(reference.Zs))
    assert (found.around.neighbours[known] == np.asarray(graph.cardinalities) - 1).all()


def test_an_area_has_the_same_class_wherever_one_drills_to(sources: Sources) -> None:
    source = sources()
    lineage = source.picture.lineage
    for find in (source.hot, source.emerging):
        whole = find(CELL, ALL)
        inside = lineage.features(CELL, lineage.row(COUNTY))
        assert codes(source, whole.rows[whole.at(inside)]) == codes(source, inside)
        assert find(CELL, ALL) is whole, "found once for a version of the data"


def test_a_county_is_compared_with_itself_alone(sources: Sources) -> None:
    province, county = sources(), sources(Viewer("leader", 2, COUNTY))
    township = sources(Viewer("leader", 3, TOWNSHIPS["S"]))
    assert county.hot(CELL, ALL).tests == 4
    assert township.hot(CELL, ALL).tests == 2
    assert province.hot(CELL, ALL).tests == 8
    assert county.emerging(CELL, ALL).z.shape == (4,)


def test_spots_emerge_over_months_up_to_the_end_of_the_period(source: Source) -> None:
    everything = source.emerging(CELL, ALL)
    assert len(everything.steps) == 12
    assert everything.steps[-1].until == LAST_DAY + (date(2024, 3, 6) - date(2024, 3, 5))
    week = ALL.during(Days(date(2024, 2, 20), date(2024, 2, 27)))
    assert source.emerging(CELL, week).steps[-1].until == date(2024, 2, 27)
    early = source.emerging(CELL, ALL.during(Days(date(2023, 2, 10), date(2023, 8, 1))))
    assert early.steps == ()
    assert set(early.classes) == {NO_DATA}
    before = source.hot(CELL, ALL.during(Days(date(2022, 1, 1), date(2022, 2, 1))))
    assert before.days is None
    assert set(before.classes) == {NO_DATA}


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        # Ten whole months from the first day of data on, and a day less.
        (date(2023, 11, 1), date(2023, 12, 9), 10),
        (date(2023, 11, 1), date(2023, 12, 8), 0),
        (date(2024, 3, 5), date(2030, 1, 1), 12),
        (date(2024, 3, 6), date(2030, 1, 1), 0),
        (date(2022, 1, 1), date(2023, 2, 9), 0),
    ],
)
def test_months_end_with_the_period_where_it_has_data(
    source: Source, first: date, last: date, months: int
) -> None:
    days = Days(first, last + timedelta(days=1))
    steps = source.months(days)
    assert len(steps) == months
    found = source.emerging(CELL, ALL.during(days))
    assert found.steps == steps
    if steps:
        assert steps[-1].until == min(days.until, date(2024, 3, 6))
        assert steps[0].since >= FIRST_DAY
    else:
        assert (set(found.classes), found.days) == ({NO_DATA}, None)


def test_what_is_kept_of_one_end_is_not_said_of_another(source: Source) -> None:
    """Both begin on the first day of data."""
    ends = (date(2023, 12, 10), date(2024, 2, 10))
    found = [source.emerging(CELL, ALL.during(Days(FIRST_DAY, end))) for end in ends]
    assert [each.steps[0].since for each in found] == [FIRST_DAY, FIRST_DAY]
    assert [each.days for each in found] == [Days(FIRST_DAY, end) for end in ends]


def test_areas_read_later_than_the_picture_are_not_mixed_with_it(source: Source) -> None:
    newer = replace(source.revisions, area=source.revisions.area + 1)
    source.__dict__["picture"] = replace(source.picture, revisions=newer)
    with pytest.raises(DataMovedError):
        source.hot(CELL, ALL)


def test_households_are_another_expectation(server: str, template: str, cases: Cases) -> None:
    """Ten times the households in one cell, and as many people: fewer incidents a household."""
    with drawn_province(server, template, cases) as settings:
        with opened(settings, "admin") as engine, engine.begin() as connection:
            more = "UPDATE gridboard.area SET households = 10 * households WHERE code = :code"
            connection.execute(text(more), {"code": cell_code("N2")})
        with opened(settings, "app") as engine:
            source = Source(engine, Viewer("leader", 0, PROVINCE), Store(50_000_000))
            by_people, by_households = (
                source.hot(CELL, ALL, per) for per in ("people", "households")
            )
    names = codes(source, by_people.rows)
    people = dict.fromkeys(map(cell_code, _cells()), 1200.0)
    households = dict.fromkeys(people, 400.0) | {cell_code("N2"): 4_000.0}
    counts = {code: count_cases(cases, code, FIRST_DAY, date(2024, 3, 6)) for code in people}
    for found, base in ((by_people, people), (by_households, households)):
        shares = {code: base[code] / sum(base.values()) * sum(counts.values()) for code in base}
        # S1 touches S2, N1 and N2.
        around = [cell_code(name) for name in ("S1", "S2", "N1", "N2")]
        at = names.index(around[0])
        assert found.around.expected[at] == pytest.approx(sum(shares[code] for code in around))
        assert found.around.observed[at] == sum(counts[code] for code in around)


def _cells() -> tuple[str, ...]:
    return ("S1", "S2", "N1", "N2", "E1", "E2", "J1", "J2")
