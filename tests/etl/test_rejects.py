"""Refused rows: all are kept, handed out, corrected and loaded again."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from etl.checksums import take_checksums
from etl.loading import load_incident_file
from etl.reading.returned import REASON_COLUMN, ROW_COLUMN, restore_exported
from etl.rejects import RejectStore, export_rejects
from etl.reports import FEW, LoadReport, MostlyRejectedError
from etl.spreadsheets import disarm, rearm, write_table
from etl.verification import verify_rollups
from geo.database import loading
from geo.errors import InputError
from tests.etl.drawn import ask, counts, incident, load

PROFILE = """
key = "mine"
hierarchy = "china"
[incidents]
source = "mine"
time_zone = "Asia/Shanghai"
crs = "EPSG:4326"
incident_id = ["编号"]
lon = "经度"
lat = "纬度"
occurred_at = {{ column = "发生时间" }}
category = {{ column = "类别" }}
channel = {{ constant = "hotline" }}
status = {{ constant = "open" }}
organisation = "组织"
{more}
"""
HEADER = ["编号", "类别", "发生时间", "纬度", "经度", "备用", "组织"]
GOOD = ["1", "family", "2024-05-10 12:00", "36.005", "100.005", "x", "a"]
BAD = [
    ["=1+1", "family", "2024-05-10 12:00", "36.005", "10.005", "x", "b"],
    ["+2", "nothing", "2024-05-10 12:00", "36.005", "100.005", "x", "=cmd()"],
    ["'@3", "family", "2094-05-10 12:00", "36.005", "100.005", "x", '"a,b" office'],
    ["00000000000000000004", "land", "2024-05-10 12:00", "0", "0", "x", "-5"],
]
"""Each wrong in one way; their identifiers are what spreadsheets love to spoil."""


def quiet(step: str, done: int, total: int) -> None:
    """Progress nobody looks at."""


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "mine.toml"
    path.write_text(PROFILE.format(more=""), encoding="utf-8")
    return str(path)


def write(path: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    """A CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def read(path: Path) -> list[dict[str, str]]:
    """The rows of an exported CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


CORRECT = {
    "=1+1": ("经度", "100.005"),
    "+2": ("类别", "land"),
    "'@3": ("发生时间", "2024-05-11 12:00"),
    "00000000000000000004": ("经度", "100.015"),
}


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_refused_rows_are_corrected_and_loaded(
    drawn: Engine, reader: Connection, tmp_path: Path, profile: str, ending: str
) -> None:
    first = load_incident_file(drawn, write(tmp_path / "a.csv", [GOOD, *BAD]), profile, quiet)
    assert counts(first) == {"read": 5, "loaded": 1, "rejected": 4}
    out = tmp_path / f"refused{ending}"
    with loading(drawn) as connection:
        assert export_rejects(connection, first.batch_id, out) == 4
    correct(out)
    second = load_incident_file(drawn, out, profile, quiet)
    assert counts(second) == {"read": 4, "loaded": 4}
    kept = ask(
        reader, "SELECT incident_id, organisation FROM gridboard.incident WHERE source='mine'"
    )
    assert sorted(map(str, kept)) == sorted(str((row[0], row[6])) for row in [GOOD, *BAD])
    with loading(drawn) as connection:
        assert verify_rollups(connection) == []


def correct(out: Path) -> None:
    """Do what an operator does: change cells, keep the rest."""
    if out.suffix == ".csv":
        frame = pd.read_csv(out, dtype=str, keep_default_na=False)
    else:
        frame = pd.read_excel(out, engine="calamine", dtype=str, keep_default_na=False)
    assert [*frame.columns] == [
        *(name for name in HEADER if name != "备用"),
        ROW_COLUMN,
        REASON_COLUMN,
    ]
    assert frame[ROW_COLUMN].tolist() == ["2", "3", "4", "5"]
    for at, key in enumerate(CORRECT):
        assert rearm(frame.loc[at, "编号"]) == key
        column, value = CORRECT[key]
        frame.loc[at, column] = value
        frame.loc[at, "纬度"] = "36.005"
    rows = frame.astype(object).to_numpy().tolist()
    if out.suffix == ".csv":
        frame.to_csv(out, index=False)
    else:
        write_table(out, [*frame.columns], [[rearm(cell) for cell in row] for row in rows])


def test_exported_cells_are_no_formulas(drawn: Engine, tmp_path: Path, profile: str) -> None:
    report = load_incident_file(
        drawn, write(tmp_path / "a.csv", BAD), profile, quiet, rejects=tmp_path / "r.csv"
    )
    assert counts(report) == {"read": 4, "rejected": 4}
    rows = read(tmp_path / "r.csv")
    assert [row["编号"] for row in rows] == ["'=1+1", "+2", "''@3", "00000000000000000004"]
    assert rows[1]["组织"] == "'=cmd()"
    assert rows[3]["组织"] == "-5"
    assert all(row[REASON_COLUMN] for row in rows)


def test_a_dry_run_hands_out_what_it_would_refuse(
    drawn: Engine, reader: Connection, tmp_path: Path, profile: str
) -> None:
    with loading(drawn) as connection:
        before = take_checksums(connection)
    report = load_incident_file(
        drawn,
        write(tmp_path / "a.csv", [GOOD, *BAD]),
        profile,
        quiet,
        dry_run=True,
        rejects=tmp_path / "refused.csv",
    )
    assert counts(report) == {"read": 5, "loaded": 1, "rejected": 4}
    assert report.as_dict()["batch_id"] is None
    assert len(read(tmp_path / "refused.csv")) == 4
    assert ask(reader, "SELECT count(*) FROM gridboard.reject") == [(0,)]
    with loading(drawn) as connection:
        assert take_checksums(connection) == before


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_export_is_laid_out_as_the_profile_says(
    drawn: Engine, tmp_path: Path, delimiter: str
) -> None:
    profile = tmp_path / "p.toml"
    stated = f"delimiter = {json.dumps(delimiter)}"
    profile.write_text(PROFILE.replace("[incidents]", f"[incidents]\n{stated}").format(more=""))
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADER, GOOD, *BAD])
    load_incident_file(drawn, path, str(profile), quiet, rejects=tmp_path / "r.csv")
    again = load_incident_file(drawn, tmp_path / "r.csv", str(profile), quiet)
    assert counts(again) == {"read": 4, "rejected": 4}


def test_every_refused_row_is_kept(drawn: Engine, reader: Connection) -> None:
    rows = [incident(n, "outside" if n > 12_000 else "S1") for n in range(24_001)]
    report = load(drawn, rows[:15_000], rows[15_000:])
    assert counts(report) == {"read": 24_001, "loaded": 12_001, "rejected": 12_000}
    kept = "SELECT count(*), min(row), max(row) FROM gridboard.reject"
    assert ask(reader, kept) == [(12_000, 12_002, 24_001)]
    assert report.examples == {"outside the area of the database": 12_002}


def test_a_load_that_refuses_most_rows_is_refused_whole(drawn: Engine, reader: Connection) -> None:
    rows = [incident(n, "outside" if n % 3 else "S1") for n in range(3_000)]
    with pytest.raises(
        MostlyRejectedError, match=r"2,000 × outside the area .* in row 2"
    ) as refused:
        load(drawn, rows)
    assert "2,000 of 3,000 rows were refused, so nothing was loaded" in str(refused.value)
    for table in ("incident", "reject"):
        assert ask(reader, f"SELECT count(*) FROM gridboard.{table}") == [(0,)]  # noqa: S608


@pytest.mark.parametrize(
    ("read_rows", "rejected", "share", "refused"),
    [
        (FEW, FEW, 0.5, False),
        (FEW + 1, FEW + 1, 0.5, True),
        (2 * FEW + 2, FEW + 1, 0.5, False),
        (2 * FEW + 1, FEW + 1, 0.5, True),
        (5_000, 5_000, 1.0, False),
        (100_000, 1_001, 0.0, True),
        (30, 27, 0.2, True),
        (30, 0, 0.0, False),
    ],
)
def test_the_share_that_may_be_refused(
    read_rows: int, rejected: int, share: float, refused: bool
) -> None:
    report = LoadReport(rows_read=read_rows, most_rejected=share)
    report.reject(1, "x", rejected)
    if not refused:
        report.refuse_mostly_rejected()
        return
    with pytest.raises(MostlyRejectedError):
        report.refuse_mostly_rejected()


def test_rows_are_kept_as_they_were_whatever_they_hold(
    drawn: Engine, reader: Connection, tmp_path: Path
) -> None:
    raw = pd.DataFrame(
        {
            "a": pd.Series(["x\0y", "\ud800z", None], dtype=object),
            "n": [1.0, np.nan, np.inf],
            "t": pd.to_datetime(["2024-01-01T00:00Z", None, None]),
        }
    )
    first = load(drawn, [incident(1)])
    with loading(drawn) as connection:
        store = RejectStore(connection, first.batch_id, LoadReport())
        store.add(np.arange(1, 4), np.array(["p", "p", "q"], object), raw)
    assert store.report.examples == {"p": 1, "q": 3}
    assert ask(reader, "SELECT raw FROM gridboard.reject ORDER BY row") == [
        ({"a": "x␀y", "n": "1", "t": "2024-01-01 00:00:00+00:00"},),
        ({"a": "?z"},),
        ({"n": "inf"},),
    ]


@pytest.mark.parametrize("name", ["r.txt", "r", "nowhere/r.csv", "nowhere/r.xlsx"])
def test_an_export_that_cannot_be_written_is_refused(
    drawn: Engine, tmp_path: Path, name: str
) -> None:
    batch = load(drawn, [incident(1, "outside")]).batch_id
    with loading(drawn) as connection, pytest.raises(InputError, match="cannot write"):
        export_rejects(connection, batch, tmp_path / name)


@given(st.text())
def test_disarmed_cells_come_back(cell: str) -> None:
    assert rearm(disarm(cell)) == cell


@given(st.sampled_from("=+-@\t\r"), st.text())
def test_disarmed_cells_are_no_formulas(sign: str, rest: str) -> None:
    cell = sign + rest
    assert disarm(cell) == f"'{cell}" or re.fullmatch(r"[+-][0-9.,eE+-]+", cell)


def test_files_of_others_stay_as_they_are() -> None:
    frame = pd.DataFrame({"a": ["'=1", "x"], ROW_COLUMN: [1, 2]})
    assert restore_exported(frame) is frame
    ours = frame.assign(**{REASON_COLUMN: "y"})
    assert restore_exported(ours).to_dict("list") == {"a": ["=1", "x"]}


def test_so_do_names_of_columns(tmp_path: Path) -> None:
    """The profile names them letter by letter, and a spreadsheet must take none for a formula."""
    names = ["=cmd()", "plain", ROW_COLUMN, REASON_COLUMN]
    write_table(tmp_path / "r.csv", names, [["1", "2", "3", "4"]])
    found = pd.read_csv(tmp_path / "r.csv", dtype=str)
    assert [*found.columns][:2] == ["'=cmd()", "plain"]
    assert [*restore_exported(found).columns] == ["=cmd()", "plain"]


def test_a_sheet_is_read_as_it_was_written(tmp_path: Path) -> None:
    rows = [["<&>\"'", "a\r\nb\tc ", "二〇二四"], [None, "\x01", "x"]]
    write_table(tmp_path / "t.xlsx", ["a", "b", "c"], rows, sheet="台账 & <1>")
    found = pd.read_excel(
        tmp_path / "t.xlsx", sheet_name="台账 & <1>", engine="calamine", dtype=str
    ).astype(object)
    assert found.iloc[0].tolist() == ["<&>\"'", "a\r\nb\tc ", "二〇二四"]
    assert found.iloc[1].tolist()[1:] == ["\N{REPLACEMENT CHARACTER}", "x"]
