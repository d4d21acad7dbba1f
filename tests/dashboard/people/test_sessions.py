"""What keeps a session going, and what ends it: always at the next look."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, text

from dashboard.people.account import Account, By, Scope
from dashboard.people.accounts import change_account, disable
from dashboard.people.limits import DAY_S, HOUR_S, SessionLimits
from dashboard.people.sessions import (
    Session,
    Sessions,
    choose_scope,
    end_session,
    end_sessions,
    open_session,
    read_sessions,
)
from dashboard.people.tokens import digest, is_token, new_token
from geo.database import administering, gate_engine, guarding, transaction, writing
from geo.errors import NotFoundError
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, PROVINCE
from tests.dashboard.people.conftest import People
from tests.dashboard.visitors import BY, Visitors, make_session

LIMITS = SessionLimits(idle_s=HOUR_S, absolute_s=12 * HOUR_S, wall_s=90 * DAY_S)
Later = Callable[[str], None]


@pytest.fixture
def found(gate: Engine) -> Callable[[str], Session | None]:
    return Sessions(gate).find


@pytest.fixture
def leader(people: People) -> Account:
    return people(f"county:{COUNTY}", password=None)


def begin(gate: Engine, account: Account) -> str:
    return make_session(gate, account, LIMITS)


def test_a_token_is_kept_nowhere(gate: Engine, owner: Engine, leader: Account) -> None:
    token = begin(gate, leader)
    assert is_token(token)
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT session::text FROM session")).scalars().all()
        kept = connection.execute(text("SELECT token_sha256 FROM session")).scalar_one()
    assert token not in "".join(rows)
    assert bytes(kept) == digest(token)
    assert len({new_token() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    "token", ["", "x", "x" * 43, "x" * 100_000, "'; --", "\0" * 43, "é" * 43, "x" * 42 + "\n"]
)
def test_what_is_no_token_finds_nothing(found, leader: Account, token: str) -> None:
    assert found(token) is None


def test_a_session_idles_out(gate: Engine, found, leader: Account, later: Later) -> None:
    token = begin(gate, leader)
    later("59 minutes")
    assert found(token)
    later("2 minutes")
    assert found(token) is None


def test_what_people_do_keeps_it_until_the_absolute_limit(
    gate: Engine, found, leader: Account, later: Later
) -> None:
    token, sessions = begin(gate, leader), Sessions(gate)
    for _ in range(13):
        later("50 minutes")
        session = found(token)
        assert session is not None
        assert session.unseen
        sessions.touch(session)
        again = found(token)
        assert again is not None
        assert not again.unseen
    later("50 minutes")
    later("20 minutes")
    assert found(token) is None, "twelve hours after log-in, whatever was done"


def test_a_wall_does_not_idle_out_but_ends(
    gate: Engine, found, people: People, later: Later
) -> None:
    token = begin(gate, people(f"wall@county:{COUNTY}", password=None))
    later("89 days 23 hours")
    assert found(token)
    later("2 hours")
    assert found(token) is None


def test_a_session_of_a_wall_is_nobody_elses(
    gate: Engine, owner: Engine, found, people: People
) -> None:
    """Begun with a role that another transaction was just changing, it must not outlive it."""
    wall = people(f"wall@county:{COUNTY}", password=None)
    token = begin(gate, wall)
    with administering(owner) as connection:
        connection.execute(
            text("UPDATE account SET role = 'leader' WHERE account_id = :id"),
            {"id": wall.account_id},
        )
    assert found(token) is None


def test_old_sessions_are_forgotten_at_a_log_in(
    gate: Engine, owner: Engine, leader: Account, later: Later
) -> None:
    begin(gate, leader)
    later("401 days")
    begin(gate, leader)
    with administering(owner) as connection:
        kept = connection.execute(
            text("SELECT count(*) FROM session WHERE account_id = :id"), {"id": leader.account_id}
        ).scalar_one()
    assert kept == 1


def test_limits_are_told_by_the_clock_of_the_database(
    gate: Engine, found, leader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = found(begin(gate, leader))
    assert session.expires_at - session.created_at == timedelta(hours=12)
    assert abs(session.created_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_seen_is_written_once_a_minute(
    gate: Engine, owner: Engine, leader: Account, later: Later
) -> None:
    token, sessions = begin(gate, leader), Sessions(gate)
    later("2 minutes")
    first = sessions.find(token)
    assert first is not None
    # Two who saw the same moment: one of them writes.
    sessions.touch(first)
    with owner.connect() as connection:
        query = text("SELECT xmin::text, seen_at FROM session")
        before = connection.execute(query).one()
        sessions.touch(first)
        connection.rollback()
        assert connection.execute(query).one() == before


def test_one_question_is_one_statement(gate: Engine, leader: Account) -> None:
    token, sessions = begin(gate, leader), Sessions(gate)
    assert sessions.find(token)
    asked: list[str] = []
    engine = gate_engine(gate)

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert sessions.find(token)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 1


def test_the_gates_connections_are_the_gate_and_nothing_else(gate: Engine) -> None:
    with gate_engine(gate).connect() as connection:
        assert connection.execute(text("SELECT current_user")).scalar() == "gridboard_gate"
        connection.rollback()
        assert connection.execute(text("SELECT current_user")).scalar() == "gridboard_gate"


def test_a_connection_that_died_is_no_error(gate: Engine, owner: Engine, leader: Account) -> None:
    token, sessions = begin(gate, leader), Sessions(gate)
    assert sessions.find(token)
    with owner.begin() as connection:
        killed = connection.execute(
            text(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'gridboard gate' AND datname = current_database()"
            )
        ).scalar_one()
    assert killed
    assert sessions.find(token)


@pytest.mark.parametrize("how", ["end", "end all", "disable", "scope", "role", "delete"])
def test_whatever_ends_a_session_ends_it_at_the_next_look(
    gate: Engine, owner: Engine, found, leader: Account, how: str
) -> None:
    token = begin(gate, leader)
    session = found(token)
    with administering(owner) as connection:
        if how == "end":
            end_session(connection, session.session_id, BY)
        elif how == "end all":
            assert end_sessions(connection, leader.account_id, BY) == 1
        elif how == "disable":
            disable(connection, leader, BY)
        elif how == "scope":
            change_account(connection, leader, BY, scopes=[Scope(1, CITY)])
        elif how == "role":
            change_account(connection, leader, BY, role="wall")
        else:
            connection.execute(text("DELETE FROM account"))
        assert found(token) is not None, "not before it is committed"
    assert found(token) is None


def test_a_new_name_is_there_at_the_next_look(
    gate: Engine, owner: Engine, found, leader: Account
) -> None:
    token = begin(gate, leader)
    with administering(owner) as connection:
        change_account(connection, leader, BY, name="Another")
    assert found(token).name == "Another"


def test_other_sessions_go_on(gate: Engine, found, leader: Account) -> None:
    mine, other = begin(gate, leader), begin(gate, leader)
    with guarding(gate) as connection:
        end_sessions(connection, leader.account_id, BY, found(mine).session_id)
    assert found(mine)
    assert found(other) is None


def test_a_session_ends_once(gate: Engine, found, leader: Account) -> None:
    session = found(begin(gate, leader))
    with guarding(gate) as connection:
        end_session(connection, session.session_id, BY)
        with pytest.raises(NotFoundError):
            end_session(connection, session.session_id, BY)


def test_one_works_in_one_scope_at_a_time(gate: Engine, found, people: People) -> None:
    account = people(f"county:{COUNTY},province:{PROVINCE}", password=None)
    token = begin(gate, account)
    session = found(token)
    assert [scope.key for scope in session.scopes] == [f"county-{COUNTY}", f"province-{PROVINCE}"]
    assert session.viewer.scope_key == f"county-{COUNTY}"
    with guarding(gate) as connection:
        choose_scope(connection, session, f"province-{PROVINCE}", session.by())
    assert found(token).viewer.scope_key == f"province-{PROVINCE}"
    for key in (f"city-{CITY}", "", "province", f"province-{COUNTY}"):
        with guarding(gate) as connection, pytest.raises(NotFoundError):
            choose_scope(connection, session, key, session.by())


def test_a_list_shows_open_sessions_without_what_opens_them(
    gate: Engine, found, leader: Account, later: Later
) -> None:
    begin(gate, leader)
    later("2 hours")
    token = begin(gate, leader)
    with guarding(gate) as connection:
        (listed,) = read_sessions(connection, leader.account_id)
    assert listed.session_id == found(token).session_id
    assert token not in repr(listed)
    assert (listed.login, listed.browser, listed.via) == (leader.login, "tests", "password")


def test_an_admin_sees_and_ends_sessions_within_scope_alone(
    gate: Engine, town_visitors: Visitors, leader: Account, people: People
) -> None:
    above = people(f"admin@province:{PROVINCE}", password=None)
    below, over = begin(gate, leader), begin(gate, above)
    admin = Viewer("admin", 2, COUNTY, "boss")
    by = By("boss", "admin", COUNTY)
    with transaction(gate, admin) as connection:
        assert [each.login for each in read_sessions(connection)] == [leader.login]
    over_id = Sessions(gate).find(over).session_id
    with writing(gate, admin) as connection, pytest.raises(NotFoundError):
        end_session(connection, over_id, by)
    with writing(gate, admin) as connection:
        end_session(connection, Sessions(gate).find(below).session_id, by)
    assert Sessions(gate).find(below) is None
    assert Sessions(gate).find(over)


def test_a_browser_may_say_anything(gate: Engine, leader: Account) -> None:
    for browser in ("x" * 10_000, "a\0b", "", None, "<script>"):
        with guarding(gate) as connection:
            scope = leader.scopes[0]
            open_session(connection, leader, scope, "password", None, browser, LIMITS)
    with guarding(gate) as connection:
        shown = [each.browser for each in read_sessions(connection, leader.account_id)]
    assert shown == ["<script>", None, None, "ab", "x" * 200]


def test_statements_that_were_taken_away_are_prepared_anew(gate: Engine, leader: Account) -> None:
    token, sessions = begin(gate, leader), Sessions(gate)
    assert sessions.find(token)
    with gate_engine(gate).connect() as connection:
        connection.exec_driver_sql("DEALLOCATE ALL")
    assert sessions.find(token)
