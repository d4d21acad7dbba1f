"""The ledger: batches are listed, undone, and compared by checksum."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from geopandas import GeoDataFrame
from sqlalchemy import Connection, Engine

from etl.batches import read_batch, read_batches
from etl.boundaries import load_boundaries
from etl.checksums import Checksums, take_checksums
from etl.incidents import load_incidents
from etl.places import read_places
from etl.reports import LoadReport
from etl.undoing import UndoError, UndoReport, place_anew, undo_batch
from etl.verification import verify_rollups
from geo.database import loading
from geo.errors import NotFoundError
from tests.areas import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    TOWNSHIPS,
    cell_code,
    province_areas,
)
from tests.etl.drawn import CHINA, NOON, ask, frame, incident, load

A = [incident(n, place) for n, place in enumerate(["S1", "S1", "N2", "E1", "J2", "special"])]
"""The first file: six incidents."""


def sums(engine: Engine) -> Checksums:
    """The checksums, after a look at the rollups."""
    with loading(engine) as connection:
        assert verify_rollups(connection) == []
        return take_checksums(connection)


def undo(engine: Engine, report: LoadReport, author: str = "tester") -> UndoReport:
    """Undo what a report reports."""
    with loading(engine) as connection:
        return undo_batch(connection, report.batch_id, author=author)


CORRECTIONS: dict[str, Sequence[dict[str, object]]] = {
    "new incidents": [incident(10, "S2"), incident(11, "E2")],
    "another year": [incident(12, "S2", occurred_at=NOON - timedelta(days=900))],
    "other content": [incident(0, "S1", category="land"), incident(3, "E1", people=9)],
    "another place": [incident(0, "J1"), incident(4, "N1"), incident(13, "N1")],
    "another day": [incident(1, "S1", occurred_at=NOON - timedelta(days=400))],
    "nothing new": A,
}


@pytest.mark.parametrize("second", CORRECTIONS.values(), ids=CORRECTIONS)
def test_undoing_the_second_load_is_never_having_loaded_it(
    drawn: Engine, second: Sequence[dict[str, object]]
) -> None:
    load(drawn, A)
    before = sums(drawn)
    report = load(drawn, second)
    assert (sums(drawn) == before) == (second is A)
    done = undo(drawn, report)
    assert done.rows_removed == report.rows_loaded + report.rows_updated
    assert done.rows_restored == report.rows_updated
    assert sums(drawn) == before


def test_undoing_everything_leaves_nothing(drawn: Engine, reader: Connection) -> None:
    empty = sums(drawn)
    reports = [load(drawn, A), load(drawn, CORRECTIONS["another place"]), load(drawn, A[:2])]
    for report in reversed(reports):
        undo(drawn, report)
    assert sums(drawn) == empty
    assert ask(reader, "SELECT count(*) FROM gridboard.incident") == [(0,)]
    assert ask(reader, "SELECT count(*) FROM gridboard.former_incident") == [(0,)]


def test_an_undone_batch_can_be_loaded_again(drawn: Engine) -> None:
    load(drawn, A)
    after = load(drawn, CORRECTIONS["another place"])
    wanted = sums(drawn)
    undo(drawn, after)
    load(drawn, CORRECTIONS["another place"])
    assert sums(drawn) == wanted


def merged() -> GeoDataFrame:
    """The drawing after cell S2 has taken over cell S1."""
    areas = province_areas()
    both = areas["code"].isin([cell_code("S1"), cell_code("S2")])
    areas.loc[areas["code"] == cell_code("S2"), "geometry"] = areas.loc[both].union_all()
    return GeoDataFrame(areas.loc[areas["code"] != cell_code("S1")])


def test_what_comes_back_is_placed_on_the_areas_of_today(drawn: Engine, reader: Connection) -> None:
    """By the time of the undo, the cell in which they once were is part of another."""
    first = load(drawn, A)
    second = load(drawn, [incident(0, "E1"), incident(1, "E1", category="land")])
    with loading(drawn) as connection:
        load_boundaries(connection, merged(), CHINA, valid_from=date(2024, 6, 1))
    undo(drawn, second)
    cells = "SELECT cell_code FROM gridboard.incident WHERE incident_id IN ('A-0', 'A-1')"
    assert ask(reader, cells) == [(cell_code("S2"),)] * 2
    got = sums(drawn)
    # As if the second file had never been loaded.
    undo(drawn, first)
    load(drawn, A)
    assert sums(drawn) == got


def test_without_a_point_the_finest_area_that_is_left_counts(drawn: Engine) -> None:
    with loading(drawn) as connection:
        places = read_places(connection)
    rows = pd.DataFrame(
        {
            "lon": [np.nan, np.nan, np.nan, np.nan, 100.005],
            "lat": [np.nan, np.nan, np.nan, np.nan, 36.005],
            "cell_code": [cell_code("E1"), "gone", "gone", "gone", "gone"],
            "village_code": [None, None, "gone", "gone", None],
            "township_code": [TOWNSHIPS["E"], TOWNSHIPS["S"], "gone", "gone", "gone"],
            "county_code": [OTHER_COUNTY, COUNTY, COUNTY, "gone", "gone"],
            "city_code": [CITY, CITY, CITY, "gone", "gone"],
        }
    )
    found = places.frame["code"].to_numpy()[place_anew(rows, places)]
    expected = [cell_code("E1"), TOWNSHIPS["S"], COUNTY, PROVINCE, cell_code("S1")]
    assert found.tolist() == expected


def test_a_batch_that_a_later_one_has_corrected_is_refused(drawn: Engine) -> None:
    first = load(drawn, A)
    second = load(drawn, [incident(0, "J1"), incident(1, "J1")])
    before = sums(drawn)
    with pytest.raises(UndoError, match=rf"batch {second.batch_id} .* has since replaced 2 inc"):
        undo(drawn, first)
    assert sums(drawn) == before
    undo(drawn, second)
    undo(drawn, first)


def test_a_second_undo_says_so(drawn: Engine) -> None:
    report = load(drawn, A)
    undo(drawn, report, author="Wang")
    with pytest.raises(UndoError, match=r"was undone already, on .* by Wang"):
        undo(drawn, report)


def test_a_later_batch_of_others_is_not_named(drawn: Engine) -> None:
    """A county's operator learns that it is there, which stands in the way, and no more."""
    own, secret = [incident(1, "S1")], [incident(1, "S1", category="land")]
    with loading(drawn) as connection:
        options = {"source": "test", "scope_code": COUNTY, "name": "own.csv"}
        report = load_incidents(connection, [frame(own)], CHINA, **options)
        later = load_incidents(connection, [frame(secret)], CHINA, source="test", name="secret.csv")
    with loading(drawn) as connection, pytest.raises(UndoError, match="by others") as refused:
        undo_batch(connection, report.batch_id, author="tester", scope_code=COUNTY)
    assert "secret" not in str(refused.value)
    assert f"batch {later.batch_id}" not in str(refused.value)


