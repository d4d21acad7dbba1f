"""Files of a table: what other programs read from them is what was put in, and never a formula."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet
import pyogrio
import pytest
import python_calamine
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.exporting.about import About
from dashboard.exporting.columns import Column, as_frame, safe_text
from dashboard.exporting.maps import write_geojson, write_geoparquet
from dashboard.exporting.sheets import Book
from dashboard.exporting.tables import write_csv, write_xlsx
from dashboard.exporting.view_table import ViewTable
from tests.dashboard.exporting.workbooks import frozen

HOSTILE = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1"]
KEYS = ["name", "note", "people", "rate", "same"]


def table() -> ViewTable:
    n = len(HOSTILE)
    columns = (
        Column("name", "名称", "text", HOSTILE),
        Column("note", "=说明", "text", [None] * n),
        Column("people", "人口（人）", "whole", [*range(n - 1), np.nan]),
        Column("rate", "每千人", "number", np.full(n, 1 / 3)),
        Column("same", "各行相同", "text", ["-x"] * n, same=True),
    )
    said = About("=标题/[a]", None, "=一月", "=说明", (("区域", "=甲"),), ())
    return ViewTable(said, np.arange(10, 10 + n, dtype=np.int32), columns)


def test_keys_are_words_for_people_and_stay_keys_for_programs() -> None:
    column = Column("kind", "区域类型", "text", ["town", None, "oasis"], words={"town": "镇"})
    assert as_frame([column])["kind"].tolist() == ["town", None, "oasis"]
    assert as_frame([column], labels=True)["区域类型"].tolist() == ["镇", None, "oasis"]


def squares() -> list[tuple[slice, np.ndarray]]:
    shapes = [shapely.box(100 + i, 36, 100.5 + i, 36.5) for i in range(len(HOSTILE))]
    return [(slice(0, 5), np.array(shapes[:5])), (slice(5, 10), np.array(shapes[5:]))]


def test_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_csv(table(), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["名称", "=说明", "人口（人）", "每千人", "各行相同"]
    assert [row[0] for row in rows] == [f"'{name}" for name in HOSTILE]
    assert [row[2] for row in rows] == [*map(str, range(7)), ""]
    assert {row[3] for row in rows} == {"0.333333"}
    assert {row[4] for row in rows} == {"'-x"}


def test_xlsx(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(table(), path)
    book = python_calamine.CalamineWorkbook.from_path(path)
    assert book.sheet_names == ["=标题  a", "=说明"]
    rows, notes = (book.get_sheet_by_index(at).to_python(skip_empty_area=False) for at in range(2))
    assert [row[0] for row in rows[:2]] == ["'=标题/[a]", "'=一月"]
    assert [row[0] for row in notes] == ["'=标题/[a]", "区域: =甲"]
    head = 2
    assert rows[head] == ["名称", "'=说明", "人口（人）", "每千人"]
    assert [row[0] for row in rows[head + 1 :]] == [f"'{name}" for name in HOSTILE]
    assert [row[2] for row in rows[head + 1 :]] == [*map(float, range(7)), ""]
    with path.open("rb") as file:
        assert b"<f>" not in file.read()


def test_a_head_stays_in_view_where_it_leaves_room(tmp_path: Path) -> None:
    """Three rows of a laptop's window, 105 of some 500 pixels; a dozen would be half of it."""
    write_xlsx(table(), tmp_path / "a.xlsx")
    assert frozen(tmp_path / "a.xlsx") == [(3, 2), None]
    columns = [Column("a", "A", "text", ["x"])]
    with Book(tmp_path / "b.xlsx", "t") as book:
        high, bare = book.sheet("high"), book.sheet("bare")
        high.head("t", [("a", "b"), ("c", "d")])
        high.table(columns)
        bare.table(columns)
    assert frozen(tmp_path / "b.xlsx") == [None, (1, 1)]


