"""The playback: each step counts what its own period counts, under classes that stay."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from dashboard import frames as playing
from dashboard.filters import Filters
from dashboard.frames import fits, steps_of, usual_step
from dashboard.period import Days
from dashboard.scales import class_breaks
from dashboard.source import Source
from tests.areas import COUNTY, PROVINCE, cell_code
from tests.dashboard.world import FIRST_DAY, LAST_DAY, Cases, count_cases

Address = Callable[[str, str], str]
ONE_DAY = timedelta(days=1)


def read(body: bytes) -> tuple[dict[str, Any], np.ndarray]:
    """The head, and counts by step and area."""
    (length,) = struct.unpack_from("<I", body)
    head = json.loads(body[4 : 4 + length])
    numbers = np.frombuffer(body, "<u4", offset=4 + length)
    steps = len(head["steps"])
    ends, rest = numbers[: steps + 1], numbers[steps + 1 :]
    at, count = rest.reshape(2, -1)
    found = np.zeros((steps, head["areas"]), int)
    found[np.repeat(np.arange(steps), np.diff(ends)), at] = count
    return head, found


def period_of(step: list[str]) -> tuple[date, date]:
    """First day, and the day after the last one."""
    first, last = (date.fromisoformat(day) for day in step)
    return first, last + ONE_DAY


@pytest.mark.parametrize(("code", "slot"), [(PROVINCE, 1), (PROVINCE, 5), (COUNTY, 3)])
@pytest.mark.parametrize("step", ["day", "week", "month"])
def test_every_step_counts_what_its_period_counts(
    client: FlaskClient, address: Address, code: str, slot: int, step: str
) -> None:
    query = "from=2023-11-15&to=2024-01-31&category=family,land"
    head, found = read(client.get(address("frames", f"{slot}/{code}.bin?{query}&step={step}")).data)
    periods = [period_of(each) for each in head["steps"]]
    assert periods[0][0] == date(2023, 11, 15)
    assert periods[-1][1] == date(2024, 2, 1)
    assert all(before[1] == after[0] for before, after in pairwise(periods))
    assert found.sum() > 0
    for (since, until), counts in list(zip(periods, found, strict=True))[::5]:
        days = f"from={since}&to={until - ONE_DAY}&category=family,land"
        body = client.get(address("values", f"{slot}/{code}.bin?{days}")).data
        assert np.array_equal(np.frombuffer(body, "<u4", offset=4), counts)


def test_a_recount_finds_the_same(client: FlaskClient, address: Address, cases: Cases) -> None:
    query = f"from={FIRST_DAY}&to={LAST_DAY}&step=month"
    head, found = read(client.get(address("frames", f"5/{PROVINCE}.bin?{query}")).data)
    for step, counts in zip(head["steps"], found, strict=True):
        since, until = period_of(step)
        # The special area has no cells and stands in for one.
        assert counts.sum() == count_cases(cases, PROVINCE, since, until)


def test_weeks_begin_on_monday_and_months_on_the_first_but_for_the_ends() -> None:
    days = Days(date(2024, 2, 14), date(2024, 3, 20))
    weeks = steps_of(days, "week")
    assert [len(week) for week in weeks] == [5, 7, 7, 7, 7, 2]
    assert all(week.since.weekday() == 0 for week in weeks[1:])
    assert steps_of(days, "month") == (
        Days(date(2024, 2, 14), date(2024, 3, 1)),
        Days(date(2024, 3, 1), date(2024, 3, 20)),
    )
    assert len(steps_of(days, "day")) == 35
    assert steps_of(Days(days.since, days.since), "day") == ()


def test_classes_are_those_of_all_figures_of_all_steps(source: Source) -> None:
    filters = Filters(Days(FIRST_DAY, LAST_DAY + ONE_DAY))
    found = source.frames(PROVINCE, 5, filters, "week")
    assert found.scales["count"] == class_breaks(found.count.astype(float), whole=True)
    lineage = source.picture.lineage
    rows = lineage.features(5, lineage.row(PROVINCE))[found.at]
    per_km2 = found.count / lineage.numbers("area_km2")[rows]
    assert found.scales["density"] == class_breaks(per_km2, whole=False)


def test_days_beyond_the_data_are_not_played(client: FlaskClient, address: Address) -> None:
    url = address("frames", f"5/{COUNTY}.bin?from=2024-02-20&to=2024-06-30&step=week")
    head, _ = read(client.get(url).data)
    assert head["steps"][-1][1] == LAST_DAY.isoformat()
    head, found = read(
        client.get(address("frames", f"5/{COUNTY}.bin?from=2030-01-01&to=2030-02-01")).data
    )
    assert head["steps"] == []
    assert found.shape == (0, 4)
    assert head["scales"]["count"]["limits"] == []


def test_an_area_without_anything_smaller_plays_itself(
    client: FlaskClient, address: Address
) -> None:
    query = f"from={FIRST_DAY}&to={LAST_DAY}&step=month"
    head, found = read(client.get(address("frames", f"5/{cell_code('S1')}.bin?{query}")).data)
    assert head["areas"] == 1
    assert found.sum() > 0


@pytest.mark.parametrize(
    ("more", "words"),
    [("&step=hour", "'step' must be one of day, week, month"), ("&per=cats", "'per' must be one")],
)
def test_what_is_not_understood_is_refused(
    client: FlaskClient, address: Address, more: str, words: str
) -> None:
    query = f"from={FIRST_DAY}&to={LAST_DAY}{more}"
    answer = client.get(address("frames", f"5/{COUNTY}.bin?{query}"))
    assert answer.status_code == 400
    assert words in answer.get_data(as_text=True)


def test_too_many_figures_are_refused_with_a_way_out(
    client: FlaskClient, address: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playing, "MAX_FIGURES", 100)
    query = f"from={FIRST_DAY}&to={LAST_DAY}"
    answer = client.get(address("frames", f"5/{COUNTY}.bin?{query}&step=day"))
    assert answer.status_code == 400
    assert "choose a longer step, a shorter period or a coarser level" in answer.get_data(
        as_text=True
    )
    assert client.get(address("frames", f"5/{COUNTY}.bin?{query}&step=month")).status_code == 200


def test_the_usual_step_gives_some_dozens_of_frames() -> None:
    def days(n: int) -> Days:
        return Days(date(2024, 1, 1), date(2024, 1, 1) + timedelta(days=n))

    assert [usual_step(days(n)) for n in (7, 62, 90, 365, 1100)] == [
        "day", "day", "week", "week", "month",
    ]  # fmt: skip
    assert fits(days(365), "week", 90_000)
    assert not fits(days(365), "day", 90_000)
