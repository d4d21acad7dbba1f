"""How often log-ins may fail, and how many passwords are looked at at a time."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine, text

from dashboard.people import entering, passwords, throttle
from dashboard.people.errors import (
    LogInRefusedError,
    TooManyAttemptsError,
)
from dashboard.people.invitations import reset
from geo.database import administering
from tests.areas import COUNTY
from tests.dashboard.people.conftest import From, People
from tests.dashboard.people.trying import ELSEWHERE, HOME, LIMITS, enters, refused, throttled
from tests.dashboard.visitors import BY
from tests.waiting import until


def test_five_failures_from_an_address_and_it_must_wait(
    gate: Engine, people: People, later
) -> None:
    login, other = people(f"county:{COUNTY}").login, people(f"planner@county:{COUNTY}").login
    for _ in range(throttle.PAIR_MOST):
        refused(gate, login)
    assert throttle.WINDOW_S - 60 < throttled(gate, login) <= throttle.WINDOW_S
    assert throttled(gate, login.upper()), "however it is typed"
    assert enters(gate, other), "others from there come in"
    assert enters(gate, login, origin=ELSEWHERE), "and so does it from elsewhere"
    later("16 minutes")
    assert enters(gate, login)


def test_unknown_logins_wait_as_known_ones_do(gate: Engine, owner: Engine) -> None:
    for _ in range(throttle.PAIR_MOST):
        refused(gate, "nobody")
    assert throttled(gate, "nobody") > 0


def test_coming_in_forgives(gate: Engine, people: People) -> None:
    login = people(f"county:{COUNTY}").login
    for _ in range(3):
        for _ in range(throttle.PAIR_MOST - 1):
            refused(gate, login)
        assert enters(gate, login)


def test_a_password_set_by_a_link_forgives(gate: Engine, owner: Engine, people: People) -> None:
    account = people(f"county:{COUNTY}")
    for _ in range(throttle.PAIR_MOST):
        refused(gate, account.login)
    with administering(owner) as connection:
        token = reset(connection, account, BY)
    entering.redeem(gate, token, "another good one 7", HOME, LIMITS)
    assert enters(gate, account.login, "another good one 7")


def test_an_address_that_tries_many_logins_must_wait(
    gate: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "ADDRESS_MOST", 7)
    login = people(f"county:{COUNTY}").login
    for number in range(7):
        refused(gate, f"guess-{number}")
    assert throttled(gate, login) > 0
    assert enters(gate, login, origin=ELSEWHERE)


def test_strangers_at_an_address_do_not_lock_out_who_is_used_to_it(
    gate: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "ADDRESS_MOST", 7)
    wall = people(f"wall@county:{COUNTY}").login
    assert enters(gate, wall)
    for number in range(7):
        refused(gate, f"guess-{number}")
    assert throttled(gate, "guess-8") > 0
    assert enters(gate, wall)


def test_the_failure_after_which_one_must_wait_says_so(gate: Engine, people: People, audit) -> None:
    login = people(f"county:{COUNTY}").login
    for tried in (login, "nobody"):
        for _ in range(throttle.PAIR_MOST):
            refused(gate, tried)
        throttled(gate, tried)
        details = [line[3] for line in audit() if line[1] == "log_in_failed"][-throttle.PAIR_MOST :]
        assert [detail.get("reason") for detail in details] == [None] * 4 + ["throttled"]


def test_nobody_can_lock_out_a_wall(
    gate: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "LOGIN_MOST", 6)
    wall = people(f"wall@county:{COUNTY}").login
    assert enters(gate, wall)
    for number in range(6):
        refused(gate, wall, origin=From(f"203.0.113.{number}"))
    assert throttled(gate, wall, ELSEWHERE) > 0, "addresses it never came from must wait"
    assert enters(gate, wall), "its own needs not"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_what_counts_as_one_address(address: str, network: str) -> None:
    assert throttle.network_of(address) == network


def test_guesses_sent_at_once_are_counted_one_by_one(gate: Engine, people: People) -> None:
    login = people(f"county:{COUNTY}").login

    def guess(_: int) -> type[Exception]:
        with pytest.raises((LogInRefusedError, TooManyAttemptsError)) as refusal:
            enters(gate, login, "wrong")
        return refusal.type

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(guess, range(12)))
    assert outcomes.count(LogInRefusedError) == throttle.PAIR_MOST


def test_few_passwords_are_looked_at_at_a_time(
    gate: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, most, lock = [0], [0], threading.Lock()
    away = threading.Event()

    class Watched(passwords.PasswordHasher):
        def verify(self, kept: str, password: bytes) -> bool:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            try:
                until(lambda: away.is_set() and most[0] >= passwords.AT_A_TIME)
                time.sleep(0.05)
                return super().verify(kept, password)
            finally:
                with lock:
                    running[0] -= 1

    monkeypatch.setattr(passwords, "_hasher", Watched())
    monkeypatch.setattr(passwords, "WAIT_S", 60)

    def look(_: int) -> bool:
        try:
            with passwords.room():
                return passwords.verify(None, "x")
        except TooManyAttemptsError:
            away.set()
            return True

    with ThreadPoolExecutor(8) as pool:
        turned_away = sum(pool.map(look, range(16)))
    assert most[0] == passwords.AT_A_TIME
    assert turned_away, "who finds others waiting is told at once"


def test_who_finds_no_turn_is_told_so_and_it_does_not_count(
    gate: Engine, owner: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = people(f"county:{COUNTY}").login
    monkeypatch.setattr(passwords, "WAIT_S", 0.01)
    monkeypatch.setattr(passwords, "_turns", threading.BoundedSemaphore(1))
    with passwords._turn():
        for _ in range(throttle.PAIR_MOST + 1):
            assert throttled(gate, login) == 2
    assert enters(gate, login)


def test_who_finds_a_crowd_is_told_before_anything_is_written(
    gate: Engine, owner: Engine, people: People
) -> None:
    login = people(f"county:{COUNTY}").login
    with ExitStack() as crowd:
        for _ in range(passwords.AT_A_TIME + passwords.WAITING):
            crowd.enter_context(passwords.room())
        for _ in range(throttle.PAIR_MOST + 1):
            assert throttled(gate, login) == passwords.RETRY_S
    with owner.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM failed_log_in")).scalar() == 0
    assert enters(gate, login)
