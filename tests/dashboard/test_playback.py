"""The playback of areas made by hand: how many steps, how many bytes, and which classes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.answers import Breaks
from dashboard.filters import Filters
from dashboard.frames import Frames, count_frames, fits, pack, steps_of, usual_step
from dashboard.period import Days
from dashboard.scales import RateOf, class_breaks
from dashboard.state import PLAY_STEPS
from tests.dashboard.made import MadeSource, Place

FIRST = date(2024, 1, 1)
TOP = "620121"


def days(n: int, first: date = FIRST) -> Days:
    return Days(first, first + timedelta(days=n))


def test_the_usual_step_changes_after_two_months_and_a_year_and_a_half() -> None:
    assert [usual_step(days(n)) for n in (1, 62, 63, 550, 551)] == [
        "day", "day", "week", "week", "month",
    ]  # fmt: skip


@settings(max_examples=40)
@given(st.dates(date(2020, 1, 1), date(2025, 1, 1)), st.integers(1, 400))
def test_steps_follow_each_other_and_are_no_more_than_are_allowed_for(
    first: date, length: int
) -> None:
    for step, shortest in zip(PLAY_STEPS, (1, 7, 28), strict=True):
        steps = steps_of(days(length, first), step)
        played = [each.since + timedelta(days=n) for each in steps for n in range(len(each))]
        assert played == [first + timedelta(days=n) for n in range(length)]
        assert all(len(each) >= shortest for each in steps[1:-1])
        # What fits never holds more figures than it may.
        assert not fits(days(length, first), step, 5_000_000 // len(steps) + 1)


@pytest.mark.parametrize(
    ("length", "step", "areas"),
    [
        # Whole steps and two that are cut: 10, 3, 54 and 14 of them.
        (8, "day", 500_000),
        (1, "day", 1_666_666),
        (365, "week", 92_592),
        (365, "month", 357_142),
        (29, "month", 2_500_000),
        (30, "month", 1_666_666),
    ],
)
def test_five_million_figures_fit(length: int, step: str, areas: int) -> None:
    assert fits(days(length), step, areas)
    assert not fits(days(length), step, areas + 1)


@pytest.mark.parametrize("metric", ["c", "co", "cou", "coun", "count"])
def test_numbers_begin_at_a_multiple_of_four_bytes(metric: str) -> None:
    """Browsers read no number of four bytes from any other place."""
    ends, at, count = (np.array(each, np.uint32) for each in ([0, 1, 3], [4, 0, 4], [7, 1, 2]))
    breaks = Breaks((2.0,), 1.0, 7.0)
    body = pack(Frames((days(1), days(3)), 5, ends, at, count, {metric: breaks}))
    length = int.from_bytes(body[:4], "little")
    head = body[4 : 4 + length]
    assert length % 4 == 0
    assert len(head) - len(head.rstrip(b" ")) <= 3
    assert json.loads(head) == {
        "areas": 5,
        "steps": [["2024-01-01", "2024-01-01"], ["2024-01-01", "2024-01-03"]],
        "scales": {metric: {"limits": [2.0], "lowest": 1.0, "highest": 7.0}},
    }
    assert body[4 + length :] == b"".join(
        number.to_bytes(4, "little") for number in (0, 1, 3, 4, 0, 4, 7, 1, 2)
    )


class MadeTally:
    """Sums of the whole of a made source."""

    def __init__(self, source: MadeSource) -> None:
        self._source, self.picture, self.row = source, source.picture, 0

    def by_feature_and_step(self, layer: int, filters: Filters, starts: list[date]) -> Any:
        ends = [*starts[1:], filters.days.until]
        steps = [Filters(Days(*pair)) for pair in zip(starts, ends, strict=True)]
        counted = [self._source.counts(TOP, layer, each)[1] for each in steps]
        return np.array(counted).reshape(len(starts), -1)


town = st.tuples(
    st.sampled_from([np.nan, 0.0, 900.0, 5_000.0]),
    st.sampled_from([np.nan, 0.0, 300.0, 2_000.0]),
    st.floats(0.5, 40),
    st.lists(st.integers(0, 60), min_size=45, max_size=45),
)


@settings(max_examples=30)
@given(st.lists(town, min_size=1, max_size=5), st.sampled_from(PLAY_STEPS), st.integers(-20, 20))
def test_figures_and_classes_are_those_of_a_plain_recount(
    towns: list[tuple[float, float, float, list[int]]], step: str, shift: int
) -> None:
    codes = [f"{TOP}10{at}" for at in range(1, len(towns) + 1)]
    places = [Place(TOP, 2)] + [
        Place(code, 3, TOP, people, households, km2=km2)
        for code, (people, households, km2, _daily) in zip(codes, towns, strict=True)
    ]
    source = MadeSource(places, {c: t[3] for c, t in zip(codes, towns, strict=True)}, FIRST)
    asked = days(45, FIRST + timedelta(days=shift))
    for per, base in (("people", 0), ("households", 1)):
        found = count_frames(MadeTally(source), 3, Filters(asked), step, RateOf(per))  # type: ignore[arg-type]
        # Only days that have data are played.
        assert found.steps == steps_of(asked.clipped(days(45)), step)
        assert (found.areas, len(found.ends)) == (len(towns), len(found.steps) + 1)
        figures: dict[str, list[float]] = {"count": [], "density": [], "rate": []}
        for at, part in enumerate(found.steps):
            inside = slice(found.ends[at], found.ends[at + 1])
            got = dict(zip(found.at[inside].tolist(), found.count[inside].tolist(), strict=True))
            counts = [source.count(code, part) or 0 for code in codes]
            assert got == {n: count for n, count in enumerate(counts) if count}
            assert list(got) == sorted(got)
            for count, each in zip(counts, towns, strict=True):
                if count:
                    figures["count"].append(count)
                    figures["density"].append(count / each[2])
                    if each[base] > 0 and count >= 20:
                        figures["rate"].append(1_000 * count / each[base])
        for metric, values in figures.items():
            wanted = class_breaks(np.array(values, float), whole=metric == "count")
            assert found.scales[metric].limits == pytest.approx(wanted.limits)
            for name in ("lowest", "highest"):
                limit = getattr(wanted, name)
                known = limit if limit is None else pytest.approx(limit)
                assert getattr(found.scales[metric], name) == known


def test_without_any_data_nothing_is_played() -> None:
    source = MadeSource([Place(TOP, 2), Place(f"{TOP}101", 3, TOP)], {}, FIRST)
    tally = SimpleNamespace(
        picture=source.picture, row=0, by_feature_and_step=lambda *_: np.zeros((0, 1))
    )
    found = count_frames(tally, 3, Filters(days(9)), "day", RateOf())  # type: ignore[arg-type]
    assert (found.steps, found.ends.tolist(), found.count.tolist()) == ((), [0], [])
    assert found.scales["rate"] == Breaks((), None, None)
