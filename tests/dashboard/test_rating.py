"""Rates in words, each number worked out by hand; what a map is told of its rates."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.rating import layer_prior, rate_of_map, rate_sentence
from dashboard.scales import RateOf
from dashboard.text import text_for
from geo.rates import Prior
from tests.dashboard.made import MadeSource, Place

FIRST = date(2024, 1, 1)
EN, ZH = text_for("en"), text_for("zh")
PEOPLE, HOUSEHOLDS = RateOf("people"), RateOf("households")


def test_a_rate_is_said_with_its_exact_interval() -> None:
    """25 incidents: between 16.18 and 36.90 lie behind them (Garwood 1936, table of 25)."""
    assert rate_sentence(25, 10_000, None, PEOPLE, EN) == (
        "2.50 per 1,000 people, 95% interval 1.62 to 3.69: 25 incidents among 10,000 people."
    )
    assert rate_sentence(25, 10_000, None, HOUSEHOLDS, EN) == (
        "2.50 per 1,000 households, 95% interval 1.62 to 3.69: 25 incidents among 10,000"
        " households."
    )
    # Of one person the rate is a thousand of a thousand.
    assert rate_sentence(1, 1, None, PEOPLE, EN).startswith("1,000.00 per 1,000 people, 95%")
    # None seen: up to 3.69 of 1,000 people.
    assert "0.00 per 1,000 people, 95% interval 0.00 to 3.69: 0" in rate_sentence(
        0, 1_000, None, PEOPLE, EN
    )


@pytest.mark.parametrize(("count", "few"), [(0, True), (19, True), (20, False), (21, False)])
def test_fewer_than_twenty_are_too_few_to_judge(count: int, *, few: bool) -> None:
    english = rate_sentence(count, 10_000, None, PEOPLE, EN)
    assert english.endswith(" people. Too few to judge: it takes 20 incidents.") == few
    assert english.endswith(" people.") != few
    chinese = rate_sentence(count, 10_000, None, PEOPLE, ZH)
    assert ("20" in chinese.rpartition("。")[0].partition("。")[2]) == few
    assert " 。" not in chinese and "。 " not in chinese  # noqa: PT018


def test_a_smoothed_rate_says_what_it_was_drawn_to() -> None:
    """5 of 1,000 people, 2 of 1,000 overall.

    Chance spreads the rates of 1,000 people by 0.002 / 1,000 = 2 millionths, areas differ by 1
    millionth more: a third of the difference of 3 is the area's own.
    """
    prior = Prior(overall=0.002, variance=1e-6)
    said = rate_sentence(5, 1_000, prior, PEOPLE, EN)
    assert said.startswith("Smoothed 3.00, drawn towards 2.00 overall. 5.00 per 1,000 people, 95%")
    assert said.endswith(": 5 incidents among 1,000 people.")
    assert "。 " not in rate_sentence(5, 1_000, prior, PEOPLE, ZH)


@pytest.mark.parametrize("people", [np.nan, 0.0])
def test_without_people_there_is_no_rate(people: float) -> None:
    assert rate_sentence(5, people, None, PEOPLE, EN) == "No rate: population unknown."
    assert rate_sentence(5, people, None, HOUSEHOLDS, EN) == "No rate: households unknown."
    assert rate_sentence(None, people, None, PEOPLE, EN) == "No data for this period here."


@pytest.mark.parametrize(
    ("per", "smooth", "name"),
    [
        ("people", False, "Rate"),
        ("people", True, "Rate, smoothed"),
        ("households", False, "Rate per household"),
        ("households", True, "Rate per household, smoothed"),
    ],
)
def test_a_map_is_told_the_rate_it_shows(per: str, name: str, *, smooth: bool) -> None:
    """Of the whole scope, wherever one looks.

    40 incidents of 20,000 people are 2 of 1,000. The two rates of 3 and 1 are 1 millionth away
    from it in the square; chance spreads rates of 10,000 by 0.2 millionths: 0.8 are left. There
    are half as many households, so twice the rates: 4 millionths, and chance spreads by 0.8.
    """
    city, counties = "620100", ("620121", "620122")
    places = [Place(city, 1)] + [Place(code, 2, city, 10_000, 5_000) for code in counties]
    source = MadeSource(places, {counties[0]: [30], counties[1]: [10]}, FIRST)
    days = Days(FIRST, FIRST + timedelta(days=1))

    def looking(at: Days) -> Any:
        return SimpleNamespace(
            source=source,
            layer=SimpleNamespace(slot=2),
            area=SimpleNamespace(code=counties[0]),
            filters=Filters(at),
            rate=RateOf(per, smooth),
            text=EN,
        )

    found = rate_of_map(looking(days))
    assert found["name"] == name
    assert (found["unit"], found["few"]) == (f"per 1,000 {per}", 20)
    assert (found["base"], found["of"]) == (("population" if per == "people" else per), per)
    assert found["tooFew"] == "too few to judge (under 20 incidents)"
    overall, variance = (0.002, 0.8e-6) if per == "people" else (0.004, 3.2e-6)
    prior = layer_prior(looking(days))
    assert (prior and prior.overall) == pytest.approx(overall)
    if smooth:
        assert found["smooth"] == {
            "overall": pytest.approx(overall),
            "variance": pytest.approx(variance),
        }
        assert found["note"] == f"Drawn towards the overall rate, {1_000 * overall:.2f}."
    else:
        assert (found["smooth"], found["note"]) == (None, None)
    without = rate_of_map(looking(Days(date(2030, 1, 1), date(2030, 1, 2))))
    assert (without["smooth"], without["note"]) == (None, None)
    assert layer_prior(looking(Days(date(2030, 1, 1), date(2030, 1, 2)))) is None
