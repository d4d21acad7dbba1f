from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from dashboard.people import entering, passwords
from dashboard.people.accounts import change_account, disable, enable, read_account
from dashboard.people.demo_accounts import READY, ensure_demo_accounts
from dashboard.people.errors import (
    InvitationError,
    LogInRefusedError,
    WeakPasswordError,
)
from dashboard.people.invitations import invite, reset, set_password
from dashboard.people.sessions import (
    Sessions,
    choose_scope,
    end_session,
    open_session,
    read_sessions,
)
from geo.database import administering, guarding, transaction
from geo.viewer import Viewer
from tests.areas import COUNTY, PROVINCE, TOWNSHIPS
from tests.dashboard.people.conftest import CHEAP, PASSWORD, People
from tests.dashboard.people.trying import HOME, LIMITS, enters, refused
from tests.dashboard.visitors import BY


def test_a_password_opens_a_session_in_the_first_scope(gate: Engine, people: People) -> None:
    account = people(f"operator@county:{COUNTY}")
    session = Sessions(gate).find(enters(gate, account.login))
    assert session is not None
    assert (session.login, session.role, session.via) == (account.login, "operator", "password")
    assert session.viewer.scope_key == f"county-{COUNTY}"


@pytest.mark.parametrize("typed", ["{0}", " {0} ", "{1}", "{2}"])
def test_a_login_has_one_form_however_it_is_typed(gate: Engine, people: People, typed: str) -> None:
    login = people(f"county:{COUNTY}").login
    wide = "".join(
        chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in login
    )
    assert enters(gate, typed.format(login, login.upper(), wide))


def test_every_log_in_has_a_token_of_its_own(gate: Engine, people: People) -> None:
    login = people(f"county:{COUNTY}").login
    first, second = enters(gate, login), enters(gate, login)
    assert first != second
    assert Sessions(gate).find(first)
    assert Sessions(gate).find(second)


def test_unknown_wrong_disabled_and_invited_are_refused_alike(
    gate: Engine, owner: Engine, people: People
) -> None:
    known, shut = people(f"county:{COUNTY}"), people(f"planner@county:{COUNTY}")
    invited = people(f"admin@county:{COUNTY}", password=None)
    with administering(owner) as connection:
        disable(connection, shut, BY)
    said = {
        refused(gate, "nobody", PASSWORD),
        refused(gate, known.login),
        refused(gate, shut.login, PASSWORD),
        refused(gate, invited.login, PASSWORD),
        refused(gate, known.login, ""),
        refused(gate, ""),
    }
    assert len(said) == 1


def test_the_same_work_is_done_for_those_who_are_not_there(
    gate: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []

    class Counting(passwords.PasswordHasher):
        def verify(self, kept: str, password: bytes) -> bool:
            done.append(kept.rsplit("$", 2)[0])
            return CHEAP.verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Counting(time_cost=1, memory_cost=64))
    login = people(f"county:{COUNTY}").login
    for tried in (login, "nobody", "\0", people(f"wall@county:{COUNTY}", password=None).login):
        refused(gate, tried)
    assert len(done) == 4
    assert len(set(done)) == 1, "at the same cost"


def test_a_disabled_account_is_out_and_enabled_in_again(
    gate: Engine, owner: Engine, people: People
) -> None:
    account = people(f"county:{COUNTY}")
    token = enters(gate, account.login)
    with administering(owner) as connection:
        disable(connection, account, BY)
    assert Sessions(gate).find(token) is None
    with administering(owner) as connection:
        enable(connection, account, BY)
    assert Sessions(gate).find(token) is None, "it must log in anew"
    assert enters(gate, account.login)


