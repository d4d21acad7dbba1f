"""The trend's figure: gaps stay gaps, last year lies behind."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.answers import Trend
from dashboard.figures.trend import trend_figure
from dashboard.text import text_for
from dashboard.theme import tokens

DAYS = (date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3))


def test_last_year_is_drawn_first_and_gaps_are_kept() -> None:
    figure = trend_figure(Trend("day", DAYS, (3, None, 0), (None, 5, 6)), "dark", text_for("en"))
    past, now = figure["data"]
    assert past["y"] == [None, 5, 6]
    assert now["y"] == [3, None, 0]
    assert past["connectgaps"] is now["connectgaps"] is False
    assert past["line"]["color"] == tokens("dark")["ghost"]
    assert now["line"]["color"] == tokens("dark")["series"]
    assert now["x"] == ["2026-01-01", "2026-01-02", "2026-01-03"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_words_come_from_the_catalogue(lang: str) -> None:
    _ = text_for(lang)
    figure = trend_figure(Trend("month", DAYS, (1, 2, 3), (1, 2, 3)), "light", _)
    assert [trace["name"] for trace in figure["data"]] == [
        _("same time last year"),
        _("this period"),
    ]
    assert _("incidents") in figure["data"][0]["hovertemplate"]
    assert figure["layout"]["xaxis"]["tickformat"] == "%Y-%m"


def test_nothing_at_all_has_an_axis_from_zero() -> None:
    figure = trend_figure(Trend("day", DAYS, (0, 0, 0), (None, None, None)), "dark", text_for("en"))
    assert figure["layout"]["yaxis"]["range"] == [0, 1]


def test_a_single_day_is_a_point() -> None:
    figure = trend_figure(Trend("day", DAYS[:1], (4,), (2,)), "dark", text_for("en"))
    assert {trace["mode"] for trace in figure["data"]} == {"markers"}
