"""Rules that keep the schema safe and a distributed PostgreSQL possible, from pg_catalog."""

import re
from pathlib import Path

from sqlalchemy import Engine, text

from geo.database import transaction
from geo.viewer import Viewer
from tests.areas import COUNTY

ROOT = Path(__file__).parents[2]
BIG = ("incident", "rollup_cell", "rollup_county")
"""Tables that would be distributed by county_code."""

FOR_THE_LOADER = "makes or counts what the loader writes to; returns no row of anybody's"
FUNCTIONS = {
    "close_incident_year": FOR_THE_LOADER,
    "ensure_incident_partitions": FOR_THE_LOADER,
    "open_incident_year": FOR_THE_LOADER,
    "refresh_incident_statistics": FOR_THE_LOADER,
    "refresh_statistics": FOR_THE_LOADER,
}
"""Functions with their owner's rights, which no policy holds: why each may be there."""
PLAIN_FUNCTIONS = ("local_hour",)
"""Functions with the rights of whoever calls them, for the loader."""

EXTENSIONS = {
    "plpgsql": "the language of our functions",
    "postgis": "geometry",
    "btree_gist": "versions of an area that never overlap",
    "pg_trgm": "search by part of a name",
}
"""What is installed: none of it reads files, other databases or other hosts."""

VIEWERS = ("gridboard_province", "gridboard_city", "gridboard_county", "gridboard_township")


def rows(engine: Engine, query: str, **parameters: object) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query), parameters)]


def test_keys_of_big_tables_contain_the_county(filled: Engine) -> None:
    found = rows(
        filled,
        """
        SELECT class.relname::text, index.relname::text,
               ARRAY(SELECT attname::text FROM pg_attribute
                     WHERE attrelid = class.oid AND attnum = ANY (indkey::smallint[]))
        FROM pg_index
        JOIN pg_class AS class ON class.oid = indrelid
        JOIN pg_class AS index ON index.oid = indexrelid
        WHERE (indisunique OR indisexclusion)
          AND (class.relname = ANY (:big) OR class.oid IN
               (SELECT relid FROM unnest(:big) AS big, pg_partition_tree(big::regclass)))
        """,
        big=list(BIG),
    )
    assert {str(row[0]) for row in found} >= {*BIG, "incident_2025"}
    assert [row for row in found if "county_code" not in row[2]] == []  # type: ignore[operator]


def test_big_tables_have_no_foreign_keys(filled: Engine) -> None:
    """Stricter than 'only with the county': a load never waits for a look-up."""
    query = """
        SELECT conrelid::regclass::text, conname::text FROM pg_constraint
        WHERE contype = 'f' AND (conrelid::regclass::text = ANY (:big)
            OR confrelid::regclass::text = ANY (:big))
    """
    assert rows(filled, query, big=list(BIG)) == []


def test_no_triggers(filled: Engine) -> None:
    query = "SELECT tgrelid::regclass::text, tgname::text FROM pg_trigger WHERE NOT tgisinternal"
    assert rows(filled, query) == []


def test_every_table_is_under_row_level_security(filled: Engine) -> None:
    query = """
        SELECT relname::text FROM pg_class
        WHERE relnamespace = 'gridboard'::regnamespace AND relkind IN ('r', 'p')
          AND NOT (relrowsecurity AND (relispartition OR EXISTS
                   (SELECT FROM pg_policy WHERE polrelid = pg_class.oid)))
    """
    # A number that start-up needs before there is a viewer; see test_scope.UNREAD.
    assert rows(filled, query) == [("alembic_version",)]


def test_partitions_have_no_policies_and_no_grants(filled: Engine) -> None:
    query = """
        SELECT relname::text,
            (SELECT count(*) FROM aclexplode(relacl) WHERE grantee <> relowner),
            (SELECT count(*) FROM pg_policy WHERE polrelid = oid)
        FROM pg_class WHERE relispartition AND relkind = 'r'
          AND relnamespace = 'gridboard'::regnamespace ORDER BY relname
    """
    assert rows(filled, query) == [("incident_2024", 0, 0), ("incident_2025", 0, 0)]


def test_views_read_as_their_reader(filled: Engine) -> None:
    query = """
        SELECT relname::text FROM pg_class
        WHERE relnamespace = 'gridboard'::regnamespace AND relkind IN ('v', 'm')
          AND NOT coalesce(reloptions @> '{security_invoker=true}', false)
    """
    assert rows(filled, query) == []


def test_nothing_is_granted_to_everybody(filled: Engine) -> None:
    query = """
        SELECT relname::text FROM pg_class, aclexplode(relacl) AS entry
        WHERE relnamespace = 'gridboard'::regnamespace AND entry.grantee = 0
        UNION ALL
        SELECT nspname::text FROM pg_namespace, aclexplode(nspacl) AS entry
        WHERE nspname = 'gridboard' AND entry.grantee = 0
    """
    assert rows(filled, query) == []


def test_who_may_execute_what(filled: Engine) -> None:
    query = """
        SELECT proname::text, array_agg(grantee::regrole::text ORDER BY grantee::regrole::text)
        FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))
        WHERE pronamespace = 'gridboard'::regnamespace AND privilege_type = 'EXECUTE'
        GROUP BY proname ORDER BY proname
    """
    owner_and_loader = ["gridboard_loader", "gridboard_owner"]
    names = sorted([*FUNCTIONS, *PLAIN_FUNCTIONS])
    assert rows(filled, query) == [(name, owner_and_loader) for name in names]


