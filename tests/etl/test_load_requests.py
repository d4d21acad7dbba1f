"""What may be asked of a load: only one area, only to try, and what a correction leaves behind."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine, text

from etl.batches import file_sha256
from etl.checksums import take_checksums
from etl.incidents import load_incidents
from etl.loading import load_incident_file
from etl.persons import PersonDataError
from etl.profiles import Profile, load_profile
from etl.reasons import FORBIDDEN, REPEATED
from etl.reports import LoadReport
from etl.terms import NewTerm
from etl.verification import verify_rollups
from etl.workers import BESIDE, Crew, Processes
from geo.database import loading
from geo.errors import InputError
from tests.areas import COUNTY, TOWNSHIPS
from tests.etl.drawn import CHINA, NOON, ask, counts, frame, incident, load

CHINESE: Profile = load_profile("china").with_crs("EPSG:4326")
INCIDENTS = "SELECT count(*) FROM gridboard.incident"
LEDGER = "SELECT count(*) FROM gridboard.batch WHERE kind = 'incident'"


def load_within(engine: Engine, scope_code: str, *rows: dict[str, object]) -> LoadReport:
    with loading(engine) as connection:
        chunks = [frame(rows)]
        return load_incidents(connection, chunks, CHINA, source="test", scope_code=scope_code)


def write_csv(file: Path, rows: list[dict[str, object]], **more: object) -> Path:
    made = pd.DataFrame(rows).assign(**more)
    for name in ("occurred_at", "received_at", "deadline"):
        made[name] = made[name].map(lambda moment: moment.isoformat())
    made.to_csv(file, index=False)
    return file


def load_file(engine: Engine, file: Path, crew: Crew = BESIDE, **options: object) -> LoadReport:
    return load_incident_file(
        engine, file, CHINESE, lambda step, done, total: None, crew=crew, **options
    )


def test_rows_outside_the_scope_are_refused(drawn: Engine, reader: Connection) -> None:
    rows = [incident(1, "S1"), incident(2, "N1"), incident(3, "E1"), incident(4, "special")]
    report = load_within(drawn, COUNTY, *rows)
    assert counts(report) == {"read": 4, "loaded": 2, "rejected": 2}
    assert report.reasons == Counter({FORBIDDEN: 2})
    scope = "SELECT scope_code FROM gridboard.batch WHERE batch_id = :id"
    assert ask(reader, scope, id=report.batch_id) == [(COUNTY,)]
    assert counts(load_within(drawn, TOWNSHIPS["S"], *rows)) == {
        "read": 4, "unchanged": 1, "rejected": 3
    }  # fmt: skip


def test_somebody_elses_incident_is_not_taken_into_the_scope(
    drawn: Engine, reader: Connection
) -> None:
    """An identifier that is elsewhere by now: the row would pull it over."""
    load(drawn, [incident(1, "E1"), incident(2, "S1")])
    before = take_checksums(reader)
    report = load_within(drawn, COUNTY, incident(1, "S1"), incident(2, "S1"))
    assert counts(report) == {"read": 2, "unchanged": 1, "rejected": 1}
    assert report.reasons == Counter({FORBIDDEN: 1})
    assert ask(reader, "SELECT row FROM gridboard.reject") == [(1,)]
    assert take_checksums(reader) == before


def test_the_whole_hierarchy_may_be_named_as_scope(drawn: Engine) -> None:
    assert counts(load_within(drawn, "990000", incident(1, "J1"))) == {"read": 1, "loaded": 1}


def test_an_unknown_scope_is_refused(drawn: Engine) -> None:
    with pytest.raises(InputError, match="there is no area 123456"):
        load_within(drawn, "123456", incident(1))


def test_dictionaries_are_not_for_a_load_of_one_area(drawn: Engine, reader: Connection) -> None:
    """They belong to everybody: names stay, and codes are neither stated nor made."""
    names = "SELECT code, name_en FROM gridboard.term ORDER BY kind, id"
    before = ask(reader, names)
    options = {"source": "test", "scope_code": COUNTY, "create_terms": frozenset({"category"})}
    renamed, added = NewTerm("category", "land", "地", "soil"), NewTerm("scale", "02", "x", "x")
    with loading(drawn) as connection:
        chunks = [frame([incident(1), incident(2, category="dragons")])]
        report = load_incidents(connection, chunks, CHINA, terms=(renamed,), **options)
    assert report.reasons == Counter({"unknown category": 1})
    with loading(drawn) as connection, pytest.raises(InputError, match="lack scale 02"):
        load_incidents(connection, [], CHINA, terms=(renamed, added), **options)
    assert ask(reader, names) == before


def test_sentences_do_not_become_terms(drawn: Engine) -> None:
    options = {"source": "test", "create_terms": frozenset({"category"})}
    with loading(drawn) as connection, pytest.raises(InputError, match="is it free text"):
        load_incidents(connection, [frame([incident(1, category="x" * 41)])], CHINA, **options)


def test_a_large_load_does_not_wait_for_who_attaches_a_year(
    drawn: Engine, admin_engine: Engine
) -> None:
    """Statistics are skipped then: waiting for one who waits for our rollups would never end."""
    load(drawn, [incident(0)])
    with admin_engine.begin() as other, loading(drawn) as connection:
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        other.execute(text("LOCK gridboard.incident IN SHARE UPDATE EXCLUSIVE MODE"))
        chunks = [frame([incident(n) for n in range(1, 10_002)])]
        report = load_incidents(connection, chunks, CHINA, source="test")
    assert report.rows_loaded == 10_001


def test_a_dry_run_tells_everything_and_changes_nothing(
    drawn: Engine, reader: Connection, tmp_path: Path
) -> None:
    load(drawn, [incident(1), incident(2)], source="china")
    before = take_checksums(reader), ask(reader, "SELECT * FROM gridboard.revision ORDER BY kind")
    rows = [incident(1), incident(2, "E1"), incident(3), incident(4, "outside")]
    file, rejects = write_csv(tmp_path / "may.csv", rows), tmp_path / "rejects.csv"
    tried = load_file(drawn, file, dry_run=True, rejects=rejects)
    expected = {"read": 4, "loaded": 1, "updated": 1, "unchanged": 1, "rejected": 1}
    assert (counts(tried), tried.dry_run) == (expected, True)
    assert "A-4" in rejects.read_text("utf-8-sig")
    assert (
        take_checksums(reader),
        ask(reader, "SELECT * FROM gridboard.revision ORDER BY kind"),
    ) == before
    assert ask(reader, LEDGER) == [(1,)]
    done = load_file(drawn, file)
    assert (counts(done), done.dry_run) == (expected, False)
    assert done.reasons == tried.reasons


def test_the_ledger_knows_file_profile_and_author(
    drawn: Engine, reader: Connection, tmp_path: Path
) -> None:
    file = write_csv(tmp_path / "1234", [incident(1)])
    report = load_file(drawn, file, name="october.csv", author="Li")
    query = """
        SELECT file_name, file_sha256, profile, author, first_day::text, last_day::text
        FROM gridboard.batch WHERE batch_id = :id"""
    known = ("october.csv", file_sha256(file), "china", "Li", "2024-05-10", "2024-05-10")
    assert ask(reader, query, id=report.batch_id) == [known]


def test_what_a_correction_replaces_is_put_aside_whole(drawn: Engine, reader: Connection) -> None:
    load(drawn, [incident(1, people=3, method="talk"), incident(2)])
    columns = "SELECT column_name FROM information_schema.columns WHERE table_name = 'incident'"
    names = ", ".join(f'"{name}"' for (name,) in sorted(ask(reader, columns)))
    query = f"SELECT {names} FROM gridboard.incident WHERE incident_id = 'A-1'"  # noqa: S608
    former = ask(reader, query)
    report = load(drawn, [incident(1, "E2", people=4), incident(2), incident(3)])
    kept = f"SELECT {names} FROM gridboard.former_incident WHERE replaced_by = :id"  # noqa: S608
    assert ask(reader, kept, id=report.batch_id) == former
    assert len(former) == 1


def test_repeats_across_chunks_do_not_slow_what_is_new(drawn: Engine, reader: Connection) -> None:
    """They wait for the end: the first row of an identifier wins, whatever comes between."""
    first = [incident(n) for n in range(5)]
    again = [incident(1), incident(2, "S2"), incident(7), incident(7, people=9)]
    later = [incident(2, "S2"), incident(3), incident(8, occurred_at=NOON - timedelta(days=400))]
    report = load(drawn, first, again, later)
    assert counts(report) == {"read": 12, "loaded": 7, "unchanged": 2, "rejected": 3}
    assert report.reasons == Counter({REPEATED: 3})
    rejected = ask(reader, "SELECT row FROM gridboard.reject ORDER BY row")
    assert rejected == [(7,), (9,), (10,)]
    assert ask(reader, INCIDENTS) == [(7,)]
    with loading(drawn) as connection:
        assert verify_rollups(connection) == []


@pytest.mark.parametrize("crew", [BESIDE, Processes(2)], ids=["beside", "processes"])
def test_the_same_file_three_times_changes_nothing(
    drawn: Engine, reader: Connection, tmp_path: Path, crew: Crew
) -> None:
    places = ["S1", "N2", "E1", "J2", "special"]
    rows = [incident(n, places[n % 5], scale=None, people=n) for n in range(200)]
    file = write_csv(tmp_path / "may.csv", rows)
    assert counts(load_file(drawn, file, crew)) == {"read": 200, "loaded": 200}
    before = take_checksums(reader)
    for _ in range(2):
        assert counts(load_file(drawn, file, crew)) == {"read": 200, "unchanged": 200}
    assert take_checksums(reader) == before


@pytest.mark.parametrize("more", [{"当事人姓名": "王芳"}, {"备注": "电话13912345678，已联系"}])
def test_a_file_about_persons_is_refused_whole(
    drawn: Engine, reader: Connection, tmp_path: Path, more: dict[str, str]
) -> None:
    file = write_csv(tmp_path / "may.csv", [incident(n) for n in range(30)], **more)
    with pytest.raises(PersonDataError, match="30 rows") as error:
        load_file(drawn, file)
    assert not any(value in str(error.value) for value in ("王芳", "13912345678"))
    assert ask(reader, INCIDENTS) == [(0,)]
    assert ask(reader, "SELECT count(*) FROM gridboard.reject") == [(0,)]


def test_late_corrections_move_rollups_exactly(drawn: Engine) -> None:
    """Months of corrections, each verified by counting everything anew."""
    places = ["S1", "N2", "E1", "J2", "special", "S2"]
    for month in range(6):
        rows = [
            incident(
                n,
                places[(n + month) % 6],
                occurred_at=NOON - timedelta(days=40 * ((n * month) % 7)),
                status=["open", "resolved"][(n + month) % 2],
            )
            for n in range(month * 5, month * 5 + 30)
        ]
        report = load(drawn, rows[:11], rows[11:])
        assert report.rows_read == 30
        with loading(drawn) as connection:
            assert verify_rollups(connection) == []
