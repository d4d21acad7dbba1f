"""The trend's figure: gaps stay gaps, last year lies behind."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.answers import Trend
from dashboard.figures.trend import trend_figure
from dashboard.period import Days
from dashboard.text import text_for
from dashboard.theme import tokens
from dashboard.timing.answers import Band

PERIOD = Days(date(2026, 1, 1), date(2026, 1, 4))
DAYS = (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3))


def test_last_year_is_drawn_first_and_gaps_are_kept() -> None:
    trend = Trend("day", DAYS, (3, None, 0), (None, 5, 6))
    past, now = trend_figure(trend, PERIOD, "dark", text_for("en"))["data"]
    assert past["y"] == [None, 5, 6]
    assert now["y"] == [3, None, 0]
    assert past["connectgaps"] is now["connectgaps"] is False
    assert past["line"]["color"] == tokens("dark")["ghost"]
    assert now["line"]["color"] == tokens("dark")["series"]
    assert now["x"] == ["2026-01-01", "2026-01-02", "2026-01-03"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_come_from_the_catalogue(lang: str) -> None:
    _ = text_for(lang)
    data = trend_figure(Trend("day", DAYS, (1, 2, 3), (1, 2, 3)), PERIOD, "light", _)["data"]
    assert [trace["name"] for trace in data] == [_("same time last year"), _("this period")]
    assert _("incidents") in data[0]["hovertemplate"]


def test_months_are_bars_and_those_cut_by_the_period_are_faint() -> None:
    trend = Trend(
        "month", (date(2025, 11, 23), date(2025, 12, 1), date(2026, 1, 1)), (1, 9, 2), (2, 8, 3)
    )
    cut = Days(date(2025, 11, 23), date(2026, 1, 12))
    bars, past = trend_figure(trend, cut, "dark", text_for("en"))["data"]
    assert bars["x"] == past["x"] == ["2025-11", "2025-12", "2026-01"]
    assert bars["marker"]["opacity"] == [0.4, 1.0, 0.4]
    assert bars["customdata"] == ["part of the month", "this period", "part of the month"]
    whole = Days(date(2025, 11, 1), date(2026, 2, 1))
    bars = trend_figure(trend, whole, "dark", text_for("en"))["data"][0]
    assert bars["marker"]["opacity"] == [1.0, 1.0, 1.0]


def test_nothing_at_all_has_an_axis_from_zero() -> None:
    trend = Trend("day", DAYS, (0, 0, 0), (None, None, None))
    layout = trend_figure(trend, PERIOD, "dark", text_for("en"))["layout"]
    assert layout["yaxis"]["range"] == [0, 1]


@pytest.mark.parametrize(("most", "ticks"), [(1, {"dtick": 1}), (3, {"dtick": 1}), (40, {})])
def test_no_half_incident_is_marked(most: int, ticks: dict[str, int]) -> None:
    trend = Trend("day", DAYS, (most, None, 0), (None, 0, 1))
    axis = trend_figure(trend, PERIOD, "dark", text_for("en"))["layout"]["yaxis"]
    assert {key: axis[key] for key in axis if key == "dtick"} == ticks
    # What was expected may be more than what came.
    wide = Band((4.0,) * 3, (0.0,) * 3, (9.0,) * 3, PERIOD)
    layout = trend_figure(trend, PERIOD, "dark", text_for("en"), wide)["layout"]
    assert "dtick" not in layout["yaxis"]


def test_few_days_are_marked_one_by_one() -> None:
    trend = Trend("day", DAYS[:1], (4,), (2,))
    axis = trend_figure(trend, PERIOD, "dark", text_for("en"))["layout"]["xaxis"]
    assert axis["tickvals"] == ["2026-01-01"]
    many = tuple(date(2026, 1, 1 + n) for n in range(20))
    trend = Trend("day", many, (1,) * 20, (2,) * 20)
    axis = trend_figure(trend, Days(many[0], date(2026, 1, 21)), "dark", text_for("en"))
    assert "tickvals" not in axis["layout"]["xaxis"]


def test_a_single_day_is_a_point() -> None:
    figure = trend_figure(Trend("day", DAYS[:1], (4,), (2,)), PERIOD, "dark", text_for("en"))
    assert {trace["mode"] for trace in figure["data"]} == {"markers"}