def test_geojson(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    write_geojson(table(), squares(), path)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["gridboard"]["columns"]["people"] == "人口（人）"
    assert [each["id"] for each in found["features"]] == [*range(10, 18)]
    assert [each["properties"]["name"] for each in found["features"]] == [
        f"'{name}" for name in HOSTILE
    ]
    assert [each["properties"]["people"] for each in found["features"]] == [*range(7), None]
    read = pyogrio.read_dataframe(path)
    assert read.crs == "EPSG:4326"
    assert shapely.equals(read.geometry.to_numpy(), np.concatenate([s for _, s in squares()])).all()


def test_an_empty_table_is_a_valid_file(tmp_path: Path) -> None:
    empty = ViewTable(
        About("t", None, "", "n", (), ()), np.zeros(0, np.int32), (Column("a", "A", "text", []),)
    )
    write_geojson(empty, [], tmp_path / "a.geojson")
    assert json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))["features"] == []
    write_geoparquet(empty, [], tmp_path / "a.parquet")
    assert len(gpd.read_parquet(tmp_path / "a.parquet")) == 0
    write_csv(empty, tmp_path / "a.csv")
    write_xlsx(empty, tmp_path / "a.xlsx")


def test_geoparquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_geoparquet(table(), squares(), path)
    found = gpd.read_parquet(path)
    assert found.crs == "EPSG:4326"
    assert list(found.columns) == ["area_id", *KEYS, "geometry"]
    assert found["people"].dtype == "Int64"
    assert found["people"].isna().tolist() == [False] * 7 + [True]
    assert found["name"].tolist() == [f"'{name}" for name in HOSTILE]
    assert found.attrs["gridboard"]["columns"]["rate"] == "每千人"


@pytest.mark.parametrize("as_of", ["2026-03-02T09:30+08:00", None])
def test_geoparquet_knows_days_and_moments(tmp_path: Path, as_of: str | None) -> None:
    columns = (
        Column("first_day", "首日", "text", ["2026-01-01"] * 8, same=True),
        Column("last_day", "末日", "text", ["2026-03-31"] * 8, same=True),
        Column("as_of", "截至", "text", [as_of] * 8, same=True),
    )
    dated = ViewTable(About("t", None, "", "n", (), ()), np.arange(8, dtype=np.int32), columns)
    path = tmp_path / "a.parquet"
    write_geoparquet(dated, squares(), path)
    kinds = {field.name: str(field.type) for field in pyarrow.parquet.read_schema(path)}
    assert kinds["first_day"] == kinds["last_day"] == "date32[day]"
    assert kinds["as_of"].startswith("timestamp[")
    assert "tz=UTC" in kinds["as_of"]
    row = gpd.read_parquet(path).iloc[0]
    assert (row.first_day, row.last_day) == (date(2026, 1, 1), date(2026, 3, 31))
    assert (row.as_of == pd.Timestamp("2026-03-02T01:30Z")) if as_of else pd.isna(row.as_of)


@given(st.text(max_size=12))
@settings(max_examples=200)
def test_no_text_of_a_table_begins_like_a_formula(text: str) -> None:
    found = as_frame([Column("a", "A", "text", [text])])["a"].tolist()[0]
    if found is not None and found.startswith(tuple("=+-@\t\r\n")):
        float(found.replace(",", "."))
    assert (found is None) == (text == "")
    assert found == safe_text(text)


@given(st.lists(st.text(max_size=40), min_size=1, max_size=4))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sheets_take_any_name(tmp_path: Path, names: list[str]) -> None:
    with Book(tmp_path / "b.xlsx", "t") as book:
        for name in [*names, names[0]]:
            book.sheet(name)
    found = python_calamine.CalamineWorkbook.from_path(tmp_path / "b.xlsx").sheet_names
    assert len(found) == len(names) + 1


def test_what_a_book_holds_when_it_fails_is_closed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), Book(tmp_path / "c.xlsx", "t") as book:
        book.sheet("a").line(str(1 / 0))
