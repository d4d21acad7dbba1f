"""Row-level security: what each viewer reads from every table and view of the catalogue."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
from psycopg2 import sql
from psycopg2.errors import InsufficientPrivilege
from sqlalchemy import Engine, text
from sqlalchemy.exc import InternalError, ProgrammingError

from geo.database import transaction, writing
from geo.driver import driver_cursor
from geo.viewer import ROLES, SCOPES, Viewer
from tests.areas import PROVINCE

BY_LINEAGE = "{column} = {scope}"
IN_SCOPE = "SELECT code FROM current_area WHERE {column} = {scope}"
BY_AREA = f"scope_code IN ({IN_SCOPE})"
OF_PLAN = "plan_id IN (SELECT plan_id FROM plan WHERE {column} = {scope})"
OF_BATCH = f"batch_id IN (SELECT batch_id FROM batch WHERE {BY_AREA})"  # noqa: S608 - constants
BY_ALL_SCOPES = f"scope_codes <@ ARRAY({IN_SCOPE})"
OF_ACCOUNT = f"account_id IN (SELECT account_id FROM account WHERE {BY_ALL_SCOPES})"  # noqa: S608 - constants

READABLE = {
    "area": BY_LINEAGE,
    "current_area": BY_LINEAGE,
    "area_shape": BY_LINEAGE,
    "incident": BY_LINEAGE,
    "rollup_cell": BY_LINEAGE,
    "rollup_county": BY_LINEAGE,
    "plan": BY_LINEAGE,
    "plan_edit": OF_PLAN,
    "plan_cell": OF_PLAN,
    "crosswalk": BY_LINEAGE,
    "campaign": BY_LINEAGE,
    "batch": BY_AREA,
    "reject": OF_BATCH,
    "display": BY_AREA,
    "former_incident": BY_LINEAGE,
    "gazetteer": BY_LINEAGE,
    "job": BY_AREA,
    "upload": BY_AREA,
}
"""What a viewer below the province may read, said independently of the policies."""

READ_BY_ADMINS = {
    "account": BY_ALL_SCOPES,
    "credential": OF_ACCOUNT,
    "invitation": OF_ACCOUNT,
    "session": OF_ACCOUNT,
    "audit": BY_AREA,
}
"""What an admin below the province may read; nobody else reads any of it."""

SECRETS = {"credential": "password_hash", "invitation": "token_sha256", "session": "token_sha256"}
"""Columns that no admin reads either: the gate compares them, and that is all."""

OF_THE_GATE = {
    "failed_log_in": "what throttling counts, before there is a viewer",
}
"""Tables that no viewer reads, whatever the role."""

OF_GIS = {
    "gis_login": "which area a login for a GIS is for; see test_open_data",
    "open_area": "read by logins for a GIS; see test_open_data",
    "open_area_figures": "likewise",
    "open_incident": "likewise",
}
"""What logins for a GIS read, and no viewer of the application."""

SHARED = {
    "hierarchy": "the levels and their names; one row a database",
    "term": "dictionaries of categories, channels, statuses and scales",
    "revision": "version numbers, the same for everybody",
    "division": "the published list of codes and names",
}
"""Tables without anything that belongs to a place, readable by every viewer."""

ASKED_OF_WORKERS = {
    "job": "INSERT INTO job (scope_code, author, kind, request) VALUES (:scope, 'x', 'undo', '{}')",
    "upload": "INSERT INTO upload (scope_code, author, file_name, bytes, file_sha256)"
    " VALUES (:scope, 'x', 'x.csv', 1, '')",
}
"""Tables into which operators of a scope put rows, which nobody but the loader then changes."""

UNREAD = {
    "alembic_version": "the schema's version, read at start-up and by no viewer",
}
"""Tables outside of row-level security, which no scope role may read."""


def relations(engine: Engine) -> set[str]:
    """Tables and views of the schema; partitions have a test of their own."""
    with engine.connect() as connection:
        return set(
            connection.scalars(
                text(
                    "SELECT relname::text FROM pg_class"
                    " WHERE relnamespace = 'gridboard'::regnamespace"
                    " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relispartition"
                )
            )
        )


def count(engine: Engine, table: str, condition: str, viewer: Viewer) -> int:
    """How many rows the administrator sees under a condition."""
    column = sql.Identifier(f"{SCOPES[viewer.scope_slot]}_code")
    where = sql.SQL(condition).format(column=column, scope=sql.Literal(viewer.scope_code))
    query = sql.SQL("SELECT count(*) FROM {} WHERE ").format(sql.Identifier(table)) + where
    with engine.connect() as connection, driver_cursor(connection) as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def count_as(engine: Engine, table: str, viewer: Viewer) -> int:
    """How many rows a viewer sees."""
    query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
    with transaction(engine, viewer) as connection, driver_cursor(connection) as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def test_every_relation_has_a_rule(filled: Engine) -> None:
    assert relations(filled) == {
        *READABLE,
        *READ_BY_ADMINS,
        *OF_THE_GATE,
        *OF_GIS,
        *SHARED,
        *UNREAD,
    }


@pytest.mark.parametrize("table", READABLE)
def test_a_viewer_reads_exactly_its_rows(
    filled: Engine, filled_app: Engine, viewer: Viewer, table: str
) -> None:
    everything = count(filled, table, "true", viewer)
    if viewer.scope_slot == 0:
        expected = everything
    elif table == "rollup_county" and viewer.scope_slot == 3:
        expected = 0  # the block of a county cannot be cut down to a township
    else:
        expected = count(filled, table, READABLE[table], viewer)
        assert 0 < expected < everything, "the fixture must have rows inside and outside"
    assert count_as(filled_app, table, viewer) == expected


@pytest.mark.parametrize("table", READ_BY_ADMINS)
@pytest.mark.parametrize("role", ROLES)
def test_people_are_seen_by_admins_of_all_their_scopes(
    filled: Engine, filled_app: Engine, viewer: Viewer, table: str, role: str
) -> None:
    everything = count(filled, table, "true", viewer)
    if role != "admin":
        expected = 0
    elif viewer.scope_slot == 0:
        expected = everything
    else:
        expected = count(filled, table, READ_BY_ADMINS[table], viewer)
        assert 0 < expected < everything, "the fixture must have rows inside and outside"
    assert count_as(filled_app, table, replace(viewer, role=role)) == expected


@pytest.mark.parametrize("table", SECRETS)
def test_no_viewer_reads_what_a_log_in_is_compared_with(
    filled_app: Engine, viewer: Viewer, table: str
) -> None:
    query = sql.SQL("SELECT {} FROM {}").format(*map(sql.Identifier, (SECRETS[table], table)))
    with (
        transaction(filled_app, replace(viewer, role="admin")) as connection,
        driver_cursor(connection) as cursor,
        pytest.raises(InsufficientPrivilege, match="permission denied"),
    ):
        cursor.execute(query)


@pytest.mark.parametrize("table", SHARED)
def test_every_viewer_reads_what_is_shared(
    filled: Engine, filled_app: Engine, viewer: Viewer, table: str
) -> None:
    assert count_as(filled_app, table, viewer) == count(filled, table, "true", viewer) > 0


@pytest.mark.parametrize("table", [*UNREAD, *OF_THE_GATE, *OF_GIS])
def test_no_viewer_reads_the_rest(filled_app: Engine, viewer: Viewer, table: str) -> None:
    for role in ROLES:
        with pytest.raises(InsufficientPrivilege, match="permission denied"):
            count_as(filled_app, table, replace(viewer, role=role))


def test_partitions_cannot_be_read_past_their_parent(
    filled: Engine, filled_app: Engine, viewer: Viewer
) -> None:
    assert count(filled, "incident_2025", "true", viewer) == 8
    with pytest.raises(InsufficientPrivilege, match="permission denied"):
        count_as(filled_app, "incident_2025", viewer)


@pytest.mark.parametrize("table", [*READABLE, *SHARED, *OF_THE_GATE, *UNREAD])
def test_a_viewer_changes_nothing(filled: Engine, viewer: Viewer, table: str) -> None:
    rights = "UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
    rights += "" if table in ASKED_OF_WORKERS else ", INSERT"
    with filled.connect() as connection:
        writable = connection.scalar(
            text("SELECT has_table_privilege(:role, :table, :rights)"),
            {"role": viewer.database_role, "table": table, "rights": rights},
        )
    assert not writable


@pytest.mark.parametrize("table", ASKED_OF_WORKERS)
@pytest.mark.parametrize("role", ROLES)
def test_only_operators_ask_and_only_within_their_scope(
    filled_app: Engine, viewer: Viewer, role: str, table: str
) -> None:
    asking = replace(viewer, role=role)
    for scope in (viewer.scope_code, "990199", PROVINCE + "x"):
        granted = role in ("operator", "admin") and scope == viewer.scope_code
        with nullcontext() if granted else pytest.raises(ProgrammingError, match="row-level"):
            try_to_ask(filled_app, asking, table, scope)


@pytest.mark.parametrize("table", ASKED_OF_WORKERS)
def test_reading_is_no_way_to_ask(filled_app: Engine, table: str) -> None:
    """The role of a writing transaction is gone with it, also from a connection used again."""
    operator = Viewer("operator", 0, PROVINCE)
    with writing(filled_app, operator):
        pass
    asking = text(ASKED_OF_WORKERS[table])
    with transaction(filled_app, operator) as connection, pytest.raises(InternalError):
        connection.execute(asking, {"scope": PROVINCE})
    with filled_app.connect() as connection, pytest.raises(ProgrammingError, match="permission"):
        connection.execute(asking, {"scope": PROVINCE})


def try_to_ask(engine: Engine, viewer: Viewer, table: str, scope: str) -> None:
    """Insert a row, and take it back: the database is shared by tests that only read."""
    with writing(engine, viewer) as connection:
        connection.execute(text(ASKED_OF_WORKERS[table]), {"scope": scope})
        connection.rollback()


def test_a_viewer_of_nowhere_reads_nothing(filled_app: Engine) -> None:
    assert count_as(filled_app, "area", Viewer("leader", 2, "990199")) == 0


def test_a_hostile_scope_is_only_a_text(filled_app: Engine) -> None:
    """Viewer refuses such a code; even if it did not, the literal is quoted."""
    hostile = Viewer("leader", 2, "990101")
    object.__setattr__(hostile, "scope_code", "x'; RESET ROLE; --")
    assert count_as(filled_app, "area", hostile) == 0
