"""Campaigns in the trend's chart: their days, inside the chart, with names that are only names."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dashboard.answers import Trend
from dashboard.figures.campaign_marks import MOST_MARKS, Mark, marked
from dashboard.figures.trend import trend_figure
from dashboard.period import Days
from dashboard.text import text_for

MARCH = tuple(date(2026, 3, day) for day in range(1, 32))
DAILY = Trend("day", MARCH, (1,) * 31, (2,) * 31)
MONTHS = tuple(date(2025 + month // 12, month % 12 + 1, 1) for month in range(10, 14))
MONTHLY = Trend("month", MONTHS, (1,) * 4, (2,) * 4)
"""November to February."""


def days(first: str, last: str) -> Days:
    return Days(date.fromisoformat(first), date.fromisoformat(last) + timedelta(days=1))


def layout(trend: Trend, *marks: Mark) -> dict[str, Any]:
    whole = Days(trend.starts[0], trend.starts[-1] + timedelta(days=1))
    figure = trend_figure(trend, whole, "dark", text_for("en"))
    found: dict[str, Any] = marked(figure, trend, marks, "dark")["layout"]
    return found


def ends(found: dict[str, Any]) -> list[tuple[Any, Any]]:
    return [(shape["x0"], shape["x1"]) for shape in found["shapes"]]


def test_each_day_is_shaded_whole() -> None:
    found = layout(DAILY, Mark(days("2026-03-10", "2026-03-12"), "Wages"))
    assert ends(found) == [("2026-03-09 12:00:00", "2026-03-12 12:00:00")]
    (name,) = found["annotations"]
    assert (name["text"], name["xanchor"]) == ("Wages", "left")


def test_what_is_outside_makes_no_axis_grow() -> None:
    before, over = days("2026-02-01", "2026-02-28"), days("2026-02-01", "2026-04-30")
    assert "shapes" not in layout(DAILY, Mark(before, "x"))
    assert ends(layout(DAILY, Mark(over, "x"))) == [("2026-02-28 12:00:00", "2026-03-31 12:00:00")]
    assert "shapes" not in layout(MONTHLY, Mark(days("2025-10-01", "2025-10-31"), "x"))
    assert "shapes" not in layout(MONTHLY, Mark(days("2026-03-01", "2026-03-31"), "x"))
    assert ends(layout(MONTHLY, Mark(days("2025-01-01", "2026-12-31"), "x"))) == [(-0.5, 3.5)]


def test_part_of_a_month_is_part_of_its_bar() -> None:
    found = layout(MONTHLY, Mark(days("2025-12-01", "2026-01-31"), "x"))
    assert ends(found) == [(0.5, 2.5)]
    ((begin, end),) = ends(layout(MONTHLY, Mark(days("2025-11-16", "2026-02-14"), "x")))
    assert begin == pytest.approx(0.0)
    assert end == pytest.approx(3.0)


def test_names_stay_apart_and_are_no_markup() -> None:
    near = [Mark(days(f"2026-03-{at:02}", "2026-03-31"), f"<b>{at}</b>") for at in (2, 4, 25, 26)]
    found = layout(DAILY, *near)
    assert len(found["shapes"]) == MOST_MARKS
    assert [each["text"] for each in found["annotations"]] == [
        "&lt;b&gt;2&lt;/b&gt;",
        "&lt;b&gt;25&lt;/b&gt;",
    ]
    assert found["annotations"][1]["xanchor"] == "right"
    long = layout(DAILY, Mark(days("2026-03-10", "2026-03-12"), "x" * 80))["annotations"][0]
    assert len(long["text"]) == 14


def test_without_campaigns_the_chart_is_as_before() -> None:
    assert not {"shapes", "annotations"} & layout(DAILY).keys()
