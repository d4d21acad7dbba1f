"""Accounts in the database: what the gate may do, what an admin may, and that audit only grows."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from geo.audit import Deed, record
from geo.database import guarding, loading, writing
from geo.settings import DatabaseSettings
from geo.viewer import ROLES, Viewer
from tests.areas import COUNTY, OTHER_COUNTY, PROVINCE, TOWNSHIPS
from tests.databases import opened

ADMIN = Viewer("admin", 2, COUNTY, "boss")
GATE_TABLES = {
    "account": "SELECT, INSERT; UPDATE of what a provider of identities may change",
    "credential": "SELECT, INSERT, UPDATE",
    "invitation": "SELECT; UPDATE of used_at",
    "session": "SELECT, INSERT; UPDATE of its end, its scope, when it was seen; DELETE of old ones",
    "failed_log_in": "SELECT, INSERT, DELETE",
    "audit": "INSERT",
    "alembic_version": "SELECT",
}
"""All that the gate may touch: nothing of it is a figure, an area or a file."""

ADD = """
    INSERT INTO account (login, name, role, scope_slots, scope_codes)
    VALUES ('new', 'new', 'leader', :slots, :codes)
"""
CHANGES = {
    "account": "UPDATE account SET name = 'x'",
    "session": "UPDATE session SET ended_at = now()",
    "invitation": "UPDATE invitation SET used_at = now()",
    "credential": "DELETE FROM credential",
}


@contextmanager
def undone(engine: Engine, viewer: Viewer) -> Iterator[Connection]:
    """A viewer's writing transaction, taken back: the database is shared by tests."""
    with writing(engine, viewer) as connection:
        yield connection
        connection.rollback()


def logins(engine: Engine, viewer: Viewer) -> set[str]:
    """The accounts a viewer sees."""
    with undone(engine, viewer) as connection:
        return set(connection.scalars(text("SELECT login FROM account")))


def test_the_gate_touches_people_and_no_figure(filled: Engine) -> None:
    query = """
        SELECT relname::text FROM pg_class
        WHERE relnamespace = 'gridboard'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
          AND (has_table_privilege('gridboard_gate', oid,
                  'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
               OR relkind <> 'S'
               AND has_any_column_privilege('gridboard_gate', oid, 'SELECT, INSERT, UPDATE'))
    """
    with filled.connect() as connection:
        assert set(connection.scalars(text(query))) == set(GATE_TABLES)


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO account (login, name, role, scope_slots, scope_codes)"
            " VALUES ('x', 'x', 'admin', '{0}', '{990000}')"
        ),
        (
            "INSERT INTO account (login, name, role, scope_slots, scope_codes, subject, is_demo)"
            " VALUES ('x', 'x', 'admin', '{0}', '{990000}', 'x', true)"
        ),
        "UPDATE account SET disabled_at = NULL",
        "UPDATE account SET subject = 'x'",
        "DELETE FROM account",
        "UPDATE session SET account_id = 1",
        "UPDATE session SET expires_at = 'infinity'",
        "UPDATE invitation SET expires_at = 'infinity'",
        (
            "INSERT INTO invitation (token_sha256, account_id, made_by, expires_at)"
            " VALUES (sha256('y'), 1, 'x', now())"
        ),
        "SELECT count(*) FROM audit",
        "SELECT count(*) FROM area",
        "SELECT count(*) FROM incident",
    ],
)
def test_the_gate_is_refused(filled_app: Engine, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|row-level security"),
        guarding(filled_app) as connection,
    ):
        connection.execute(text(statement))


def test_the_gate_forgets_old_sessions_alone(filled_app: Engine, filled: Engine) -> None:
    aged = "UPDATE session SET ended_at = now() - make_interval(days => :days)"
    with filled.connect() as connection:
        everything = connection.scalar(text("SELECT count(*) FROM session"))
        for days, forgotten in ((399, 0), (401, everything)):
            connection.execute(text(aged), {"days": days})
            connection.execute(text("SET LOCAL ROLE gridboard_gate"))
            assert connection.execute(text("DELETE FROM session")).rowcount == forgotten
            connection.execute(text("RESET ROLE"))
        assert everything
        connection.rollback()


def test_the_gate_changes_those_alone_whom_a_provider_vouches_for(filled_app: Engine) -> None:
    with guarding(filled_app) as connection:
        changed = connection.scalars(text("UPDATE account SET name = 'x' RETURNING login")).all()
        connection.rollback()
    assert changed
    assert all(login.startswith("oidc") for login in changed)


def test_an_admin_adds_within_the_scope(filled_app: Engine) -> None:
    for slot, code in ((2, COUNTY), (3, TOWNSHIPS["S"])):
        with undone(filled_app, ADMIN) as connection:
            connection.execute(text(ADD), {"slots": [slot], "codes": [code]})


