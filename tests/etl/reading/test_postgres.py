"""A table or view of another database, as its own server knows it."""

import pytest
from sqlalchemy import Engine, text

from etl.profiles import Dictionary, Incidents, Time
from etl.reading import chunks, postgres
from etl.reading.incidents import read_incidents, source_name
from geo.errors import InputError
from geo.settings import DatabaseSettings
from tests.etl.reading.sources import read

MAKE = """
CREATE SCHEMA "Quelle";
CREATE TABLE "Quelle"."事件" (id bigint, "when" timestamptz, day timestamp, x numeric, ok boolean);
INSERT INTO "Quelle"."事件"
SELECT n, '2024-03-05 14:30+08', '2024-03-05 14:30', 103.80, n % 2 = 0
FROM generate_series(620102000000, 620102000009) AS n;
CREATE VIEW "Quelle".open_ones AS SELECT * FROM "Quelle"."事件" WHERE ok;
"""


@pytest.fixture
def url(database: DatabaseSettings, admin_engine: Engine) -> str:
    """The address of a database with a table of incidents; its names need quoting."""
    with admin_engine.begin() as connection:
        connection.execute(text(MAKE))
    address = database.url("admin").set(drivername="postgresql")
    shown = address.render_as_string(hide_password=False)
    return shown + ("&" if "?" in shown else "?")


def test_tables_and_views(url: str) -> None:
    frame = read(f"{url}table=Quelle.事件")
    assert frame.iloc[0].tolist() == [
        "620102000000",
        "2024-03-05 06:30:00+00",
        "2024-03-05 14:30:00",
        "103.80",
        "true",
    ]
    assert len(frame) == 10
    assert len(read(f"{url}table=Quelle.open_ones")) == 5


def test_rows_come_in_chunks(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 4)
    monkeypatch.setattr(postgres, "_ROWS", 3)
    rules = Incidents(
        source="mine",
        incident_id=("id",),
        address="x",
        occurred_at=Time(column="when"),
        category=Dictionary(constant="a"),
        channel=Dictionary(constant="a"),
        status=Dictionary(column="ok"),
        leave_out=("day",),
    )
    found = list(read_incidents(f"{url}table=Quelle.事件", rules))
    assert [(len(chunk.frame), chunk.first_row) for chunk in found] == [(4, 1), (4, 5), (2, 9)]
    assert list(found[0].frame.columns) == ["id", "when", "x", "ok"]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("", "names no table: write "),
        ("a.b.c", "names no table"),
        ("Quelle.", "names no table"),
        ("Quelle.none", 'relation "Quelle.none" does not exist'),
        ('"; DROP TABLE x; --', "does not exist"),
    ],
)
def test_tables_that_are_not_there(url: str, table: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(f"{url}table={table}")


def test_a_server_that_is_not_there_and_a_password_that_is_not_shown() -> None:
    url = "postgresql://someone:geheim@127.0.0.1:9/db?table=a.b&connect_timeout=2"
    with pytest.raises(InputError, match=r"postgresql://127.0.0.1:9/db\?table=a.b") as refused:
        read(url)
    assert "geheim" not in str(refused.value)
    assert source_name(url) == "postgresql://127.0.0.1:9/db?table=a.b"


@pytest.mark.parametrize(
    "password", ["geheim%zz", "x@geheim", "geheim#x", "geheim?x", "geheim/x", ":geheim"]
)
def test_addresses_that_are_not_read_as_they_were_meant(password: str) -> None:
    with pytest.raises(InputError) as refused:
        read(f"postgresql://someone:{password}@127.0.0.1:9/db?table=a.b")
    assert "geheim" not in str(refused.value)


def test_parameters_that_libpq_does_not_know() -> None:
    with pytest.raises(InputError, match="cursor_factory"):
        read("postgresql://127.0.0.1:9/db?table=a.b&cursor_factory=x")


def test_nothing_is_written(url: str, admin_engine: Engine) -> None:
    """A view can call a function: the transaction still reads only."""
    with admin_engine.begin() as connection:
        connection.execute(
            text(
                'CREATE FUNCTION "Quelle".writes() RETURNS bigint LANGUAGE sql AS'
                ' $$INSERT INTO "Quelle"."事件" (id) VALUES (1) RETURNING id$$;'
                ' CREATE VIEW "Quelle".bad AS SELECT "Quelle".writes() AS id'
            )
        )
    with pytest.raises(InputError, match="read-only transaction"):
        read(f"{url}table=Quelle.bad")
