"""Workbooks: what a sheet shows is what is read."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from etl.mapping import make_ids
from etl.profiles import Time
from etl.reading import chunks
from etl.reading.forms import Form
from etl.reading.incidents import open_source
from geo.errors import InputError
from tests.etl.reading.sources import read, write_bytes, write_sheet

MOMENT = datetime(2024, 3, 5, 14, 30)  # noqa: DTZ001 (a clock reading)
HEADER = ["编号", "时间", "代码"]


@pytest.mark.parametrize("from_1904", [False, True])
def test_moments_codes_and_truths(tmp_path: Path, from_1904: bool) -> None:
    rows = [HEADER, ["A1", MOMENT, 620102001001], [7.0, "2024-03-06", 0.25], [True, None, "007"]]
    frame = read(write_sheet(tmp_path / "a.xlsx", rows, date_1904=from_1904))
    assert frame["编号"].tolist() == ["A1", "7", "true"]
    assert frame["时间"].fillna("-").tolist() == ["2024-03-05T14:30:00", "2024-03-06", "-"]
    assert frame["代码"].tolist() == ["620102001001", "0.25", "007"]


@pytest.mark.parametrize(("from_1904", "other"), [(False, "excel-1904"), (True, "excel")])
def test_bare_serials_must_be_counted_as_the_workbook_does(
    tmp_path: Path, from_1904: bool, other: str
) -> None:
    path = write_sheet(tmp_path / "a.xlsx", [HEADER, ["A", 45356.5, 1]], date_1904=from_1904)
    right = "excel-1904" if from_1904 else "excel"
    assert Time(column="时间", format=right).formats == (right,)
    serials = {"excel": 1900, "excel-1904": 1904}
    assert read(path, Form(serials=serials[right]))["时间"].tolist() == ["45356.5"]
    with pytest.raises(InputError, match=f'write format = "{right}" into the profile'):
        read(path, Form(serials=serials[other]))


def test_numbers_of_more_digits_than_a_spreadsheet_keeps(tmp_path: Path) -> None:
    """15 digits are kept, of 18 the last are lost: what is left must not pass for a code."""
    rows = [["id"], [620102001001001], [620102199001011234]]
    first, second = read(write_sheet(tmp_path / "a.xlsx", rows))["id"]
    assert first == "620102001001001"
    with pytest.raises(InputError, match="have lost digits"):
        make_ids(("id",), pd.DataFrame({"id": [second]}))


def test_titles_above_the_header_and_blank_rows(tmp_path: Path) -> None:
    rows = [["2024年台账"], [], ["填报:", "x"], HEADER, ["A1", MOMENT, 1], [], ["A2", MOMENT, 2]]
    path = write_sheet(tmp_path / "a.xlsx", rows)
    for form in (Form(columns=("编号", "代码")), Form()):
        frame = read(path, form)
        assert frame["编号"].tolist() == ["A1", "A2"]
        assert list(frame.columns) == HEADER


def two_sheets(book: xlsxwriter.Workbook, _: Any) -> None:
    other = book.add_worksheet("二月")
    other.write_row(0, 0, HEADER)
    other.write_row(1, 0, ["B1", "2024-02-01", 2])
    book.add_worksheet("空")
    book.add_worksheet("隐").hide()


def test_several_sheets_have_to_be_told_apart(tmp_path: Path) -> None:
    path = write_sheet(tmp_path / "a.xlsx", [HEADER, ["A1", MOMENT, 1]], change=two_sheets)
    with pytest.raises(InputError, match=r"a\.xlsx has the sheets 台账, 二月: name one"):
        read(path)
    assert read(path, Form(sheet="二月"))["编号"].tolist() == ["B1"]
    with pytest.raises(InputError, match=r"has no sheet '三月'; it has \['台账', '二月'"):
        read(path, Form(sheet="三月"))


def test_a_sheet_without_anything_leaves_no_doubt(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "a.xlsx", [HEADER, ["A1", MOMENT, 1]],
        change=lambda book, _: book.add_worksheet("Sheet2") and None,
    )  # fmt: skip
    assert len(read(path)) == 1
    with pytest.raises(InputError, match=r"sheet 台账 is empty"):
        read(write_sheet(tmp_path / "b.xlsx", []))


def test_merged_rows_are_refused_and_merged_titles_are_not(tmp_path: Path) -> None:
    def merge(area: str) -> Any:
        return lambda _, sheet: sheet.merge_range(area, "甲")

    rows = [[], HEADER, ["A1", MOMENT, 1], ["A2", MOMENT, 2]]
    title = write_sheet(tmp_path / "a.xlsx", rows, change=merge("A1:C1"))
    assert len(read(title)) == 2
    for area in ("B3:B4", "B4:C4"):
        with pytest.raises(InputError, match="to 4: merged cells"):
            read(write_sheet(tmp_path / "b.xlsx", rows, change=merge(area)))


def test_formulas_count_by_their_values(tmp_path: Path) -> None:
    path = write_sheet(
        tmp_path / "a.xlsx",
        [HEADER, ["A1", MOMENT]],
        change=lambda _, sheet: sheet.write_formula("C2", "=1+1", None, 2),
    )
    assert read(path)["代码"].tolist() == ["2"]


def test_values_beside_the_header(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.xlsx, row 3: a value in a column that the header"):
        read(write_sheet(tmp_path / "a.xlsx", [["id", "n"], [1, 2], [3, 4, 5]]))


def test_chunks_of_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 4)
    path = write_sheet(tmp_path / "a.xlsx", [["id"], *[[number] for number in range(10)]])
    with open_source(path, Form()) as reading:
        assert [table.num_rows for table in reading.tables] == [4, 4, 2]


def test_what_is_no_workbook(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.xls cannot be read as a workbook"):
        read(write_bytes(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600))