@pytest.mark.parametrize(
    ("slots", "codes"),
    [
        ([2], [OTHER_COUNTY]),
        ([2, 2], [COUNTY, OTHER_COUNTY]),
        ([0], [PROVINCE]),
        ([1], ["990100"]),
        ([2], ["990199"]),
        # The slot is what chooses the policies: at 0 the code would not matter.
        ([0], [COUNTY]),
        ([2, 0], [COUNTY, COUNTY]),
    ],
)
def test_an_admin_adds_nobody_beyond_the_scope(
    filled_app: Engine, slots: list[int], codes: list[str]
) -> None:
    with (
        undone(filled_app, ADMIN) as connection,
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        connection.execute(text(ADD), {"slots": slots, "codes": codes})


def test_nor_makes_anybody_see_more(filled_app: Engine) -> None:
    change = "UPDATE account SET scope_slots = :slots, scope_codes = :codes WHERE login = 'within'"
    for slots, codes in (([2], [OTHER_COUNTY]), ([0], [COUNTY]), ([0], [PROVINCE])):
        with (
            undone(filled_app, ADMIN) as connection,
            pytest.raises(ProgrammingError, match="row-level security"),
        ):
            connection.execute(text(change), {"slots": slots, "codes": codes})


def test_the_root_alone_goes_with_the_slot_of_the_root(filled_app: Engine) -> None:
    """Or a slip of the province's admin would show a county everything."""
    root_admin = Viewer("admin", 0, PROVINCE)
    with undone(filled_app, root_admin) as connection:
        connection.execute(text(ADD), {"slots": [0], "codes": [PROVINCE]})
    with (
        undone(filled_app, root_admin) as connection,
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        connection.execute(text(ADD), {"slots": [0], "codes": [COUNTY]})


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_nobody_else_adds_or_changes_people(filled_app: Engine, role: str) -> None:
    viewer = Viewer(role, 0, PROVINCE)
    with undone(filled_app, viewer) as connection:
        for change in CHANGES.values():
            assert connection.execute(text(change)).rowcount == 0
        with pytest.raises(ProgrammingError, match="row-level security"):
            connection.execute(text(ADD), {"slots": [2], "codes": [COUNTY]})


@pytest.mark.parametrize("table", CHANGES)
def test_an_admin_changes_accounts_all_of_whose_scopes_are_in_the_own(
    filled: Engine, filled_app: Engine, table: str
) -> None:
    """Among them such as a provider of identities vouches for: they can be disabled too."""
    with filled.connect() as connection:
        everybody = set(connection.scalars(text("SELECT login FROM account")))
    own = logins(filled_app, ADMIN)
    assert {COUNTY, TOWNSHIPS["S"], "within", f"oidc{COUNTY}"} <= own
    assert everybody - own >= {PROVINCE, OTHER_COUNTY, TOWNSHIPS["E"], "across", "former"}
    with undone(filled_app, ADMIN) as connection:
        assert connection.execute(text(CHANGES[table])).rowcount == len(own)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account SET login = 'x'",
        "UPDATE account SET subject = 'x'",
        "UPDATE account SET is_demo = true",
        (
            "INSERT INTO account (login, name, role, scope_slots, scope_codes, is_demo)"
            " VALUES ('x', 'x', 'admin', '{2}', '{990101}', true)"
        ),
        (
            "INSERT INTO account (login, name, role, scope_slots, scope_codes, subject)"
            " VALUES ('x', 'x', 'admin', '{2}', '{990101}', 'x')"
        ),
        "DELETE FROM account",
        "INSERT INTO credential (account_id, password_hash) VALUES (1, 'x')",
        "UPDATE credential SET password_hash = 'x'",
        (
            "INSERT INTO session (token_sha256, account_id, scope_slot, scope_code, via,"
            " expires_at) VALUES (sha256('x'), 1, 0, '990000', 'password', 'infinity')"
        ),
        "UPDATE session SET account_id = 1",
        "UPDATE session SET scope_slot = 0",
        "UPDATE session SET expires_at = 'infinity'",
        "DELETE FROM session",
    ],
)
def test_an_admin_cannot_become_or_make_up_somebody(filled_app: Engine, statement: str) -> None:
    with (
        undone(filled_app, ADMIN) as connection,
        pytest.raises(ProgrammingError, match="permission denied"),
    ):
        connection.execute(text(statement))


def test_an_admin_invites_within_the_scope_alone(filled: Engine, filled_app: Engine) -> None:
    invite = text(
        "INSERT INTO invitation (token_sha256, account_id, made_by, expires_at)"
        " VALUES (sha256('new'), :account_id, 'boss', now())"
    )
    with filled.connect() as connection:
        rows = connection.execute(text("SELECT login, account_id FROM account"))
        accounts = {row.login: row.account_id for row in rows}
    with undone(filled_app, ADMIN) as connection:
        connection.execute(invite, {"account_id": accounts["within"]})
    for login in (OTHER_COUNTY, "across", PROVINCE):
        with (
            undone(filled_app, ADMIN) as connection,
            pytest.raises(ProgrammingError, match="row-level security"),
        ):
            connection.execute(invite, {"account_id": accounts[login]})


@pytest.mark.parametrize("role", ROLES)
def test_everybody_writes_audit_in_the_own_name_and_scope(filled_app: Engine, role: str) -> None:
    viewer = Viewer(role, 2, COUNTY, "somebody")
    with undone(filled_app, viewer) as connection:
        record(connection, Deed("somebody", COUNTY, "export"))
    for actor, scope in (("somebody", OTHER_COUNTY), ("somebody", ""), ("another", COUNTY)):
        with (
            undone(filled_app, viewer) as connection,
            pytest.raises(ProgrammingError, match="row-level security"),
        ):
            record(connection, Deed(actor, scope, "export"))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET actor = 'x'",
        "DELETE FROM audit",
        # A line of yesterday would be one of them.
        "INSERT INTO audit (at, actor, scope_code, action) VALUES ('-infinity', '', '', 'export')",
    ],
)
def test_nobody_changes_audit(
    filled_settings: DatabaseSettings, filled_app: Engine, change: str
) -> None:
    for scope in range(4):
        with (
            pytest.raises(DBAPIError, match="permission denied"),
            writing(filled_app, Viewer("admin", scope, COUNTY)) as connection,
        ):
            connection.execute(text(change))
    with pytest.raises(DBAPIError, match="permission denied"), guarding(filled_app) as connection:
        connection.execute(text(change))
    with (
        opened(filled_settings, "loader") as engine,
        pytest.raises(DBAPIError, match="permission denied"),
        loading(engine) as connection,
    ):
        connection.execute(text(change))
