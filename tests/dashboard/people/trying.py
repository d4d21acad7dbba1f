"""Log-ins tried, and what becomes of them."""

import pytest
from sqlalchemy import Engine

from dashboard.people import entering
from dashboard.people.errors import LogInRefusedError, TooManyAttemptsError
from dashboard.people.limits import SessionLimits
from tests.dashboard.people.conftest import PASSWORD, From

LIMITS = SessionLimits()
WRONG = "wrong"
HOME = From()
ELSEWHERE = From("203.0.113.9")


def enters(gate: Engine, login: str, password: str = PASSWORD, origin: From = HOME) -> str:
    return entering.log_in(gate, login, password, origin, LIMITS).token


def refused(gate: Engine, login: str, password: str = WRONG, origin: From = HOME) -> str:
    with pytest.raises(LogInRefusedError) as refusal:
        enters(gate, login, password, origin)
    return str(refusal.value)


def throttled(gate: Engine, login: str, origin: From = HOME) -> int:
    with pytest.raises(TooManyAttemptsError) as refusal:
        enters(gate, login, PASSWORD, origin)
    return refusal.value.retry_after_s
