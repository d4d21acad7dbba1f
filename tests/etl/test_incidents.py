"""Loading incidents: every row is accounted for, corrections move rollups exactly."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from etl.incidents import load_incidents
from etl.reasons import REPEATED
from etl.reports import LoadReport
from etl.verification import rebuild_rollups, verify_rollups
from geo.database import loading
from geo.errors import InputError
from geo.hierarchy import load_hierarchy
from tests.areas import (
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    SIDE,
    SPECIAL,
    TOWNSHIPS,
    WEST,
    cell_code,
)
from tests.etl.drawn import CHINA, NOON, ask, counts, frame, incident, load

KEYS = "SELECT county_code, township_code, cell_code, occurred_on::text FROM gridboard.incident"
STATE = (
    "SELECT * FROM gridboard.incident ORDER BY incident_id",
    "SELECT county_code, township_code, month, entries FROM gridboard.rollup_cell ORDER BY 1, 2, 3",
    "SELECT county_code, month, days, totals FROM gridboard.rollup_county ORDER BY 1, 2",
)


def state(reader: Connection) -> list[list[tuple[object, ...]]]:
    """Everything a load may change, as comparable values."""
    return [
        [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in ask(reader, q)]
        for q in STATE
    ]


def agree(engine: Engine) -> bool:
    with loading(engine) as connection:
        return verify_rollups(connection) == []


def test_loads_and_places(drawn: Engine, reader: Connection) -> None:
    report = load(drawn, [incident(1, "S1"), incident(2, "E2")])
    assert counts(report) == {"read": 2, "loaded": 2}
    assert ask(reader, f"{KEYS} ORDER BY incident_id") == [
        (COUNTY, TOWNSHIPS["S"], cell_code("S1"), "2024-05-10"),
        ("990102", TOWNSHIPS["E"], cell_code("E2"), "2024-05-10"),
    ]
    assert agree(drawn)


def test_keys_to_the_finest_area_there_is(drawn: Engine, reader: Connection) -> None:
    """A special area has nothing below it; a city without counties stands in for its county."""
    load(drawn, [incident(1, "special"), incident(2, "J1")])
    found = ask(
        reader,
        "SELECT incident.city_code, incident.county_code, incident.township_code,"
        " cell_code, precision, code FROM gridboard.incident JOIN gridboard.area"
        " ON area_id = cell_id ORDER BY incident_id",
    )
    jiayuguan = cell_code("J1")
    assert found == [
        (SPECIAL, SPECIAL, SPECIAL, None, 1, SPECIAL),
        (CITY_WITHOUT_COUNTIES,) * 2 + (TOWNSHIPS["J"], jiayuguan, 5, jiayuguan),
    ]


def test_lowest_code_wins_on_a_border(drawn: Engine, reader: Connection) -> None:
    load(drawn, [incident(1, "S1", lon=WEST + SIDE), incident(2, "S2", lon=WEST + 2 * SIDE)])
    cells = ask(reader, "SELECT cell_code FROM gridboard.incident ORDER BY incident_id")
    assert cells == [(cell_code("S1"),), (cell_code("S2"),)]


def test_the_day_is_that_of_the_place(drawn: Engine, reader: Connection) -> None:
    """17:30 in London is 01:30 of the next day in Lanzhou, and of the next month here."""
    load(drawn, [incident(1, occurred_at=datetime(2024, 1, 31, 17, 30, tzinfo=UTC))])
    assert ask(reader, "SELECT occurred_on::text FROM gridboard.incident") == [("2024-02-01",)]
    assert ask(reader, "SELECT month::text FROM gridboard.rollup_county") == [("2024-02-01",)]


def test_the_same_file_again_changes_nothing(drawn: Engine, reader: Connection) -> None:
    rows = [incident(n, place) for n, place in enumerate(["S1", "S1", "N2", "J2", "special"])]
    load(drawn, rows)
    before = state(reader), ask(reader, "SELECT * FROM gridboard.revision ORDER BY kind")
    for _ in range(2):
        assert counts(load(drawn, rows)) == {"read": 5, "unchanged": 5}
    assert (state(reader), ask(reader, "SELECT * FROM gridboard.revision ORDER BY kind")) == before


CORRECTIONS = {
    "status": {"status": "resolved", "resolved_at": NOON + timedelta(days=3)},
    "category": {"category": "land"},
    "cell": {"lon": WEST + 1.5 * SIDE},
    "county": {"lon": WEST + 2.5 * SIDE},
    "day": {"occurred_at": NOON - timedelta(days=1)},
    "month": {"occurred_at": NOON - timedelta(days=31)},
    "year and county": {"occurred_at": NOON - timedelta(days=400), "lon": WEST + 3.5 * SIDE},
    "deadline only": {"deadline": NOON + timedelta(days=60)},
    "scale removed": {"scale": None},
}


@pytest.mark.parametrize("case", CORRECTIONS)
def test_a_correction_is_as_if_it_had_come_first(
    drawn: Engine, reader: Connection, case: str
) -> None:
    others = [incident(n, "S1") for n in range(2, 5)]
    load(drawn, [incident(1), *others])
    report = load(drawn, [incident(1) | CORRECTIONS[case]])
    assert counts(report) == {"read": 1, "updated": 1}
    assert agree(drawn)
    assert ask(reader, "SELECT count(*) FROM gridboard.incident") == [(4,)]
    back = load(drawn, [incident(1)])
    assert counts(back) == {"read": 1, "updated": 1}
    assert agree(drawn)


def test_a_correction_marks_every_block_it_touches(drawn: Engine, reader: Connection) -> None:
    """Also where counts stay equal, so that what is cached of the county is read again."""
    load(drawn, [incident(1, "S1"), incident(2, "E1")])
    revision = "SELECT number FROM gridboard.revision WHERE kind = 'incident'"
    blocks = "SELECT county_code, revision FROM gridboard.rollup_county ORDER BY 1"
    first = ask(reader, revision)[0][0]
    assert ask(reader, blocks) == [(COUNTY, first), ("990102", first)]
    load(drawn, [incident(1, "S1", deadline=None)])
    second = ask(reader, revision)[0][0]
    assert second > first
    assert ask(reader, blocks) == [(COUNTY, second), ("990102", first)]


BAD = {
    "no incident_id": {"incident_id": None},
    "incident_id too long": {"incident_id": "x" * 101},
    "no occurred_at": {"occurred_at": None},
    "occurred_at in the future": {"occurred_at": datetime.now(UTC) + timedelta(days=3)},
    "occurred_at before 1990": {"occurred_at": datetime(1989, 12, 31, tzinfo=UTC)},
    "no coordinates": {"lon": None},
    "coordinates 0, 0": {"lon": 0.0, "lat": 0.0},
    "coordinates out of range": {"lon": 200.0, "lat": 36.0},
    "outside the area of the database": {"lon": 120.0},
    "unknown category": {"category": "dragons"},
    "unknown scale": {"scale": "99"},
    "no channel": {"channel": None},
    "no status": {"status": None},
    "people is no whole number from 0": {"people": 1.5},
    "people above 2147483647": {"people": 2**31},
    "NUL character in incident_id": {"incident_id": "A\0"},
    "NUL character in method": {"method": "by\0phone"},
    "NUL character in organisation": {"organisation": "\0"},
    "NUL character in category": {"category": "fam\0ily"},
}


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_row_is_refused_with_its_reason(
    drawn: Engine, reader: Connection, reason: str
) -> None:
    rows = [incident(1), incident(2) | BAD[reason], incident(3)]
    report = load(drawn, rows)
    assert counts(report) == {"read": 3, "loaded": 2, "rejected": 1}
    assert report.reasons == Counter({reason: 1})
    assert ask(reader, "SELECT row, reason FROM gridboard.reject") == [(2, reason)]
    [(kept,)] = ask(reader, "SELECT report FROM gridboard.batch WHERE kind = 'incident'")
    assert kept["reasons"] == {reason: 1}


def test_what_the_database_can_just_hold_is_loaded(drawn: Engine, reader: Connection) -> None:
    assert counts(load(drawn, [incident(1, people=2**31 - 1)])) == {"read": 1, "loaded": 1}
    assert ask(reader, "SELECT people FROM gridboard.incident") == [(2**31 - 1,)]


def test_refused_rows_are_kept_with_a_sign_for_nul(drawn: Engine, reader: Connection) -> None:
    load(drawn, [incident(1, method="by\0phone")])
    [(kept,)] = ask(reader, "SELECT raw FROM gridboard.reject")
    assert kept["method"] == "by␀phone"


def test_rows_of_one_file_with_one_identifier(drawn: Engine, reader: Connection) -> None:
    """Within a chunk and across chunks: equal rows count once, others are refused."""
    one, other = incident(1), incident(1, "S2")
    report = load(drawn, [one, one, other], [incident(2), one, other])
    assert counts(report) == {"read": 6, "loaded": 2, "unchanged": 2, "rejected": 2}
    assert report.reasons == Counter({REPEATED: 2})
    rejected = ask(reader, "SELECT row FROM gridboard.reject ORDER BY row")
    assert rejected == [(3,), (6,)]
    assert agree(drawn)


def test_sources_do_not_share_identifiers(drawn: Engine, reader: Connection) -> None:
    load(drawn, [incident(1)], source="one")
    assert counts(load(drawn, [incident(1)], source="two")) == {"read": 1, "loaded": 1}
    assert ask(reader, "SELECT source FROM gridboard.incident ORDER BY 1") == [("one",), ("two",)]


def test_an_empty_file_is_a_batch_of_nothing(drawn: Engine, reader: Connection) -> None:
    assert counts(load(drawn)) == {}
    assert counts(load(drawn, [])) == {}
    finished = "SELECT count(finished_at) FROM gridboard.batch WHERE kind = 'incident'"
    assert ask(reader, finished) == [(2,)]


def test_a_load_that_fails_leaves_nothing(drawn: Engine, reader: Connection) -> None:
    load(drawn, [incident(1)])
    before = state(reader), ask(reader, "SELECT count(*) FROM gridboard.batch")
    broken = frame([incident(9)]).drop(columns="lat")
    with pytest.raises(InputError, match="lack the columns lat"), loading(drawn) as connection:
        load_incidents(connection, [frame([incident(8)]), broken], CHINA, source="test")
    assert (state(reader), ask(reader, "SELECT count(*) FROM gridboard.batch")) == before


def test_refuses_to_load_into_another_hierarchy(drawn: Engine) -> None:
    chunk = [frame([incident(1)])]
    with loading(drawn) as connection, pytest.raises(InputError, match="this database holds china"):
        load_incidents(connection, chunk, load_hierarchy("chicago"), source="test")


def test_refuses_to_load_without_boundaries(loader_engine: Engine) -> None:
    with loading(loader_engine) as connection, pytest.raises(InputError, match="no boundaries"):
        load_incidents(connection, [frame([incident(1)])], CHINA, source="test")


def test_new_terms_are_created_where_they_are_wanted(drawn: Engine, reader: Connection) -> None:
    rows = [incident(n, category=f"kind {n}") for n in range(3)]
    with loading(drawn) as connection:
        chunks = [frame(rows[:2]), frame(rows[2:])]
        kinds = frozenset({"category"})
        load_incidents(connection, chunks, CHINA, source="test", create_terms=kinds)
    codes = ask(reader, "SELECT code FROM gridboard.term WHERE kind = 'category' ORDER BY id")
    assert [code for (code,) in codes][-3:] == ["kind 0", "kind 1", "kind 2"]


def test_no_term_is_created_of_what_the_database_refuses(drawn: Engine) -> None:
    with loading(drawn) as connection:
        chunk, kinds = frame([incident(1, category="a\0b")]), frozenset({"category"})
        report = load_incidents(connection, [chunk], CHINA, source="test", create_terms=kinds)
    assert report.reasons == Counter({"NUL character in category": 1})


def test_listeners_are_told_once_a_load_is_committed(drawn: Engine, admin_engine: Engine) -> None:
    raw = admin_engine.raw_connection()
    raw.driver_connection.autocommit = True
    with raw.cursor() as cursor:
        cursor.execute("LISTEN gridboard")
    load(drawn, [incident(1)])
    load(drawn, [incident(1)])
    raw.driver_connection.poll()
    told = [json.loads(notice.payload) for notice in raw.driver_connection.notifies]
    raw.close()
    assert [message["kind"] for message in told] == ["incident"]


def test_two_loaders_of_one_file_give_one_result(drawn: Engine, reader: Connection) -> None:
    rows = [incident(n, ["S1", "E1", "J2"][n % 3]) for n in range(300)]

    def run(order: int) -> LoadReport:
        return load(drawn, rows[::order][:150], rows[::order][150:])

    with ThreadPoolExecutor(2) as threads:
        reports = list(threads.map(run, [1, -1]))
    assert sorted(report.rows_loaded for report in reports) == [0, 300]
    assert sorted(report.rows_unchanged for report in reports) == [0, 300]
    assert ask(reader, "SELECT count(*) FROM gridboard.incident") == [(300,)]
    assert agree(drawn)


def test_loaders_of_two_sources_share_blocks_exactly(drawn: Engine) -> None:
    def run(source: str) -> None:
        for n in range(5):
            load(drawn, [incident(n, occurred_at=NOON - timedelta(days=365 * n))], source=source)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(run, ["one", "two", "three"]))
    assert agree(drawn)


def test_loaders_that_create_terms_do_not_wait_in_a_circle(drawn: Engine) -> None:
    def run(source: str) -> None:
        order = (1, -1)[source == "two"]
        rows = [incident(n, category=f"kind {n}") for n in range(8)][::order]
        with loading(drawn) as connection:
            chunks = [frame([row]) for row in rows]
            kinds = frozenset({"category"})
            load_incidents(connection, chunks, CHINA, source=source, create_terms=kinds)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(run, ["one", "two"]))
    assert agree(drawn)


def test_verification_finds_what_was_tampered_with(drawn: Engine, admin_engine: Engine) -> None:
    load(drawn, [incident(1), incident(2, "E1"), incident(3, "E2", status="resolved")])
    with admin_engine.begin() as connection:
        delete = f"DELETE FROM gridboard.incident WHERE county_code = '{COUNTY}'"  # noqa: S608
        connection.exec_driver_sql(delete)
        connection.exec_driver_sql(
            "UPDATE gridboard.rollup_county SET totals = '' WHERE county_code = '990102'"
        )
    with loading(drawn) as connection:
        found = [str(mismatch) for mismatch in verify_rollups(connection)]
        assert found == [
            f"rollup_cell {TOWNSHIPS['S']} 2024-05: 1 entries differ",
            f"rollup_county {COUNTY} 2024-05: 1 entries differ",
            f"rollup_county hours {COUNTY} 2024-05: 1 entries differ",
            f"rollup_county totals {COUNTY} 2024-05: 1 entries differ",
            "rollup_county totals 990102 2024-05: 2 entries differ",
        ]
        assert rebuild_rollups(connection) == 2
    assert agree(drawn)
