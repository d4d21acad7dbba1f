"""Rules that keep the schema safe and a distributed PostgreSQL possible, from pg_catalog."""

import re
from pathlib import Path

from sqlalchemy import Engine, text

ROOT = Path(__file__).parents[2]
BIG = ("incident", "rollup_cell", "rollup_county")
"""Tables that would be distributed by county_code."""


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
    assert rows(filled, query) == [
        ("close_incident_year", owner_and_loader),
        ("ensure_incident_partitions", owner_and_loader),
        ("open_incident_year", owner_and_loader),
        ("refresh_incident_statistics", owner_and_loader),
        ("refresh_statistics", owner_and_loader),
    ]


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
