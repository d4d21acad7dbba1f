"""Whole loads of files: addresses, recorded codes, person data and lying coordinates."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Connection, Engine
from typer.testing import CliRunner

from etl.cli import app
from etl.divisions import load_divisions, read_division_file
from etl.fitting import LyingCrsError
from etl.gazetteer import find_in_gazetteer, load_gazetteer, read_gazetteer_file
from etl.loading import load_incident_file
from etl.persons import PersonDataError
from etl.profiles import Profile, parse_profile
from etl.reasons import reason_code
from etl.reports import LoadReport
from geo.database import loading
from geo.errors import InputError
from geo.settings import DatabaseSettings
from geo.shifted import shift
from tests.areas import SIDE, SOUTH, TOWNSHIPS, WEST, cell_code
from tests.etl.drawn import NOON, PLACES, ask

PROFILE = """
key = "test"
hierarchy = "china"
[incidents]
source = "test"
crs = "EPSG:4326"
time_zone = "Asia/Shanghai"
incident_id = ["id"]
lon = "lon"
lat = "lat"
address = "place"
recorded = { column = "code", tolerance_m = 100 }
occurred_at = { column = "time" }
received_at = { column = "received" }
resolved_at = { column = "resolved" }
deadline = { column = "due" }
category = { constant = "family" }
channel = { constant = "hotline" }
status = { constant = "open" }
"""


def profile(**changes: str) -> Profile:
    text = PROFILE
    for old, new in changes.items():
        text = text.replace(old, new)
    return parse_profile(text, "test")


def row(number: int, cell: str = "S1", **changes: object) -> dict[str, object]:
    """A row in the middle of a cell of the drawing."""
    column, line = PLACES[cell]
    lon, lat = WEST + (column + 0.5) * SIDE, SOUTH + (line + 0.5) * SIDE
    values = {"id": f"A-{number}", "time": NOON.isoformat(), "lon": lon, "lat": lat}
    empty = dict.fromkeys(("received", "resolved", "due", "place", "code"))
    return values | empty | changes


def load(
    engine: Engine, folder: Path, rows: Sequence[dict[str, object]], given: Profile | None = None
) -> LoadReport:
    file = folder / "cases.csv"
    pd.DataFrame(rows).to_csv(file, index=False)
    return load_incident_file(engine, file, given or profile(), lambda step, done, total: None)


def codes(report: LoadReport) -> dict[str, int]:
    return {reason_code(text): count for text, count in report.reasons.items()}


AREAS = (
    "SELECT incident_id, precision, score, geom IS NULL, coalesce(cell_code, township_code) FROM"
)
LATER, EARLIER = NOON + timedelta(days=2), NOON - timedelta(days=2)


def test_every_row_is_loaded_or_refused_with_a_reason(
    drawn: Engine, reader: Connection, tmp_path: Path
) -> None:
    divisions = tmp_path / "divisions.csv"
    divisions.write_text(
        "code,name,valid_from,valid_to\n990109,旧县,2001-01-01,2020-01-01\n990108,新县,2020-01-01,\n",
        encoding="utf-8",
    )
    with loading(drawn) as connection:
        load_divisions(connection, read_division_file(divisions))
    future = (pd.Timestamp.now("UTC") + pd.Timedelta(days=3)).isoformat()
    refused = {
        "future_date": {"time": future},
        "ancient_date": {"time": "1975-01-01T00:00:00Z"},
        "unreadable_occurred_at": {"time": "yesterday"},
        "received_in_future": {"received": future},
        "resolved_in_future": {"resolved": future},
        "received_before_occurred": {"received": EARLIER.isoformat()},
        "resolved_before_occurred": {"resolved": EARLIER.isoformat()},
        "deadline_before_occurred": {"due": EARLIER.isoformat()},
        "null_island": {"lon": 0, "lat": 0},
        "swapped_axes": {"lon": 36.005, "lat": 100.005},
        "coordinates_out_of_range": {"lon": 1000, "lat": 36},
        "outside_hierarchy": {"lon": 101, "lat": 36},
        "unreadable_lon": {"lon": "here"},
        "no_coordinates": {"lon": None, "lat": None},
        "unknown_code": {"code": "123456"},
        "abolished_code": {"code": "990109"},
        "code_disagrees": {"code": cell_code("E2")},
        "address_not_found": {"lon": None, "lat": None, "place": "某处"},
        "address_ambiguous": {"lon": None, "lat": None, "place": "南县东县"},
        "no_id": {"id": None},
    }
    good: list[dict[str, object]] = [
        {"received": LATER.isoformat(), "resolved": LATER.isoformat(), "due": LATER.isoformat()},
        {"received": (NOON - timedelta(hours=12)).isoformat()},
        {"code": cell_code("S1")},
        {"code": "990101"},
        {"code": "990101000000"},
        {"code": "990108"},
        # 99 m beyond the border of the cell that is recorded.
        {"code": cell_code("S2"), "lon": WEST + SIDE - 95 / 90_100},
        {"code": None, "place": "somewhere"},
    ]
    rows = [row(n, **changes) for n, changes in enumerate([*refused.values(), *good])]
    report = load(drawn, tmp_path, rows)
    assert codes(report) == dict.fromkeys(refused, 1)
    assert report.rows_loaded == len(good)
    assert report.rows_read == len(rows)
    text = next(text for text in report.reasons if "abolished" in text)
    assert (
        text == "recorded code abolished: 旧县 (990109), in force from 2001-01-01 until 2020-01-01"
    )
    assert load(drawn, tmp_path, rows).rows_unchanged == len(good)


def test_a_code_abolished_later_is_right_in_old_records(drawn: Engine, tmp_path: Path) -> None:
    divisions = tmp_path / "divisions.csv"
    divisions.write_text("code,name,valid_to\n990109,旧县,2020-01-01\n", encoding="utf-8")
    with loading(drawn) as connection:
        load_divisions(connection, read_division_file(divisions))
    rows = [
        row(1, code="990109", time="2019-12-31T15:00:00Z"),
        row(2, code="990109", time="2019-12-31T17:00:00Z"),
    ]
    report = load(drawn, tmp_path, rows)
    assert (report.rows_loaded, codes(report)) == (1, {"abolished_code": 1})


def test_rows_with_addresses_alone_are_placed(
    drawn: Engine, reader: Connection, tmp_path: Path
) -> None:
    places = tmp_path / "gazetteer.csv"
    x, y = shift(np.array([WEST + 0.013]), np.array([SOUTH + 0.004]), "GCJ-02")
    places.write_text(
        f"name,kind,lon,lat,crs\n东方大市场,market,{float(x[0])!r},{float(y[0])!r},GCJ-02\n远方大市场,,110,20,EPSG:4326\n",
        encoding="utf-8",
    )
    for added, known in ((1, 0), (0, 1)):
        with loading(drawn) as connection:
            done = load_gazetteer(connection, read_gazetteer_file(places))
        assert (done.rows_read, done.rows_added, done.rows_known, done.rows_outside) == (
            2, added, known, 1)  # fmt: skip
    former = tmp_path / "former.csv"
    former.write_text("code,name,valid_to\n990101,老县,2015-01-01\n", encoding="utf-8")
    with loading(drawn) as connection:
        load_divisions(connection, read_division_file(former))
    nowhere = {"lon": None, "lat": None}
    rows = [
        row(1, place="甲市南县S镇", **nowhere),
        row(2, place="南县东方大市场二楼", **nowhere),
        row(3, place="乙市 J镇网格J2旁", **nowhere),
        row(4, "N1", place="东县"),  # coordinates are believed before the address
        row(5, place="东县", **nowhere),
        row(6, place="S镇", code="990102", **nowhere),  # but the source says another county
        row(7, place="老县 N镇", **nowhere),
    ]
    report = load(drawn, tmp_path, rows)
    assert codes(report) == {"code_disagrees": 1}
    found = ask(reader, f"{AREAS} gridboard.incident ORDER BY incident_id")
    assert [(*x[:2], x[2] and round(float(str(x[2])), 2), *x[3:]) for x in found] == [
        ("A-1", 3, 1.0, True, TOWNSHIPS["S"]),
        ("A-2", 5, 1.0, False, cell_code("S2")),
        ("A-3", 5, 1.0, True, cell_code("J2")),
        ("A-4", 5, None, False, cell_code("N1")),
        ("A-5", 2, 1.0, True, "990102"),
        ("A-7", 3, 0.9, True, TOWNSHIPS["N"]),
    ]
    everything = ask(reader, "SELECT i::text FROM gridboard.incident i")
    assert not any("市场" in str(text) or "网格J2" in str(text) for text in everything)
    assert load(drawn, tmp_path, rows).rows_unchanged == 6
    found_places = find_in_gazetteer(reader, "东方市场")
    assert found_places["name"].tolist() == ["东方大市场"]
    assert found_places["lon"].iloc[0] == pytest.approx(WEST + 0.013, abs=1e-8)


def test_a_gazetteer_needs_a_crs_and_holds_no_persons(tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    file.write_text("name,lon,lat\n东方大市场,100,36\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: nothing says in which CRS"):
        read_gazetteer_file(file)
    assert read_gazetteer_file(file, "EPSG:4326")["lon"].tolist() == [100.0]
    file.write_text("name,lon,lat\n张伟,100,36\n李娜,100,36\n王建国,100,36\n", encoding="utf-8")
    with pytest.raises(PersonDataError):
        read_gazetteer_file(file, "EPSG:4326")
    file.write_text("name,lon,lat\n东方大市场,x,36\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2: lon is no number"):
        read_gazetteer_file(file, "EPSG:4326")


def test_a_file_with_person_data_is_refused_whole(
    drawn: Engine, reader: Connection, tmp_path: Path
) -> None:
    rows = [row(n, remark="调解成功") for n in range(30)]
    rows[7]["remark"] = "联系13812345678"
    with pytest.raises(PersonDataError) as refused:
        load(drawn, tmp_path, rows)
    assert "'remark' has phone numbers in 1 rows" in str(refused.value)
    assert "1381234" not in str(refused.value)
    with pytest.raises(PersonDataError, match="'当事人姓名' has names in 1 rows"):
        load(drawn, tmp_path, [row(1, 当事人姓名="x")])
    assert ask(reader, "SELECT count(*) FROM gridboard.incident") == [(0,)]
    assert ask(reader, "SELECT count(*) FROM gridboard.reject") == [(0,)]
    named = profile(**{'place"': 'place"\nleave_out = ["remark"]'})
    assert load(drawn, tmp_path, rows, named).rows_loaded == 30


def test_a_file_that_lies_about_its_crs_is_refused_whole(
    drawn: Engine, reader: Connection, tmp_path: Path
) -> None:
    some = np.random.default_rng(1)
    rows = []
    for number, cell in enumerate(["S1", "S2", "N1", "N2", "E1", "E2", "J1", "J2"] * 30):
        column, line = PLACES[cell]
        at = (
            np.array([WEST, SOUTH])
            + (np.array([column, line]) + some.uniform(0.02, 0.98, 2)) * SIDE
        )
        x, y = shift(at[:1], at[1:], "BD-09")
        rows.append(row(number, code=cell_code(cell), lon=x[0], lat=y[0]))
    with pytest.raises(LyingCrsError, match=r"said to be in EPSG:4326.* only as BD-09"):
        load(drawn, tmp_path, rows)
    assert ask(reader, "SELECT count(*) FROM gridboard.incident") == [(0,)]
    honest = profile(**{"EPSG:4326": "BD-09"})
    assert load(drawn, tmp_path, rows, honest).rows_loaded == 240


def test_lists_are_loaded_by_command(
    drawn: Engine, database: DatabaseSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = database.url("admin").render_as_string(hide_password=False)
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", url)

    def run(*words: object) -> str:
        result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
        assert result.exit_code == 0
        return " ".join(result.output.split())

    divisions = tmp_path / "divisions.csv"
    divisions.write_text("code,name\n990101,南县\n", encoding="utf-8")
    said = run("load", "divisions", divisions, "--valid-from", "2020-01-01")
    assert "1 divisions read, 1 added, 0 ended, 0 unchanged" in said
    places = tmp_path / "places.csv"
    places.write_text("name,lon,lat\n东方大市场,100.005,36.005\n", encoding="utf-8")
    said = run("load", "gazetteer", places, "--crs", "EPSG:4490")
    assert "1 places read, 1 added, 0 known already, 0 outside" in said
    assert "1 added" in run("load", "gazetteer", places, "--crs", "EPSG:4490", "--replace")
