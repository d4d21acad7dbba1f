"""The trend of a brief: the period and as much before it, and never one for the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from dashboard.briefing import trend_picture as module
from dashboard.briefing.canvas import Canvas
from dashboard.briefing.course import course
from dashboard.source import Source
from dashboard.visit import Visit
from tests.areas import COUNTY
from tests.dashboard.test_scene import visit
from tests.dashboard.world import FIRST_DAY, LAST_DAY

At = Callable[[str], Visit]


@pytest.fixture
def at(source: Source) -> At:
    """Look at the county over some days."""
    return lambda search: visit(source, f"/map/{COUNTY}", search)


@pytest.mark.parametrize(
    ("search", "before"),
    [("?period=90d", 90), ("?period=7d", 84), ("?from=2024-02-20&to=2024-02-20", 90)],
)
def test_days_before_the_period_are_shown_and_not_tinted(at: At, search: str, before: int) -> None:
    found = course(at(search))
    n = len(found.period)
    assert found.trend.unit == "day"
    assert len(found.trend.starts) == len(found.days) == before + n
    assert found.places(found.period.since, found.period.until).tolist() == [
        before - 0.5,
        before + n - 0.5,
    ]
    total = at(search).source.summary(COUNTY, at(search).filters).total
    assert sum(count or 0 for count in found.trend.counts[before:]) == total
    assert found.expected is not None
    assert set(found.expected.high[:before]) == {None}
    assert None not in found.expected.high[before:]
    assert found.expected.learned.until == found.period.since


def test_months_are_whole_and_the_period_begins_inside_one(at: At) -> None:
    found = course(at("?from=2023-10-16&to=2024-02-20"))
    assert found.trend.unit == "month"
    assert found.days.since.day == 1
    # Ten of the 31 days before the 16th of October: the tint begins between two months.
    first, end = found.places(found.period.since, found.period.until)
    october = [start.strftime("%Y-%m") for start in found.trend.starts].index("2023-10")
    assert first == pytest.approx(october - 0.5 + 15 / 31)
    assert end == len(found.trend.starts) - 0.5
    assert found.cut == (False,) * (len(found.cut) - 1) + (True,)
    # Of October only a part is of the period, so nothing is expected of it, nor learned from it.
    assert found.expected is not None
    assert found.expected.high[october] is None
    assert None not in found.expected.high[october + 1 :]
    assert found.expected.learned.until == found.period.since


def test_a_month_is_cut_only_where_a_day_of_it_is_not_counted(at: At) -> None:
    """To the last day of January, or the last but one; days are never cut."""
    assert not any(course(at("?from=2023-09-01&to=2024-01-31")).cut)
    assert course(at("?from=2023-09-01&to=2024-01-30")).cut[-2:] == (False, True)
    # The data ends on the 5th of March, whatever was asked for.
    assert course(at("?from=2023-09-01&to=2024-03-31")).cut[-2:] == (False, True)
    assert set(course(at("?from=2024-02-02&to=2024-02-20")).cut) == {False}


def test_where_nothing_is_known_before_there_is_nothing(at: At) -> None:
    found = course(at("?period=all"))
    assert found.days == found.period
    assert (found.days.since, found.days.last) == (FIRST_DAY, LAST_DAY)
    assert found.cut[0]
    assert found.expected is None
    early = course(at(f"?from={FIRST_DAY + timedelta(days=3)}&to={FIRST_DAY + timedelta(days=9)}"))
    assert early.days.since == FIRST_DAY
    assert course(at("?from=2010-01-01&to=2010-01-31")).trend.starts == ()


def test_the_tint_of_the_picture_is_the_period(at: At, monkeypatch: pytest.MonkeyPatch) -> None:
    spans: list[tuple[float, float]] = []
    whole: Callable[..., None] = module._ground

    def watched(axes: object, *rest: object) -> None:
        monkeypatch.setattr(
            type(axes), "axvspan", lambda _self, low, high, **_look: spans.append((low, high))
        )
        whole(axes, *rest)

    monkeypatch.setattr(module, "_ground", watched)
    assert b"<svg" in module.trend_picture(at("?period=90d"), "svg", (78.0, 38.0))
    assert spans == [(89.5, 179.5)]


def test_a_single_day_has_room_for_what_is_expected(at: At) -> None:
    found = course(at("?from=2024-02-20&to=2024-02-20"))
    canvas = Canvas(78, 38, "#ffffff")
    axes = canvas.map((8, 5, 60, 30), (-0.5, 0, 91, 10))
    module._expected(axes, found, {"muted": "#888888"})
    (drawn,) = axes.patches
    left, right = np.ptp(drawn.get_path().vertices[:, 0]), 1.0
    assert left == right
