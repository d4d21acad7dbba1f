"""Delimited text: every form of it that is right is read, every other is refused by its line."""

from pathlib import Path

import pandas as pd
import pytest

from etl.reading import blocks, delimited
from etl.reading.forms import Form
from etl.reading.incidents import open_source
from geo.errors import InputError
from tests.etl.reading.sources import TEXT, read, write_bytes


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks that end within nearly every record."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 16)
    monkeypatch.setattr(delimited, "_PARALLEL_BYTES", 8)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_form_reads_alike(tmp_path: Path, delimiter: str, encoding: str, ends: str) -> None:
    text = TEXT.replace(",", delimiter).replace("\n", ends)
    path = write_bytes(tmp_path / "a", text.encode(encoding))
    frame = read(path)
    assert list(frame.columns) == ["编号", "类别", "经度"]
    assert frame.to_numpy().tolist() == [
        ["A1", "邻里纠纷", "103.8"],
        ["A2", "土地山林水利", "103.9"],
    ]
    with open_source(path, Form()) as reading:
        assert reading.delimiter == delimiter
        assert reading.encoding == ("gb18030" if encoding == "gb18030" else "utf-8")


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_values_in_quotation_marks(tmp_path: Path, ends: str) -> None:
    text = 'id,note\n1,"a,b"\n2,"first\nsecond"\n3,"a ""b"""\n4,\n\n5,"x\n\n\ny"\n'
    frame = read(write_bytes(tmp_path / "a.csv", text.replace("\n", ends).encode()))
    assert frame["id"].tolist() == ["1", "2", "3", "4", "5"]
    assert frame["note"].fillna("-").tolist() == [
        "a,b",
        "first\nsecond",
        'a "b"',
        "-",
        "x\n\n\ny",
    ]


def test_the_profile_helps_to_find_the_delimiter(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.csv", b"id;when, and where, and how\n1;x\n")
    assert list(read(path, Form(columns=("id",))).columns) == ["id", "when, and where, and how"]


def test_the_line_by_which_spreadsheets_tell_the_delimiter(tmp_path: Path) -> None:
    frame = read(write_bytes(tmp_path / "a.csv", b"\xef\xbb\xbfsep=;\r\nid;n\r\n1;a,b\r\n"))
    assert frame.to_numpy().tolist() == [["1", "a,b"]]
    with pytest.raises(InputError, match="line 4: 3 values where the header has 2"):
        read(write_bytes(tmp_path / "a.csv", b"sep=;\nid;n\n1;2\n1;2;3\n"))


def test_the_last_line_may_lack_its_end(tmp_path: Path) -> None:
    assert read(write_bytes(tmp_path / "a.csv", b"id,n\n1,2"))["n"].tolist() == ["2"]


def test_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    for content in (b"id,n\n", b"id,n"):
        assert read(write_bytes(tmp_path / "a.csv", content)).empty


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["1,2", "3,4,5"], r"a\.csv, line 3: 3 values where the header has 2"),
        (["1,2"] * 40 + ["9"], r"a\.csv, line 42: 1 values where the header has 2"),
        (['1,"x\ny"', "3,4", "5"], r"a\.csv, line 5: 1 values"),
        (["1,2"] * 30 + ['1,"x\ny"'] * 3 + ["5,6,7"], r"a\.csv, line 38: 3 values"),
    ],
)
def test_ragged_rows_are_refused_by_their_line(
    tmp_path: Path, rows: list[str], message: str
) -> None:
    path = write_bytes(tmp_path / "a.csv", "\n".join(["id,n", *rows, ""]).encode())
    with pytest.raises(InputError, match=message):
        read(path)


def test_a_refusal_does_not_repeat_what_the_row_holds(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.csv", b"id,n\n1,secret,x\n")
    with pytest.raises(InputError) as refused:
        read(path)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("id,n,id", "several columns named id"),
        ("id,,n", "column 2 of 3 has no name"),
        ("id,n,", "column 3 of 3 has no name"),
    ],
)
def test_columns_that_cannot_be_told_apart(tmp_path: Path, header: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(write_bytes(tmp_path / "a.csv", f"{header}\n1,2,3\n".encode()))


@pytest.mark.parametrize(
    "row", ["A1,13912345678,x", "A1,620102199001011234,x", "A1,2024-03-05 14:30,x", "A1,x,103.8012"]
)
def test_a_file_without_a_header(tmp_path: Path, row: str) -> None:
    path = write_bytes(tmp_path / "a.csv", f"{row}\n{row}\n".encode())
    with pytest.raises(InputError, match="add a header") as refused:
        read(path)
    assert "A1" not in str(refused.value)


def test_a_header_that_is_none_is_not_repeated(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.csv", "A1,张伟\nA2,王芳\n".encode())
    with pytest.raises(InputError, match="none of the columns the profile names") as refused:
        read(path, Form(columns=("编号", "时间")))
    assert "张伟" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_empty_files(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.csv is empty"):
        read(write_bytes(tmp_path / "a.csv", content))


def test_nul_bytes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.csv, line 3: a NUL byte"):
        read(write_bytes(tmp_path / "a.csv", b"id,n\n1,2\n3,\x00\n"))


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(tmp_path: Path, codec: str) -> None:
    with pytest.raises(InputError, match=r"a\.csv is in UTF-16: save it as UTF-8"):
        read(write_bytes(tmp_path / "a.csv", "id,n\n1,2\n".encode(codec)))


def test_lines_that_do_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 64)
    monkeypatch.setattr(blocks, "LONGEST_BYTES", 128)
    head = b"id,n\n1,2\n"
    with pytest.raises(InputError, match=r"line 3: a record that does not end within"):
        read(write_bytes(tmp_path / "a.csv", head + b'3,"' + b"x\n" * 400))
    with pytest.raises(InputError, match=r"line 3: a record that does not end within"):
        read(write_bytes(tmp_path / "b.csv", head + b"3," + b"x" * 400))


def test_a_long_line_is_read(tmp_path: Path) -> None:
    long = "x" * 3_000_000
    frame = read(write_bytes(tmp_path / "a.csv", f"id,n\n1,{long}\n2,y\n".encode()))
    assert frame["n"].tolist() == [long, "y"]


@pytest.mark.parametrize("content", ['3,"4\n5,6\n', '3,"4\n5,6\n7,"8\n', '3,"4\n5,6\n7,"8"\n'])
def test_a_quotation_mark_left_open_hides_no_row(tmp_path: Path, content: str) -> None:
    with pytest.raises(InputError, match=r"a\.csv, line [35]: a quotation mark"):
        read(write_bytes(tmp_path / "a.csv", b"id,n\n1,2\n" + content.encode()))


def test_columns_left_out_are_not_read(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.csv", b"id,name\n1,x\n")
    assert list(read(path, Form(leave_out=("name",))).columns) == ["id"]


def test_what_stands_for_nothing(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.csv", b'id,n\n1,\n2,NULL\n3,""\n4,NA\n')
    assert read(path)["n"].isna().tolist() == [True, True, True, False]


def test_rows_keep_their_order_over_blocks(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": range(300_000), "n": "邻里纠纷"})
    frame.to_csv(tmp_path / "a.csv", index=False)
    found = read(tmp_path / "a.csv")
    assert found["id"].tolist() == [str(number) for number in range(300_000)]
