"""What two sides have in common, of areas made by hand: places, exposures and series."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from dashboard.comparing.pairs import child_pairs, exposure
from dashboard.comparing.series import overlay
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.scales import RateOf
from tests.dashboard.made import MadeSource, Place

FIRST = date(2021, 1, 1)
TOP = "620121"


def days(since: int, until: int) -> Days:
    return Days(FIRST + timedelta(days=since), FIRST + timedelta(days=until))


def side(source: MadeSource, code: str, asked: Days, metric: str, per: str) -> Any:
    lineage = source.picture.lineage
    people = (source.areas.number(each, lineage.row(code)) for each in ("population", "households"))
    population, households = people
    return SimpleNamespace(
        source=source,
        area=SimpleNamespace(code=code, population=population, households=households),
        days=asked,
        days_with_data=asked.clipped(source.coverage() or asked),
        filters=Filters(asked),
        rate=RateOf(per),
        state=SimpleNamespace(metric=metric, per=per),
    )


def periods(source: MadeSource, now: Days, then: Days, metric: str, per: str = "people") -> Any:
    sides = tuple(side(source, TOP, each, metric, per) for each in (now, then))
    return SimpleNamespace(sides=sides, of_areas=False)


def areas(source: MadeSource, codes: tuple[str, str], asked: Days, per: str) -> Any:
    sides = tuple(side(source, code, asked, "count", per) for code in codes)
    return SimpleNamespace(sides=sides, of_areas=True)


base = st.one_of(st.sampled_from([np.nan, 0.0, 1.0]), st.integers(2, 9_000).map(float))
towns = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 60), base, base, st.floats(0.5, 80)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=50)
@example([(5, 4, 0.0, 0.0, 1.0), (3, 2, 100.0, 50.0, 2.0)], "rate", "people")
@given(
    towns, st.sampled_from(["count", "density", "rate"]), st.sampled_from(["people", "households"])
)
def test_places_are_those_of_the_metric_shown(
    drawn: list[tuple[int, int, float, float, float]], metric: str, per: str
) -> None:
    """Thirty days with all incidents on the first of them, against ten with as many on theirs."""
    codes = [f"{TOP}1{at:02d}" for at in range(1, len(drawn) + 1)]
    table = pd.DataFrame(drawn, codes, ["now", "then", "people", "households", "km2"])
    places = [Place(TOP, 2)] + [
        Place(code, 3, TOP, row.people, row.households, km2=row.km2)
        for code, row in table.iterrows()
    ]
    daily = {code: [row.then] + [0] * 9 + [row.now] + [0] * 29 for code, row in table.iterrows()}
    source = MadeSource(places, daily, FIRST)
    found = child_pairs(periods(source, days(10, 40), days(0, 10), metric, per)).set_index("code")
    assert found["first"].to_dict() == table["now"].to_dict()
    assert found["second"].to_dict() == table["then"].to_dict()
    measure = {"count": 1.0, "density": table["km2"], "rate": table[per].replace(0, np.nan)}[metric]
    for name, column in (("rank", "now"), ("other_rank", "then")):
        shown = table[column] / measure
        for code, value in shown.items():
            place = 1 + (shown > value).sum() if value == value else np.nan
            assert found.loc[code, name] == pytest.approx(place, nan_ok=True)
    moved = found["other_rank"] - found["rank"]
    assert found["moved"].equals(moved)
    # In order of the place now, then of the code; those of no known place at the end.
    order = sorted(codes, key=lambda code: (np.nan_to_num(found.loc[code, "rank"], nan=99), code))
    assert list(found.index) == order
    for code in codes:
        now, then = table.loc[code, ["now", "then"]]
        # A day: 30 days against 10, by the interval of the share of all incidents that are now.
        low = beta.ppf(0.025, now, then + 1) if now else 0.0
        assert found.loc[code, "low"] == pytest.approx(low / (1 - low) * 10 / 30)
        if then:
            assert found.loc[code, "ratio"] == pytest.approx((now / 30) / (then / 10))


def county() -> MadeSource:
    """Two towns: one of 2,000 people with an incident a day, one of 500 with one every tenth."""
    places = [
        Place(TOP, 2, people=2_500, households=900),
        Place("620121101", 3, TOP, 2_000, 800),
        Place("620121102", 3, TOP, 500, 100),
        Place("620121103", 3, TOP, 0, 7),
        Place("620121104", 3, TOP, np.nan, np.nan),
    ]
    daily = {"620121101": [1] * 1_500, "620121102": ([1] + [0] * 9) * 150}
    return MadeSource(places, daily, FIRST)


@pytest.mark.parametrize(
    ("length", "other", "step"),
    [
        (92, 92, 1),
        (93, 92, 7),
        (10, 93, 7),
        # Two years of which one is a leap year, or a day more than any two years.
        (732, 1, 7),
        (733, 1, 28),
        (1, 733, 28),
    ],
)
def test_the_longer_side_says_how_long_a_step_is(length: int, other: int, step: int) -> None:
    found = overlay(periods(county(), days(0, length), days(700, 700 + other), "count"))
    assert found.step_days == step
    assert not found.per_people
    for starts, values, first, n in (
        (found.starts, found.values, 0, length),
        (found.other_starts, found.other_values, 700, other),
    ):
        # What fills no whole step is left out.
        assert [(start - FIRST).days - first for start in starts] == [*range(0, n - step + 1, step)]
        wanted = [
            sum(1 + (day % 10 == 0) for day in range(at, at + step))
            for at in range(first, first + n - step + 1, step)
        ]
        assert list(values) == wanted


def test_a_step_with_a_day_without_data_is_unknown() -> None:
    found = overlay(periods(county(), days(1_400, 1_510), days(-3, 107), "count"))
    # A week has 7 of the one town, and one of the other where a tenth day lies in it.
    weeks = [range(1_400 + 7 * week, 1_407 + 7 * week) for week in range(14)]
    assert list(found.values[:14]) == [7 + any(day % 10 == 0 for day in week) for week in weeks]
    assert found.values[14:] == (None,)
    assert found.other_values[0] is None
    assert None not in found.other_values[1:]


def test_two_areas_are_laid_over_each_other_by_a_thousand_people() -> None:
    source, codes = county(), ("620121101", "620121102")
    found = overlay(areas(source, codes, days(0, 30), "people"))
    assert found.per_people
    # 1 a day of 2,000 is 0.5 of a thousand, and 1 of 500 is 2.
    assert found.values == (0.5,) * 30
    assert found.other_values == ((2.0,) + (0.0,) * 9) * 3
    households = overlay(areas(source, codes, days(0, 30), "households"))
    assert (households.values[0], households.other_values[0]) == (1 / 0.8, 10.0)
    for unknown in ("620121103", "620121104"):
        pairs = ((codes[0], unknown), (unknown, codes[0]))
        for pair in pairs:
            plain = overlay(areas(source, pair, days(0, 30), "people"))
            assert not plain.per_people
            assert {plain.values[0], plain.other_values[0]} == {1, 0}


def test_what_two_sides_are_counted_over() -> None:
    source = county()
    over = exposure(areas(source, ("620121101", "620121104"), days(0, 30), "people"))
    assert (over.first, over.unit, over.is_equal) == (2_000, "people", False)
    assert np.isnan(over.second)
    # Nobody is no number to divide by.
    nobody = exposure(areas(source, ("620121103", "620121101"), days(0, 30), "people"))
    assert np.isnan(nobody.first)
    late = exposure(periods(source, days(1_490, 1_600), days(0, 10), "rate"))
    assert (late.first, late.second, late.unit, late.is_equal) == (10, 10, "days", True)