def test_a_batch_of_areas_is_not_undone(drawn: Engine) -> None:
    with loading(drawn) as connection:
        areas = read_batches(connection)[-1].batch_id
        with pytest.raises(UndoError, match="load the former edition again"):
            undo_batch(connection, areas, author="tester")


def test_a_batch_that_is_not_there(drawn: Engine) -> None:
    with loading(drawn) as connection, pytest.raises(NotFoundError, match="no batch 9999"):
        undo_batch(connection, 9999, author="tester")


def test_another_scope_undoes_nothing(drawn: Engine) -> None:
    report = load(drawn, A)
    with loading(drawn) as connection:
        with pytest.raises(UndoError, match="was loaded for 990000, not for 990101"):
            undo_batch(connection, report.batch_id, author="tester", scope_code="990101")
        assert undo_batch(
            connection, report.batch_id, author="tester", scope_code="990000"
        ).rows_removed == len(A)


def test_the_ledger_names_the_days_and_the_author(drawn: Engine, reader: Connection) -> None:
    report = load(drawn, [incident(1), incident(2, occurred_at=NOON + timedelta(days=3))])
    days = "SELECT first_day::text, last_day::text FROM gridboard.batch WHERE batch_id = :id"
    assert ask(reader, days, id=report.batch_id) == [("2024-05-10", "2024-05-13")]
    with loading(drawn) as connection:
        undo_batch(connection, report.batch_id, author="Li")
        batch = read_batch(connection, report.batch_id)
    assert (batch.undone_by, batch.rows_loaded) == ("Li", 2)


def test_checksums_know_content_alone(drawn: Engine, admin_engine: Engine) -> None:
    load(drawn, A)
    before = sums(drawn)
    assert (before.incident_rows, before.rollup_rows > 0) == (len(A), True)
    with admin_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE gridboard.incident SET batch_id = batch_id + 7")
        connection.exec_driver_sql("UPDATE gridboard.rollup_cell SET revision = revision + 7")
    assert sums(drawn) == before
    for change in ("people = people + 1", "method = 'x'", "status = 2", "score = 0.5"):
        with admin_engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE gridboard.incident SET {change}")  # noqa: S608
            assert take_checksums(connection).incidents != before.incidents
            connection.rollback()


def test_loads_and_undos_are_in_the_audit_log(drawn: Engine, reader: Connection) -> None:
    report = load(drawn, A)
    undo(drawn, report, "Li")
    lines = ask(
        reader,
        "SELECT action, actor, scope_code, (detail ->> 'batch_id')::bigint FROM gridboard.audit"
        " WHERE action IN ('load', 'undo') AND detail ->> 'batch_id' = CAST(:id AS text)"
        " ORDER BY audit_id",
        id=report.batch_id,
    )
    assert [(line[0], line[2:]) for line in lines] == [
        ("load", ("990000", report.batch_id)),
        ("undo", ("990000", report.batch_id)),
    ]
    assert lines[1][1] == "Li"
