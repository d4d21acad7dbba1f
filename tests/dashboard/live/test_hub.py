"""What open streams are told, and when they end, over a real database."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import ANY

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from dashboard.errors import NoPlaceError
from dashboard.live import keeper
from dashboard.live.hub import STREAMS_PER_SESSION, Hub
from dashboard.people.account import Account, By, Scope
from dashboard.people.accounts import change_account, disable
from dashboard.people.sessions import Session, Sessions, choose_scope, end_session, end_sessions
from geo.database import administering, guarding
from geo.settings import DatabaseSettings
from tests.areas import OTHER_COUNTY
from tests.dashboard.live.conftest import Commit, opened_hub, soon
from tests.dashboard.live.reading import Reader
from tests.dashboard.visitors import make_account, make_session

BY = By("tests")
Read = Callable[[Session], Reader]
ENDED = ("session", {"state": "ended"})
END_THE_APPLICATION = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = :name AND usename = 'gridboard_app'
"""
CHANGED = ("session", {"state": "changed"})


def revision(incident: int, area: object = ANY) -> tuple[str, dict[str, object]]:
    """How the versions in force are told."""
    return ("revision", {"area": area, "incident": incident})


@pytest.fixture
def other(database: DatabaseSettings, app_engine: Engine) -> Session:
    """A session of somebody else, in another county."""
    account = make_account(database, f"county:{OTHER_COUNTY}")
    found = Sessions(app_engine).find(make_session(app_engine, account))
    assert found is not None
    return found


def test_the_versions_in_force_come_first_and_then_whatever_commits(
    read: Read, session: Session, commit: Commit
) -> None:
    before = commit()
    reader = read(session)
    assert reader.next() == revision(incident=before)
    after = commit("incident")
    assert reader.next() == revision(incident=after)
    area = commit("area")
    assert reader.next() == revision(incident=after, area=area)


def test_what_a_message_holds_is_neither_believed_nor_passed_on(
    read: Read, session: Session, commit: Commit, loader_engine: Engine
) -> None:
    reader = read(session)
    assert reader.next()[0] == "revision"
    for words in ("", "no json", '{"kind": "incident", "revision": 900990099, "county": "secret"}'):
        with loader_engine.begin() as connection:
            connection.execute(text("SELECT pg_notify('gridboard', :words)"), {"words": words})
    number = commit()
    assert reader.next() == revision(incident=number)
    assert b"secret" not in reader.raw
    assert b"900990099" not in reader.raw


def ends(connection, session: Session, account: Account) -> None:
    end_session(connection, session.session_id, BY)


def all_end(connection, session: Session, account: Account) -> None:
    end_sessions(connection, account.account_id, BY)


def is_disabled(connection, session: Session, account: Account) -> None:
    disable(connection, account, BY)


def loses_its_scope(connection, session: Session, account: Account) -> None:
    change_account(connection, account, BY, scopes=[Scope(2, "999999")])


def chooses_a_scope(connection, session: Session, account: Account) -> None:
    choose_scope(connection, session, "county-999999", BY)


def takes_another_name(connection, session: Session, account: Account) -> None:
    change_account(connection, account, BY, name="Somebody")


@pytest.mark.parametrize("happens", [ends, all_end, is_disabled, loses_its_scope, chooses_a_scope])
def test_a_change_ends_the_stream_at_once_and_no_other(
    happens: Callable[[object, Session, Account], None],
    read: Read,
    session: Session,
    other: Session,
    account: Account,
    admin_engine: Engine,
    commit: Commit,
) -> None:
    reader, bystander = read(session), read(other)
    assert reader.next()[0] == bystander.next()[0] == "revision"
    with administering(admin_engine) as connection:
        happens(connection, session, account)
    assert reader.rest() == [CHANGED if happens is chooses_a_scope else ENDED]
    number = commit()
    assert bystander.next() == revision(incident=number)


def test_another_name_ends_nothing(
    read: Read, session: Session, account: Account, admin_engine: Engine, commit: Commit
) -> None:
    reader = read(session)
    assert reader.next()[0] == "revision"
    with administering(admin_engine) as connection:
        takes_another_name(connection, session, account)
    number = commit()
    assert reader.next() == revision(incident=number)


LIMITS = {
    "ended": "UPDATE session SET ended_at = now()",
    "idle": "UPDATE session SET seen_at = now() - make_interval(secs => idle_s + 1)",
    "expired": "UPDATE session SET expires_at = now()",
    "disabled": "UPDATE account SET disabled_at = now()",
    "other scopes": "UPDATE account SET scope_codes = '{999998,999999}'",
    "other role": "UPDATE account SET role = 'admin'",
    "deleted": "DELETE FROM session",
    "nothing": "UPDATE session SET seen_at = now()",
}


