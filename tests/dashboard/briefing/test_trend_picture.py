"""The drawing of a trend, measured: ink and labels lie where the numbers say."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle, StepPatch

from dashboard.answers import Trend
from dashboard.briefing import trend_picture as module
from dashboard.briefing.canvas import Canvas, width_mm
from dashboard.briefing.course import Course
from dashboard.period import Days
from dashboard.theme import tokens
from dashboard.timing.answers import Band

FIRST = date(2024, 1, 1)
BOX = (8.0, 5.0, 69.0, 31.5)
TOKEN = tokens("light")
Counts = list[int | None]


def of_days(counts: Counts, expected: Band | None = None, tinted: int = 1) -> Course:
    starts = tuple(FIRST + timedelta(days=n) for n in range(len(counts)))
    until = FIRST + timedelta(days=len(counts))
    period = Days(until - timedelta(days=tinted), until)
    trend = Trend("day", starts, tuple(counts), (None,) * len(counts))
    return Course(Days(FIRST, until), period, trend, expected)


def of_months(counts: Counts, first_day: int, until: date) -> Course:
    """Months from January 2024 on, of which the first begins on a day of its own."""
    starts = tuple(date(2024 + n // 12, n % 12 + 1, 1) for n in range(len(counts)))
    starts = (starts[0].replace(day=first_day), *starts[1:])
    days = Days(starts[0], until)
    return Course(days, days, Trend("month", starts, tuple(counts), (None,) * len(counts)), None)


def drawn(found: Course) -> tuple[Canvas, Axes]:
    canvas = Canvas(78, 38, "#ffffff")
    module._draw(canvas, BOX, found)
    _sheet, axes = canvas.figure.axes
    return canvas, axes


def labels(canvas: Canvas) -> tuple[dict[str, float], dict[str, float]]:
    """Heights of the numbers at the left, and the middles of the dates below; millimetres."""
    texts = canvas.sheet.texts
    left = {each.get_text(): each.get_position()[1] for each in texts if each.get_ha() == "right"}
    assert all(0 < each.get_position()[0] < BOX[0] for each in texts if each.get_ha() == "right")
    below = {each.get_text(): each.get_position()[0] for each in texts if each.get_ha() == "center"}
    return left, below


def on_sheet(canvas: Canvas, axes: Axes, x: float, y: float) -> tuple[float, float]:
    """Where a point of the drawing lies on the paper, in millimetres."""
    at = canvas.sheet.transData.inverted().transform(axes.transData.transform((x, y)))
    return float(at[0]), float(at[1])


@settings(max_examples=40)
@given(st.lists(st.one_of(st.none(), st.integers(0, 90_000)), min_size=1, max_size=130))
def test_a_line_goes_through_every_count_and_labels_stand_beside_theirs(counts: Counts) -> None:
    canvas, axes = drawn(of_days(counts))
    (line,) = axes.lines
    known = np.array([np.nan if count is None else count for count in counts])
    assert line.get_xdata().tolist() == [*range(len(counts))]
    assert np.array_equal(line.get_ydata(), known, equal_nan=True)
    assert (line.get_marker() == "o") == (len(counts) <= 100)
    left, below = labels(canvas)
    # Nothing is drawn above the sheet's window, and the highest count nearly fills it.
    highest = max([1, *(count for count in counts if count is not None)])
    assert axes.get_ylim() == pytest.approx((0, 1.08 * highest))
    assert 2 <= len(left) <= 5
    for words, height in left.items():
        value = int(words.replace(",", ""))
        assert 0 <= value <= 1.08 * highest
        assert height == pytest.approx(on_sheet(canvas, axes, 0, value)[1])
    assert "0" in left
    for words, middle in below.items():
        day = next(n for n in range(len(counts)) if f"{FIRST + timedelta(days=n):%m-%d}" == words)
        assert middle == pytest.approx(on_sheet(canvas, axes, day, 0)[0])
        assert middle + width_mm(words, 6.5) / 2 <= 78
    assert 1 <= len(below) <= 9
    assert f"{FIRST:%m-%d}" in below
    (rule,) = canvas.sheet.collections
    ends = [tuple(end) for end in rule.get_segments()[0]]
    assert ends == [(BOX[0], BOX[1]), (BOX[0] + BOX[2], BOX[1])]
    # The box holds half a day more than the first and the last one at either side.
    assert on_sheet(canvas, axes, -0.5, 0)[0] == pytest.approx(BOX[0])
    assert on_sheet(canvas, axes, len(counts) - 0.5, 0)[0] == pytest.approx(BOX[0] + BOX[2])


@pytest.mark.parametrize(("n", "dots"), [(100, "o"), (101, "")])
def test_a_hundred_days_have_a_dot_each(n: int, dots: str) -> None:
    (line,) = drawn(of_days([1] * n))[1].lines
    assert line.get_marker() == dots


@pytest.mark.parametrize("size_mm", [(78.0, 38.0), (160.0, 50.0)])
def test_the_drawing_leaves_room_for_its_labels_and_none_beyond(
    monkeypatch: pytest.MonkeyPatch, size_mm: tuple[float, float]
) -> None:
    boxes = []
    monkeypatch.setattr(module, "course", lambda _visit: of_days([5]))
    monkeypatch.setattr(module, "_draw", lambda _canvas, box, _found: boxes.append(box))
    visit: Any = SimpleNamespace(text=str)
    assert b"<svg" in module.trend_picture(visit, "svg", size_mm)
    ((left, bottom, width, height),) = boxes
    # Numbers of four digits at the left, a line of words below, hardly anything at the others.
    assert width_mm("9,999", 6.5) < left < 0.15 * size_mm[0]
    assert 6.5 / 72 * 25.4 < bottom < 0.2 * size_mm[1]
    assert size_mm[0] - 2 < left + width < size_mm[0]
    assert size_mm[1] - 2 < bottom + height < size_mm[1]


@pytest.mark.parametrize(
    ("first_day", "until", "faint"),
    [
        (1, date(2024, 5, 1), []),
        (2, date(2024, 5, 1), [0]),
        (1, date(2024, 4, 30), [3]),
        (16, date(2024, 4, 2), [0, 3]),
    ],
)
def test_months_counted_in_part_are_faint(first_day: int, until: date, faint: list[int]) -> None:
    canvas, axes = drawn(of_months([31, None, 0, 12], first_day, until))
    bars = [
        each
        for each in axes.patches
        if isinstance(each, Rectangle) and each.get_facecolor()[:3] == _rgb(TOKEN["series"])
    ]
    heights = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in bars}
    assert heights == {0: 31, 1: 0, 2: 0, 3: 12}
    pale = {round(bar.get_x() + 0.25) for bar in bars if bar.get_facecolor()[3] < 1}
    assert sorted(pale) == faint
    assert {bar.get_width() for bar in bars} == {0.5}
    assert list(labels(canvas)[1]) == ["2024-01", "2024-02", "2024-03", "2024-04"]


def _rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))


def test_what_was_expected_is_drawn_where_it_is_known() -> None:
    """Of the last two of four days: between 2 and 9, and between 3 and 40."""
    band = Band((None, None, 5.0, 20.0), (None, None, 2.0, 3.0), (None, None, 9.0, 40.0),
                Days(date(2023, 1, 1), FIRST))  # fmt: skip
    canvas, axes = drawn(of_days([1, 7, 5, 6], band, tinted=2))
    (steps,) = [each for each in axes.patches if isinstance(each, StepPatch)]
    assert steps.get_fill()
    values, edges, baseline = steps.get_data()
    assert values.tolist()[2:] == [9, 40]
    assert baseline.tolist()[2:] == [2, 3]
    assert np.isnan(values[:2]).all()
    assert edges.tolist() == [-0.5, 0.5, 1.5, 2.5, 3.5]
    # It has room although no count is as high.
    assert axes.get_ylim()[1] == pytest.approx(1.08 * 40)
    (tint,) = [
        each
        for each in axes.patches
        if isinstance(each, Rectangle) and each.get_facecolor()[:3] == _rgb(TOKEN["ramp-1"])
    ]
    assert (tint.get_x(), tint.get_width()) == (1.5, 2.0)
    assert canvas.width_mm == 78


def test_where_no_day_has_data_only_the_ground_is_drawn() -> None:
    _canvas, axes = drawn(of_days([]))
    assert [*axes.lines, *axes.patches] == []
    assert axes.get_ylim() == pytest.approx((0, 1.08))
    canvas, axes = drawn(of_days([None, 0, None]))
    assert set(labels(canvas)[0]) == {"0", "1"}
    assert len(axes.lines) == 1
