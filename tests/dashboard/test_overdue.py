"""What is overdue, at the edges of moments and days; no database."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from dashboard.counts import day_number
from dashboard.overdue import OpenIncidents
from dashboard.period import Days

AS_OF = datetime(2024, 3, 1, 12, tzinfo=UTC)
FIRST, END = date(2024, 2, 1), date(2024, 3, 1)
EVERY = np.array([True, True])


def incident(day: date, deadline: datetime, row: int = 0, combination: int = 0) -> OpenIncidents:
    columns = {
        "day": [day_number(day)],
        "deadline": [int(deadline.timestamp())],
        "row": [row],
        "combination": [combination],
    }
    return OpenIncidents({name: np.array(value) for name, value in columns.items()}, {}, (1, 1, 2))


@pytest.mark.parametrize(
    ("day", "late_s", "overdue"),
    [
        (FIRST, 1, 1),
        (FIRST, 0, 0),
        (FIRST, -1, 0),
        (FIRST - timedelta(days=1), 1, 0),
        (END - timedelta(days=1), 1, 1),
        (END, 1, 0),
    ],
)
def test_a_deadline_is_past_only_before_the_moment(day: date, late_s: int, overdue: int) -> None:
    found = incident(day, AS_OF - timedelta(seconds=late_s))
    assert found.overdue(AS_OF, Days(FIRST, END), EVERY, EVERY) == overdue


def test_what_is_left_out_is_not_overdue() -> None:
    found = incident(FIRST, AS_OF - timedelta(days=1), row=1, combination=1)
    for allowed, inside, overdue in (
        ([True, True], [True, True], 1),
        ([False, True], [False, True], 1),
        ([True, False], [True, True], 0),
        ([True, True], [True, False], 0),
    ):
        chosen = np.array(allowed), np.array(inside)
        assert found.overdue(AS_OF, Days(FIRST, END), *chosen) == overdue