@pytest.mark.parametrize("change", LIMITS.values(), ids=LIMITS)
def test_a_stream_goes_on_as_long_as_a_request_would_be_let_in(
    change: str,
    read: Read,
    session: Session,
    token: str,
    admin_engine: Engine,
    app_engine: Engine,
    commit: Commit,
) -> None:
    """The same conditions as the gate's, though nobody tells of the change."""
    reader = read(session)
    assert reader.next()[0] == "revision"
    with administering(admin_engine) as connection:
        connection.execute(text(change))
    number = commit()
    found = Sessions(app_engine).find(token)
    if found is None:
        assert reader.rest() == [ENDED], "and no news before"
    elif found.viewer != session.viewer:
        assert reader.rest() == [CHANGED]
    else:
        assert reader.next() == revision(incident=number)


def test_the_clock_finds_what_nobody_told(
    monkeypatch: pytest.MonkeyPatch,
    read: Read,
    session: Session,
    other: Session,
    admin_engine: Engine,
    commit: Commit,
) -> None:
    monkeypatch.setattr(keeper, "BEAT_EVERY_S", 0.05)
    reader, bystander = read(session), read(other)
    assert [reader.next(beats=True)[0] for _ in range(2)] == ["revision", "beat"]
    number = commit(notify=False)
    assert reader.next() == revision(incident=number)
    with administering(admin_engine) as connection:
        change = text("UPDATE session SET ended_at = now() WHERE session_id = :session_id")
        connection.execute(change, {"session_id": session.session_id})
    assert reader.rest() == [ENDED]
    assert bystander.until("beat")


def test_a_session_that_ended_on_the_way_in_is_told_nothing(
    read: Read, session: Session, app_engine: Engine
) -> None:
    with guarding(app_engine) as connection:
        end_session(connection, session.session_id, BY)
    assert read(session).rest() == [ENDED]


def test_an_old_stream_is_renewed(
    monkeypatch: pytest.MonkeyPatch, hub: Hub, session: Session
) -> None:
    monkeypatch.setattr(keeper, "BEAT_EVERY_S", 0.05)
    stream = hub.join(session.session_id, session.viewer, None)
    reader = Reader(stream)
    reader.until("beat")
    stream.ends_at_s = 0.0
    assert [name for name, _data in reader.rest()] == ["reconnect"]


def test_there_are_so_many_places(app_engine: Engine, session: Session, other: Session) -> None:
    with opened_hub(app_engine, 2) as hub:
        first, second = (hub.join(each.session_id, each.viewer, None) for each in (session, other))
        with pytest.raises(NoPlaceError):
            hub.join(session.session_id, session.viewer, None)
        first.close()
        third = hub.join(session.session_id, session.viewer, None)
        assert hub.count == 2
        second.close()
        third.close()


def test_nobody_takes_the_places_of_all(hub: Hub, session: Session, other: Session) -> None:
    streams = [
        hub.join(session.session_id, session.viewer, None) for _ in range(STREAMS_PER_SESSION)
    ]
    with pytest.raises(NoPlaceError):
        hub.join(session.session_id, session.viewer, None)
    streams.append(hub.join(other.session_id, other.viewer, None))
    for stream in streams:
        stream.close()


def test_all_are_told_to_come_again_and_so_are_those_who_come_meanwhile(
    hub: Hub, read: Read, session: Session
) -> None:
    reader = read(session)
    assert reader.next()[0] == "revision"
    hub.stop()
    for each in (reader, read(session)):
        name, data = each.rest()[-1]
        assert name == "reconnect"
        assert 500 <= data["after_ms"] <= 3000


def test_a_connection_is_held_only_while_somebody_listens(
    hub: Hub, session: Session, admin_engine: Engine, app_engine: Engine
) -> None:
    def listening() -> int:
        question = text(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        with admin_engine.connect() as connection:
            return int(connection.execute(question).scalar_one())

    for _ in range(2):
        stream = hub.join(session.session_id, session.viewer, None)
        events = iter(stream)
        assert b"revision" in next(events) + next(events)
        assert app_engine.pool.checkedout() == 0, "it is none of the pool's"
        stream.close()
        soon(lambda: not hub.is_kept and listening() == 0)


def test_the_page_is_told_when_the_database_is_away_and_what_it_missed(
    read: Read, session: Session, admin_engine: Engine, server: str, commit: Commit, other: Session
) -> None:
    reader = read(session)
    assert reader.next()[0] == "revision"
    name = admin_engine.url.database
    away = f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"
    back = f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"
    postgres = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with postgres.connect() as connection:
        connection.execute(text(away))
        connection.execute(text(END_THE_APPLICATION), {"name": name})
        try:
            assert reader.next() == ("away", {})
            assert read(other).next() == ("away", {})
        finally:
            connection.execute(text(back))
    number = commit(notify=False)
    while (said := reader.next()) != revision(incident=number):
        assert said == ("away", {})
    reader.until("beat")