def test_no_other_function_lends_rights(filled: Engine) -> None:
    """Not ours alone: PostGIS brings one that reads the extent of any table, past policies."""
    query = """
        SELECT DISTINCT proname::text FROM pg_proc, unnest(:roles) AS role
        WHERE prosecdef AND pronamespace <> 'pg_catalog'::regnamespace
          AND has_function_privilege(role, pg_proc.oid, 'EXECUTE')
    """
    assert rows(filled, query, roles=[*VIEWERS, "gridboard_gate", "gridboard_app"]) == []


def test_nothing_else_is_installed(filled: Engine) -> None:
    installed = rows(filled, "SELECT extname::text FROM pg_extension")
    assert {name for (name,) in installed} == set(EXTENSIONS)


def test_viewers_own_nothing_and_make_nothing(filled: Engine) -> None:
    query = """
        SELECT rolname::text FROM pg_roles
        WHERE (rolname IN ('gridboard_app', 'gridboard_gate', 'gridboard_loader')
               OR rolname = ANY (:viewers))
          AND (has_schema_privilege(oid, 'gridboard', 'CREATE')
             OR has_schema_privilege(oid, 'public', 'CREATE')
             OR EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid)
             OR EXISTS (SELECT FROM pg_proc WHERE proowner = pg_roles.oid)
             OR pg_has_role(oid, 'pg_read_server_files', 'MEMBER')
             OR pg_has_role(oid, 'pg_read_all_data', 'MEMBER')
             OR pg_has_role(oid, 'pg_execute_server_program', 'MEMBER'))
    """
    assert rows(filled, query, viewers=list(VIEWERS)) == []


def test_what_the_planner_knows_is_closed(filled: Engine, filled_app: Engine) -> None:
    """Statistics hold values of rows: common names, first and last days, of every county."""
    with filled.connect() as connection:
        connection.exec_driver_sql("ANALYZE gridboard.area, gridboard.incident")
        connection.commit()
    query = "SELECT count(*) FROM pg_stats WHERE schemaname = 'gridboard'"
    query += " AND tablename IN ('area', 'incident')"
    with filled.connect() as connection:
        assert connection.scalar(text(query))
    with transaction(filled_app, Viewer("admin", 2, COUNTY)) as connection:
        assert connection.scalar(text(query)) == 0


def test_sequences_say_nothing(filled: Engine) -> None:
    query = """
        SELECT relname::text FROM pg_class, unnest(:roles) AS role
        WHERE relkind = 'S' AND relnamespace = 'gridboard'::regnamespace
          AND has_sequence_privilege(role, pg_class.oid, 'SELECT, USAGE, UPDATE')
    """
    assert rows(filled, query, roles=[*VIEWERS, "gridboard_gate", "gridboard_app"]) == []


def test_logins_have_limits(filled: Engine) -> None:
    query = """
        SELECT setrole::regrole::text, ARRAY(
            SELECT split_part(setting, '=', 1) FROM unnest(setconfig) AS setting ORDER BY 1)
        FROM pg_db_role_setting
        WHERE setdatabase = 0 AND setrole IN ('gridboard_app'::regrole, 'gridboard_loader'::regrole)
    """
    found: dict[object, object] = dict(rows(filled, query))
    idle, memory = "idle_in_transaction_session_timeout", "work_mem"
    assert found == {
        "gridboard_app": [idle, "lock_timeout", "statement_timeout", memory],
        "gridboard_loader": [idle, memory],
    }


def test_limits_hold_whoever_the_login_becomes(filled_app: Engine) -> None:
    names = ("idle_in_transaction_session_timeout", "lock_timeout", "work_mem")
    with transaction(filled_app, Viewer("leader", 2, COUNTY)) as connection:
        found = [connection.scalar(text(f"SHOW {name}")) for name in names]
    assert found == ["1min", "10s", "32MB"]


def test_functions_with_the_owners_rights_fix_their_search_path(filled: Engine) -> None:
    query = """
        SELECT proname::text FROM pg_proc
        WHERE pronamespace = 'gridboard'::regnamespace AND prosecdef
          AND NOT EXISTS (SELECT FROM unnest(proconfig) AS setting
                          WHERE setting LIKE 'search_path=%pg_temp')
    """
    assert rows(filled, query) == []


def test_a_future_function_is_closed_at_first(admin_engine: Engine) -> None:
    with admin_engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL ROLE gridboard_owner")
        connection.exec_driver_sql(
            "CREATE FUNCTION gridboard.later() RETURNS integer LANGUAGE sql AS 'SELECT 1'"
        )
    query = "SELECT has_function_privilege('gridboard_county', 'gridboard.later()', 'EXECUTE')"
    assert rows(admin_engine, query) == [(False,)]


def sources() -> list[Path]:
    found = [
        path
        for package in ("geo", "etl", "dashboard")
        for path in (ROOT / package).rglob("*")
        if path.suffix in (".py", ".sql")
    ]
    assert len(found) > 20
    return found


def test_the_scope_is_set_for_the_transaction_alone() -> None:
    """set_config() and session-wide SET are not carried over to the nodes, or leak by the pool."""
    outlasting = re.compile(
        r"set_config\s*\(|\bSET\s+(?!LOCAL\b)(SESSION\s+)?(ROLE|AUTHORIZATION|gridboard\.)",
        re.IGNORECASE,
    )
    found = [path for path in sources() if outlasting.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_sql_files_open_with_what_they_mean() -> None:
    silent = [
        path
        for path in sources()
        if path.suffix == ".sql" and not path.read_text(encoding="utf-8").startswith("-- ")
    ]
    assert silent == []
