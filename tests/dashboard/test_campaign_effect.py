"""How the time around a campaign is cut, and what is counted in each part, day by day."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dashboard.answers import Step
from dashboard.campaigns.campaign import Campaign
from dashboard.campaigns.effect import Effect, effect_of, steps_of
from dashboard.filters import Filters
from dashboard.period import Days
from geo.beforeafter import AFTER, BEFORE, DURING, before_after
from geo.ratios import rate_ratio
from tests.dashboard.made import MadeSource, Place

FIRST = date(2020, 1, 1)
TOP, OWN, OTHER = "620121", "620121101", "620121102"


def days(since: int, until: int) -> Days:
    return Days(FIRST + timedelta(days=since), FIRST + timedelta(days=until))


@settings(max_examples=60)
# Up to 78 weeks around it weeks are weeks; 182 days and as many before and after are 78 of them.
@example(0, 182, -500, 2_000)
@example(0, 183, -500, 2_000)
@example(0, 56, -55, 111)
@example(0, 57, -57, 114)
@given(st.integers(-40, 900), st.integers(1, 900), st.integers(-900, 0), st.integers(1, 1_800))
def test_every_day_around_lies_in_one_step(first: int, length: int, since: int, until: int) -> None:
    own, covered = days(first, first + length), days(since, until)
    steps, phase = steps_of(own, covered)
    around = max(56, length)
    step_days = 7 * math.ceil((2 * around + length) / 7 / 78)
    parts = {
        BEFORE: (first - around, first),
        DURING: (first, first + length),
        AFTER: (first + length, first + length + around),
    }
    assert phase.tolist() == sorted(phase.tolist(), key=[BEFORE, DURING, AFTER].index)
    assert len(phase) == len(steps) <= 78 + 3
    for name, (begin, end) in parts.items():
        cut = [step for step, each in zip(steps, phase, strict=True) if each == name]
        told = [(step.since - FIRST).days + n for step in cut for n in range(len(step))]
        assert told == [*range(max(begin, since), min(end, until))]
        # Only the one farthest from the first day of the phase, or of the campaign, is cut.
        whole = cut[1:] if name == BEFORE else cut[:-1]
        assert {len(step) for step in whole} <= {step_days}
        assert all(0 < len(step) <= step_days for step in cut)


class Sums(MadeSource):
    """A made source that knows the areas above an area, terms, and sums by day."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        terms = SimpleNamespace(
            unknown=lambda _kind, codes: [code for code in codes if code == "gone"],
            ids=lambda kind, codes: frozenset((kind, code) for code in codes),
        )
        self.picture.basics.terms = terms
        self.asked: list[Filters] = []

    def area(self, code: str) -> Any:
        lineage = self.picture.lineage
        path = [self.areas.step(row) for row in lineage.path(lineage.row(code))]
        return SimpleNamespace(parents=tuple(path))

    def tally(self, code: str) -> Any:
        def by_day(filters: Filters) -> tuple[Days, np.ndarray]:
            self.asked.append(filters)
            known = filters.days.clipped(self.coverage() or filters.days)
            each = [known.since + timedelta(days=n) for n in range(len(known))]
            counts = [self.count(code, Days(day, day + timedelta(days=1))) for day in each]
            return known, np.array(counts, np.int64)

        return SimpleNamespace(by_day=by_day)


def campaign(code: str, own: Days, **terms: tuple[str, ...]) -> Campaign:
    chosen = (terms.get("categories", ()), terms.get("channels", ()))
    return Campaign(1, "名", code, *chosen, own, "leader", datetime(2024, 1, 1, tzinfo=UTC), None)


PLACES = [Place("620000", 0), Place("620100", 1, "620000")]
PLACES += [Place(TOP, 2, "620100"), Place(OWN, 3, TOP), Place(OTHER, 3, TOP)]


def effect(source: Sums, code: str, own: Days, **terms: tuple[str, ...]) -> Effect | None:
    return effect_of(source, campaign(code, own, **terms))  # type: ignore[arg-type]


def test_what_is_counted_inside_and_outside() -> None:
    """Before 2 a day, during 6, after 3; around it always 5: 56, 28 and 56 days."""
    source = Sums(PLACES, {OWN: [2] * 100 + [6] * 28 + [3] * 90, OTHER: [5] * 218}, FIRST)
    found = effect(source, OWN, days(100, 128), categories=("wage",), channels=("line",))
    assert found is not None
    course = found.course
    assert [course.days(phase) for phase in (BEFORE, DURING, AFTER)] == [56, 28, 56]
    assert course.total(BEFORE) == (112, 280)
    assert course.total(DURING) == (168, 140)
    assert course.total(AFTER) == (168, 280)
    assert course.inside.tolist() == [14] * 8 + [42] * 4 + [21] * 8
    assert course.outside.tolist() == [35] * 20
    assert isinstance(found.parent, Step)
    assert found.parent.code == TOP
    assert found.against == before_after(course.inside, course.outside, course.phase)
    # 6 a day against 2: three times as many, over 28 and 56 days.
    assert found.plain == rate_ratio(168, 112, 28, 56)
    assert found.plain is not None
    assert found.plain.ratio == pytest.approx(3)
    # A week without any outside is still one that is held against it.
    calm = Sums(PLACES, {OWN: [2] * 184, OTHER: [5] * 120 + [0] * 64}, FIRST)
    held = effect(calm, OWN, days(100, 128))
    assert held is not None
    assert held.against is not None
    for asked in source.asked:
        assert asked.days == days(44, 184)
        assert asked.categories == {("category", "wage")}
        assert asked.channels == {("channel", "line")}


def test_without_days_before_or_an_outside_less_is_said() -> None:
    only = Sums(PLACES, {OWN: [2] * 60, OTHER: [0] * 60}, FIRST)
    inner = effect(only, OWN, days(30, 60))
    assert inner is not None
    # Nothing happened outside: there is nothing to hold it against.
    assert (inner.parent, inner.against) == (None, None)
    assert inner.plain == rate_ratio(60, 60, 30, 30)
    first = effect(only, OWN, days(-10, 30))
    assert first is not None
    assert (first.course.days(BEFORE), first.course.days(DURING), first.plain) == (0, 30, None)
    top = effect(Sums(PLACES, {OWN: [1] * 60, OTHER: [4] * 60}, FIRST), "620000", days(30, 60))
    assert top is not None
    assert (top.parent, top.course.total(DURING)) == (None, (150, 0))
    assert effect(only, OWN, days(60, 90)) is None
    assert effect(only, OWN, days(-9, 0)) is None
    assert effect(only, OWN, days(30, 60), categories=("gone",)) is None
    assert effect(only, OWN, days(30, 60), channels=("gone",)) is None
    assert effect(Sums(PLACES, {}, FIRST), OWN, days(30, 60)) is None