def test_a_password_kept_at_a_lower_cost_is_kept_anew(
    gate: Engine, owner: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = people(f"county:{COUNTY}")
    monkeypatch.setattr(passwords, "_hasher", passwords.PasswordHasher())
    enters(gate, account.login)
    with owner.connect() as connection:
        kept = connection.execute(text("SELECT password_hash FROM credential")).scalar_one()
    assert not passwords.is_outdated(kept)
    assert "$argon2id$v=19$m=65536,t=3,p=4$" in kept, "as RFC 9106 recommends"
    assert enters(gate, account.login)


def test_a_changed_password_ends_the_other_sessions(gate: Engine, people: People) -> None:
    login = people(f"county:{COUNTY}").login
    mine, other = enters(gate, login), enters(gate, login)
    session = Sessions(gate).find(mine)
    assert session is not None
    with pytest.raises(LogInRefusedError):
        entering.change_password(gate, session, "wrong", "another good one 7", HOME)
    with pytest.raises(WeakPasswordError):
        entering.change_password(gate, session, PASSWORD, "short", HOME)
    entering.change_password(gate, session, PASSWORD, "another good one 7", HOME)
    assert Sessions(gate).find(mine)
    assert Sessions(gate).find(other) is None
    refused(gate, login, PASSWORD)
    assert enters(gate, login, "another good one 7")


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Have something happen whenever a password is looked at."""

    def arrange(happens: Callable[[], None]) -> None:
        class Slow(passwords.PasswordHasher):
            def verify(self, kept: str, password: bytes) -> bool:
                happens()
                return super().verify(kept, password)

        monkeypatch.setattr(passwords, "_hasher", Slow(time_cost=1, memory_cost=64))

    return arrange


@pytest.mark.parametrize("is_set_anew", [False, True])
def test_a_password_taken_away_while_it_is_looked_at_lets_nobody_in(
    gate: Engine, owner: Engine, people: People, meanwhile: Callable, is_set_anew: bool
) -> None:
    account = people(f"county:{COUNTY}")

    def take_away() -> None:
        with administering(owner) as connection:
            token = reset(connection, account, BY)
        if is_set_anew:
            with set_password(gate, token, "another good one 7"):
                pass

    meanwhile(take_away)
    refused(gate, account.login, PASSWORD)
    with guarding(gate) as connection:
        assert read_sessions(connection) == []


def test_a_password_taken_away_while_it_is_looked_at_is_not_changed(
    gate: Engine, owner: Engine, people: People, meanwhile: Callable
) -> None:
    account = people(f"county:{COUNTY}")
    session = Sessions(gate).find(enters(gate, account.login))
    assert session is not None

    def take_away() -> None:
        with administering(owner) as connection:
            reset(connection, account, BY)

    meanwhile(take_away)
    with pytest.raises(LogInRefusedError):
        entering.change_password(gate, session, PASSWORD, "another good one 7", HOME)
    with guarding(gate) as connection:
        assert not read_account(connection, account.login).has_password


def test_a_session_begun_while_the_account_was_shut_does_not_stand_when_it_is_open_again(
    gate: Engine, owner: Engine, people: People
) -> None:
    account = people(f"county:{COUNTY}")
    with administering(owner) as connection:
        disable(connection, account, BY)
    # As a log-in does whose last look at the account was a moment earlier.
    with guarding(gate) as connection:
        token = open_session(connection, account, account.scopes[0], "oidc", None, None, LIMITS)
    with administering(owner) as connection:
        enable(connection, account, BY)
    assert Sessions(gate).find(token) is None


def test_a_password_set_by_a_link_ends_the_sessions_of_the_old_one(
    gate: Engine, owner: Engine, people: People
) -> None:
    account = people(f"county:{COUNTY}")
    with administering(owner) as connection:
        link = invite(connection, account, BY)
    old = enters(gate, account.login)
    new = entering.redeem(gate, link, "another good one 7", HOME, LIMITS).token
    assert Sessions(gate).find(old) is None
    assert Sessions(gate).find(new)


def test_a_scope_given_back_brings_no_session_back(
    gate: Engine, owner: Engine, people: People
) -> None:
    account = people(f"county:{COUNTY},province:{PROVINCE}")
    token = enters(gate, account.login)
    for scopes in (account.scopes[1:], account.scopes):
        with administering(owner) as connection:
            change_account(connection, account, BY, scopes=scopes)
        assert Sessions(gate).find(token) is None


def test_a_link_does_not_survive_that_its_account_is_disabled(
    gate: Engine, owner: Engine, people: People
) -> None:
    account = people(f"county:{COUNTY}")
    with administering(owner) as connection:
        token = reset(connection, account, BY)
        disable(connection, account, BY)
        enable(connection, account, BY)
    with pytest.raises(InvitationError), set_password(gate, token, "another good one 7"):
        pass


def test_people_begin_where_they_worked_last(gate: Engine, people: People) -> None:
    account = people(f"county:{COUNTY},province:{PROVINCE}")
    with guarding(gate) as connection:
        session = Sessions(gate).find(enters(gate, account.login))
        assert session is not None
        choose_scope(connection, session, f"province-{PROVINCE}", session.by())
    again = Sessions(gate).find(enters(gate, account.login))
    assert again is not None
    assert again.scope.key == f"province-{PROVINCE}"


def test_what_happened_is_written_down(gate: Engine, people: People, audit) -> None:
    account = people(f"county:{COUNTY}")
    refused(gate, account.login)
    refused(gate, "hunter2 in the wrong field")
    session = Sessions(gate).find(enters(gate, account.login))
    assert session is not None
    with guarding(gate) as connection:
        end_session(connection, session.session_id, session.by(), log_out=True)
    lines = [line[:3] for line in audit()][-4:]
    assert lines == [
        (account.login, "log_in_failed", COUNTY),
        ("", "log_in_failed", ""),
        (account.login, "log_in", COUNTY),
        (account.login, "log_out", COUNTY),
    ]
    everything = repr(audit())
    assert "hunter2" not in everything
    assert PASSWORD not in everything


HOSTILE = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Lm", "Zs"]), max_size=30),
    st.sampled_from(
        ["\0", "a\0b", "ADMIN\u0000", "аdmin", "ａｄｍｉｎ", "İ", "ß" * 64, "x" * 100_000]
    ),
    st.sampled_from(["' OR 1=1 --", "%s", "%(login)s", ":login", "\ud800", "\u202eadmin"]),
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(login=HOSTILE, password=HOSTILE)
def test_nothing_that_is_typed_does_more_than_be_refused(
    gate: Engine, owner: Engine, login: str, password: str
) -> None:
    with owner.begin() as connection:
        connection.execute(text("DELETE FROM failed_log_in"))
    with pytest.raises(LogInRefusedError):
        entering.log_in(gate, login, password, HOME, LIMITS)


def test_a_look_alike_is_somebody_else(gate: Engine, owner: Engine, people: People) -> None:
    login = people(f"county:{COUNTY}").login
    assert "e" in login
    refused(gate, login.replace("e", "е"), PASSWORD)  # a Cyrillic letter


def test_demo_accounts_have_no_password_and_a_door_of_their_own(
    gate: Engine, owner: Engine
) -> None:
    with administering(owner) as connection:
        made = ensure_demo_accounts(connection)
        assert made == len(READY)
        assert ensure_demo_accounts(connection) == 0
        assert {read_account(connection, ready.login).role for ready in READY} == {
            "wall", "leader", "planner", "approver", "operator", "admin",
        }  # fmt: skip
    for ready in READY:
        assert entering.enter_demo(gate, ready.login, HOME, LIMITS).account.is_demo
    refused(gate, READY[0].login, "")


def test_the_demos_door_is_for_ready_accounts_alone(gate: Engine, people: People) -> None:
    for login in (people(f"county:{COUNTY}").login, "nobody", "\0"):
        with pytest.raises(LogInRefusedError):
            entering.enter_demo(gate, login, HOME, LIMITS)


def test_an_admin_reads_of_accounts_all_of_whose_scopes_are_the_own(
    gate: Engine, people: People
) -> None:
    within = people(f"county:{COUNTY},township:{TOWNSHIPS['S']}")
    beyond = people(f"county:{COUNTY},province:{PROVINCE}")
    for account in (within, beyond):
        refused(gate, account.login)
    refused(gate, "nobody")
    query = text("SELECT DISTINCT detail ->> 'login' FROM audit WHERE action = 'log_in_failed'")
    with transaction(gate, Viewer("admin", 2, COUNTY, "boss")) as connection:
        assert connection.execute(query).scalars().all() == [within.login]
    with transaction(gate, Viewer("admin", 0, PROVINCE, "boss")) as connection:
        read = set(connection.execute(query).scalars())
    assert read == {within.login, beyond.login, None}
