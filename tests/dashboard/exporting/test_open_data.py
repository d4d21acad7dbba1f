"""The views a GIS opens: what is in them, and that no login sees more than its area."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import geopandas as gpd
import psycopg2
import pytest
from psycopg2.extensions import connection as DriverConnection  # noqa: N812
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool
from typer.testing import CliRunner

from dashboard.commands import gis
from dashboard.exporting import view_table
from dashboard.exporting.gis_logins import add_login, read_logins, remove_login
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from dashboard.visit import Visit
from geo.database import engine_for
from geo.errors import GridboardError, InputError, NotFoundError
from geo.settings import DatabaseSettings
from tests.areas import (
    CITY,
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    SPECIAL,
    TOWNSHIPS,
)
from tests.databases import opened

DOCS = Path(__file__).parents[3] / "docs" / "open-data.md"
VIEWS = {"open_area": "area_id", "open_area_figures": "area_id", "open_incident": "incident_key"}
"""The views, each with its key."""

SCOPES = {
    PROVINCE: "true",
    CITY: f"city_code = '{CITY}'",
    CITY_WITHOUT_COUNTIES: f"city_code = '{CITY_WITHOUT_COUNTIES}'",
    COUNTY: f"county_code = '{COUNTY}'",
    TOWNSHIPS["S"]: f"township_code = '{TOWNSHIPS['S']}'",
}
ELSEWHERE = f"county_code IS DISTINCT FROM '{COUNTY}'"
Logins = dict[str, Any]


@pytest.fixture(scope="module")
def admin(world: DatabaseSettings) -> Iterator[Engine]:
    """The administrator of the loaded province."""
    with opened(world, "admin") as engine:
        yield engine


@pytest.fixture(scope="module")
def logins(admin: Engine) -> Iterator[Logins]:
    """The address of a login for each scope."""
    made = {}
    for code in SCOPES:
        login, password = add_login(admin, f"t{os.getpid()}_{code}", code, "tests", "tests")
        made[code] = admin.url.set(username=login, password=password)
    yield made
    for url in made.values():
        remove_login(admin, url.username, "tests")


@contextmanager
def connected(url: Any) -> Iterator[DriverConnection]:
    """A connection as a GIS makes one."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(plain)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()


