"""Transactions: nothing of a viewer stays in the pool, and a lack of connections is said early."""

import io
import itertools
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from geo.database import copy_rows, engine_for, loading, transaction
from geo.errors import DatabaseUnavailableError
from geo.revisions import bump, current
from geo.settings import DatabaseSettings, Login
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE, TOWNSHIPS, province_areas
from tests.database.filling import insert_areas

COUNTY_VIEWER = Viewer("leader", 2, COUNTY)
CELLS = text("SELECT count(*) FROM area WHERE level = 5")


@pytest.fixture
def single(filled_settings: DatabaseSettings) -> Iterator[Engine]:
    """The application's engine with one connection and no patience."""
    engine = engine_for(filled_settings.model_copy(update={"pool_size": 1, "pool_wait_s": 0.05}))
    yield engine
    engine.dispose()


def who(connection: Connection) -> tuple[str, str | None]:
    query = "SELECT current_user::text, nullif(current_setting('gridboard.scope', true), '')"
    user, scope = connection.execute(text(query)).one()
    return user, scope


def test_the_scope_ends_with_the_transaction(single: Engine) -> None:
    with transaction(single, COUNTY_VIEWER) as connection:
        assert who(connection) == ("gridboard_county", COUNTY)
    with single.connect() as connection:
        assert who(connection) == ("gridboard_app", None)


def test_the_scope_ends_with_a_failed_transaction(single: Engine) -> None:
    with pytest.raises(DBAPIError), transaction(single, COUNTY_VIEWER) as connection:
        connection.execute(text("SELECT 1 / 0"))
    with single.connect() as connection:
        assert who(connection) == ("gridboard_app", None)


def test_without_a_viewer_nothing_is_read(single: Engine) -> None:
    with (
        single.connect() as connection,
        pytest.raises(ProgrammingError, match="permission denied for table area"),
    ):
        connection.execute(CELLS)


def test_a_role_without_a_scope_reads_nothing(single: Engine) -> None:
    with single.begin() as connection:
        connection.exec_driver_sql("SET LOCAL ROLE gridboard_county")
        with pytest.raises(ProgrammingError, match=r"unrecognized .* parameter .*gridboard.scope"):
            connection.execute(CELLS)


def test_viewers_take_turns_on_few_connections(filled_app: Engine) -> None:
    cells = {
        Viewer("leader", 0, PROVINCE): 8,
        Viewer("leader", 1, CITY): 6,
        Viewer("leader", 2, COUNTY): 4,
        Viewer("leader", 2, OTHER_COUNTY): 2,
        Viewer("leader", 3, TOWNSHIPS["S"]): 2,
        Viewer("leader", 2, "990199"): 0,
    }

    def seen(viewer: Viewer) -> tuple[Viewer, int]:
        with transaction(filled_app, viewer) as connection:
            return viewer, int(connection.execute(CELLS).scalar_one())

    turns = list(itertools.islice(itertools.cycle(cells), 120))
    with ThreadPoolExecutor(4) as threads:
        for viewer, found in threads.map(seen, turns):
            assert found == cells[viewer], viewer


def test_a_viewer_sees_one_state_and_writes_nothing(
    app_engine: Engine, loader_engine: Engine
) -> None:
    with transaction(app_engine, COUNTY_VIEWER) as connection:
        before = current(connection)
        with loading(loader_engine) as writing:
            assert bump(writing, "incident") == before.incident + 1
        assert current(connection) == before
        with pytest.raises(DBAPIError, match="read-only transaction"):
            connection.execute(text("CREATE TABLE anything ()"))
    with transaction(app_engine, COUNTY_VIEWER) as connection:
        after = current(connection)
    assert (after.area, after.incident) == (before.area, before.incident + 1)
    assert after.changed_at > before.changed_at
    assert after.changed_at.tzinfo is not None


def test_a_taken_pool_is_said_soon(single: Engine) -> None:
    with (
        transaction(single, COUNTY_VIEWER),
        pytest.raises(DatabaseUnavailableError, match="every database connection is taken"),
        transaction(single, COUNTY_VIEWER),
    ):
        pass