def ask(connection: DriverConnection, query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall() if cursor.description else []


def codes(connection: DriverConnection) -> tuple[set[str], int]:
    """What a login sees: the codes of areas, and how many incidents."""
    areas = {code for (code,) in ask(connection, "SELECT code FROM gridboard.open_area")}
    (incidents,) = ask(connection, "SELECT count(*) FROM gridboard.open_incident")
    return areas, int(incidents[0])


@pytest.mark.parametrize("code", SCOPES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_login_sees_its_area(admin: Engine, logins: Logins, code: str, view: str) -> None:
    table = "incident" if view == "open_incident" else "current_area"
    where = SCOPES[code]
    with admin.connect() as connection:
        expected = connection.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}"))  # noqa: S608
    with connected(logins[code]) as connection:
        query = f"SELECT count(*), count(DISTINCT {VIEWS[view]}) FROM {view}"  # noqa: S608
        ((rows, keys),) = ask(connection, query)
    assert rows == keys == expected > 0


WRITABLE = "SET default_transaction_read_only = off"
ATTACKS: dict[str, tuple[str, ...]] = {
    "a setting": (f"SET gridboard.scope = '{OTHER_COUNTY}'",),
    "all settings": (f"SET gridboard.scope = '{PROVINCE}'", "SET gridboard.role = 'admin'"),
    "another role": ("SET ROLE gridboard_gis_province",),
    "a role of the application": ("SET ROLE gridboard_province",),
    "the owner": ("SET ROLE gridboard_owner",),
    "another session": ("SET SESSION AUTHORIZATION gridboard_app",),
    "no policies": ("SET row_security = off",),
    "a table of the same name": (
        WRITABLE,
        "CREATE TEMP TABLE gis_login (login text, scope_slot int, scope_code text)",
        (
            "INSERT INTO pg_temp.gis_login VALUES (session_user, 0, '990000'),"
            " (session_user, 2, '990102')"
        ),
        "SET search_path = pg_temp, gridboard, public",
    ),
    "a change of the mapping": (WRITABLE, "UPDATE gridboard.gis_login SET scope_code = '990102'"),
    "a row of the mapping": (
        WRITABLE,
        "INSERT INTO gridboard.gis_login VALUES (session_user, 0, '990000', '', now(), '')",
    ),
    "a grant": (
        WRITABLE,
        "DO $$ BEGIN EXECUTE format('GRANT gridboard_gis_province TO %I', session_user); END $$",
    ),
    "a setting of the login": (
        WRITABLE,
        (
            "DO $$ BEGIN EXECUTE format('ALTER ROLE %I SET gridboard.scope = ''990102''',"
            " session_user); END $$"
        ),
    ),
}
"""What somebody with a login may send, hoping to see more; most of it is refused."""


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_setting_widens_a_scope(logins: Logins, attack: str) -> None:
    with connected(logins[COUNTY]) as connection:
        before = codes(connection)
        # For the whole session, each a transaction of its own: nothing is undone by what fails.
        for statement in ATTACKS[attack]:
            with suppress(psycopg2.errors.InsufficientPrivilege):
                ask(connection, statement)
        # Asked without policies, PostgreSQL refuses rather than answer.
        with suppress(psycopg2.errors.InsufficientPrivilege):
            assert codes(connection) == before
    with connected(logins[COUNTY]) as connection:
        assert codes(connection) == before
    assert OTHER_COUNTY not in before[0]
    assert before[1] > 0


def test_a_function_that_tells_is_told_nothing(logins: Logins) -> None:
    """One that costs nothing is asked first, unless a policy comes before it."""
    with connected(logins[COUNTY]) as connection:
        ask(connection, WRITABLE)
        ask(
            connection,
            "CREATE FUNCTION pg_temp.tell(code text)"
            " RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS"
            " $$ BEGIN RAISE NOTICE '%', code; RETURN true; END $$",
        )
        ask(connection, "SELECT code FROM gridboard.open_area WHERE pg_temp.tell(county_code)")
        ask(connection, "SELECT 1 FROM gridboard.open_incident WHERE pg_temp.tell(county_code)")
        told = "".join(connection.notices)
    assert COUNTY in told
    assert OTHER_COUNTY not in told


def test_views_alone_are_listed_and_read(logins: Logins) -> None:
    """As QGIS asks: what one may select from; and single columns of tables are not more."""
    listed = (
        "SELECT relname FROM pg_class WHERE relnamespace = 'gridboard'::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm') AND has_table_privilege(oid, 'SELECT')"
    )
    with connected(logins[PROVINCE]) as connection:
        assert {name for (name,) in ask(connection, listed)} == {*VIEWS}
        for table in (
            "incident",
            "account",
            "audit",
            "reject",
            "rollup_cell",
            "gis_login",
            "batch",
        ):
            with pytest.raises(psycopg2.errors.InsufficientPrivilege):
                ask(connection, f"SELECT * FROM gridboard.{table}")  # noqa: S608
        mapped = ask(connection, "SELECT scope_code FROM gridboard.gis_login")
    assert mapped == [(PROVINCE,)]


def test_a_login_of_another_database_sees_nothing(admin: Engine) -> None:
    """Roles are the cluster's: one that this database was not told of is for nothing here."""
    role = f"gis_stray{os.getpid()}"
    with admin.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
        connection.exec_driver_sql(f"GRANT gridboard_gis_province TO {role}")
    try:
        with connected(admin.url.set(username=role)) as connection:
            assert codes(connection) == (set(), 0)
            assert ask(connection, "SELECT code FROM gridboard.term") == []
    finally:
        with admin.begin() as connection:
            connection.exec_driver_sql(f"DROP ROLE {role}")


def test_figures_are_those_of_the_page(logins: Logins, source: Source) -> None:
    last = source.picture.covered.last
    year, month = (
        Filters(Days(last - timedelta(days=days - 1), last + timedelta(days=1)))
        for days in (365, 30)
    )
    names = "incidents_30d, incidents_365d, resolved_365d, open_365d, overdue_365d"
    with connected(logins[PROVINCE]) as connection:
        query = f"SELECT code, first_day_365d, first_day_30d, {names} FROM open_area_figures"  # noqa: S608
        found = {row[0]: row[1:] for row in ask(connection, query)}
        rates = dict(
            ask(connection, "SELECT code, incidents_365d_per_1000_people FROM open_area_figures")
        )
    assert len(found) == 18
    for code, figures in found.items():
        whole, recent = source.summary(code, year), source.summary(code, month)
        expected = (recent.total, whole.total, whole.resolved, whole.open, whole.overdue)
        assert figures == (year.days.since, month.days.since, *expected), code
    assert sum(figures[-1] for figures in found.values()) > 0
    assert rates[SPECIAL] is None
    assert rates[COUNTY] == pytest.approx(1000 * found[COUNTY][3] / 4800)


@pytest.mark.parametrize("view", VIEWS)
def test_views_can_be_opened_as_layers(logins: Logins, view: str, source: Source) -> None:
    engine = create_engine(logins[CITY], poolclass=NullPool)
    found = gpd.read_postgis(f"SELECT * FROM {view}", engine, geom_col="geom")  # noqa: S608
    assert found.crs == "EPSG:4326"
    assert found[VIEWS[view]].is_unique
    assert found[VIEWS[view]].dtype.kind == "i"
    assert set(found.geom_type.dropna()) == {"Point" if view == "open_incident" else "MultiPolygon"}
    with engine.connect() as connection:
        declared = connection.execute(
            text("SELECT srid, type FROM geometry_columns WHERE f_table_name = :view"),
            {"view": view},
        ).one()
    engine.dispose()
    assert tuple(declared) == (4326, "POINT" if view == "open_incident" else "MULTIPOLYGON")


def described(admin: Engine) -> dict[str, dict[str, str | None]]:
    """The views' columns and their comments, from the catalogue; '' is the view's own."""
    query = text(
        "SELECT relname, coalesce(attname, ''), col_description(pg_class.oid, attnum),"
        " obj_description(pg_class.oid) FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE relkind = 'v' AND relname LIKE 'open%' AND attnum > 0 AND NOT attisdropped"
        " ORDER BY relname, attnum"
    )
    found: dict[str, dict[str, str | None]] = {}
    with admin.connect() as connection:
        for view, column, comment, about in connection.execute(query):
            found.setdefault(view, {"": about})[column] = comment
    return found


def test_every_view_and_column_says_what_it_is(admin: Engine) -> None:
    found = described(admin)
    assert set(found) == set(VIEWS)
    for view, columns in found.items():
        for column, comment in columns.items():
            assert comment, (view, column)
            assert re.search(r"[一-鿿]", comment), (view, column)


def documented(heading: str) -> list[str]:
    """The columns that a section of the manual lists in its table."""
    manual = DOCS.read_text(encoding="utf-8")
    section = manual.split(f"\n### `{heading}`\n")[1].split("\n#")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_the_manual_lists_what_is_there(admin: Engine, source: Source) -> None:
    for view, columns in described(admin).items():
        assert documented(view) == [name for name in columns if name], view
    usual = columns_of(source, "")
    assert documented("/export") == usual
    for query in ("view=hot", "smooth=1", "publish=1"):
        more = [key for key in columns_of(source, f"?{query}") if key not in usual]
        assert documented(f"/export?{query}") == more
    emerging = [key for key in columns_of(source, "?view=emerging") if key not in usual]
    assert documented("/export?view=hot") == emerging


def columns_of(source: Source, search: str) -> list[str]:
    visit = Visit.at(source, {"pathname": f"/map/{CITY}", "search": search})
    return [column.key for column in view_table.view_table(visit).columns]


@pytest.fixture
def command(world: DatabaseSettings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run ``gridboard gis …``."""
    url = world.url("admin").render_as_string(hide_password=False)
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> str:
        done = CliRunner().invoke(gis.app, list(words))
        if isinstance(done.exception, GridboardError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return run


def test_logins_are_made_listed_and_taken_away(command: Callable[..., str], admin: Engine) -> None:
    name = f"cli{os.getpid()}"
    said = command("add", name, "--scope", COUNTY, "--note", "map room")
    password = re.findall(r"shown this once: (\S+)", said)[0]
    try:
        with pytest.raises(InputError, match="already"):
            command("add", f"gis_{name}", "--scope", COUNTY)
        assert re.search(rf"gis_{name} .*county-{COUNTY} .*map room", command("list"))
        assert password not in command("list")
        with connected(admin.url.set(username=f"gis_{name}", password=password)) as connection:
            assert COUNTY in codes(connection)[0]
            assert ask(connection, "SHOW statement_timeout") == [("1min",)]
            # Days of a filter are days of the place, and costly functions are not compiled.
            assert ask(connection, "SHOW timezone") == [("Asia/Shanghai",)]
            assert ask(connection, "SHOW jit") == [("off",)]
            with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
                ask(connection, "CREATE TEMP TABLE a ()")
            command("remove", name)
            with pytest.raises(psycopg2.OperationalError):
                ask(connection, "SELECT 1")
    finally:
        if name in command("list"):
            command("remove", name)
    assert name not in command("list")
    with pytest.raises(NotFoundError):
        command("remove", name)
    with admin.connect() as connection:
        query = "SELECT action FROM gridboard.audit WHERE detail ->> 'login' = :login"
        read = text(f"{query} ORDER BY audit_id")
        deeds = connection.scalars(read, {"login": f"gis_{name}"}).all()
    assert deeds == ["gis_login_added", "gis_login_removed"]


def test_an_administrator_who_is_no_superuser_ends_a_login_in_use(
    admin: Engine, world: DatabaseSettings
) -> None:
    role = f"administrator{os.getpid()}"
    with admin.begin() as connection:
        connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN CREATEROLE")
        connection.exec_driver_sql(f"GRANT gridboard_owner TO {role}")
    url = admin.url.set(username=role).render_as_string(hide_password=False)
    humble = engine_for(world.model_copy(update={"database_url": SecretStr(url)}), "admin")
    try:
        login, password = add_login(humble, f"used{os.getpid()}", COUNTY, "tests", "tests")
        with connected(admin.url.set(username=login, password=password)) as connection:
            assert codes(connection)[0]
            remove_login(humble, login, "tests")
            with pytest.raises(psycopg2.OperationalError):
                ask(connection, "SELECT 1")
        assert login not in {each.login for each in read_logins(humble)}
    finally:
        humble.dispose()
        with admin.begin() as connection:
            connection.exec_driver_sql(f"DROP ROLE {role}")


@pytest.mark.parametrize("name", ["", "gis_", "Li", "a b", 'x"; DROP ROLE y', "a" * 41, "网"])
def test_odd_names_are_refused(admin: Engine, name: str) -> None:
    with pytest.raises(InputError, match="small letters"):
        add_login(admin, name, COUNTY, "", "tests")


def test_a_login_without_an_area_is_not_made(admin: Engine) -> None:
    with pytest.raises(NotFoundError, match="no such area"):
        add_login(admin, f"no{os.getpid()}", "990109", "", "tests")
    assert all("no" + str(os.getpid()) not in each.login for each in read_logins(admin))