def test_an_absent_server_is_said(database: DatabaseSettings, tmp_path: object) -> None:
    url = database.url("app").update_query_dict({"host": str(tmp_path)})
    secret = url.render_as_string(hide_password=False)
    elsewhere = DatabaseSettings.model_validate({"database_url": secret})
    with (
        pytest.raises(DatabaseUnavailableError, match="does not answer"),
        transaction(engine_for(elsewhere), COUNTY_VIEWER),
    ):
        pass


def test_a_query_beyond_its_time_is_ended(database: DatabaseSettings) -> None:
    engine = engine_for(database.model_copy(update={"statement_timeout_s": 0.05}))
    with (
        pytest.raises(DatabaseUnavailableError, match="statement timeout"),
        transaction(engine, COUNTY_VIEWER) as connection,
    ):
        connection.execute(text("SELECT pg_sleep(5)"))
    engine.dispose()


@pytest.mark.parametrize("login", ["app", "loader", "admin"])
def test_no_session_compiles_its_queries(database: DatabaseSettings, login: Login) -> None:
    engine = engine_for(database, login)
    with engine.connect() as connection:
        query = text("SELECT setting, source FROM pg_settings WHERE name = 'jit'")
        assert connection.execute(query).one() == ("off", "client")
    engine.dispose()


def test_a_lost_connection_is_replaced(single: Engine, filled: Engine) -> None:
    with transaction(single, COUNTY_VIEWER) as connection:
        process = connection.scalar(text("SELECT pg_backend_pid()"))
    with filled.connect() as connection:
        end = text("SELECT pg_terminate_backend(:process, 5000)")
        assert connection.scalar(end, {"process": process})
    with transaction(single, COUNTY_VIEWER) as connection:
        assert connection.scalar(CELLS) == 4


def test_rows_are_copied_by_way_of_a_temporary_table(loader_engine: Engine) -> None:
    with loading(loader_engine) as connection:
        connection.exec_driver_sql(
            "CREATE TEMP TABLE staging (id smallint, name text) ON COMMIT DROP"
        )
        rows = io.StringIO('1,"邻里, 纠纷"\n2,\n')
        assert copy_rows(connection, "pg_temp.staging", ["id", "name"], rows) == 2
        found = connection.execute(text("SELECT * FROM staging ORDER BY id")).all()
    assert [tuple(row) for row in found] == [(1, "邻里, 纠纷"), (2, None)]


def test_a_load_is_all_or_nothing(loader_engine: Engine) -> None:
    with loading(loader_engine) as connection:
        before = current(connection).area

    def load() -> None:
        with loading(loader_engine) as connection:
            bump(connection, "area")
            raise RuntimeError("half-way")

    with pytest.raises(RuntimeError, match="half-way"):
        load()
    with loading(loader_engine) as connection:
        assert current(connection).area == before


def test_loads_make_partitions_side_by_side(loader_engine: Engine) -> None:
    both = threading.Barrier(2)

    def load(year: int) -> None:
        with loading(loader_engine) as connection:
            both.wait()
            connection.execute(
                text("SELECT ensure_incident_partitions(make_date(:year, 1, 1), '2025-12-31')"),
                {"year": year},
            )

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(load, [2023, 2024]))
    with loading(loader_engine) as connection:
        query = "SELECT relid::text FROM pg_partition_tree('incident') WHERE level = 1 ORDER BY 1"
        found = connection.scalars(text(query)).all()
    assert found == ["incident_2023", "incident_2024", "incident_2025"]


@pytest.mark.parametrize(
    ("first", "last"), [("1899-12-31", "2025-01-01"), ("2025-01-02", "2025-01-01")]
)
def test_absurd_days_make_no_partitions(loader_engine: Engine, first: str, last: str) -> None:
    with (
        pytest.raises(DBAPIError, match="expected first <= last within 1900-2199"),
        loading(loader_engine) as connection,
    ):
        connection.execute(
            text("SELECT ensure_incident_partitions(:first, :last)"), {"first": first, "last": last}
        )


def test_the_loader_refreshes_statistics(admin_engine: Engine, loader_engine: Engine) -> None:
    with admin_engine.begin() as connection:
        insert_areas(connection, province_areas())
    with loading(loader_engine) as connection:
        connection.execute(text("SELECT refresh_statistics()"))
        known = connection.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'area'"))
    assert known == 18
