"""A file is in one encoding, found over all of it; what was garbled before is refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.reading import blocks
from etl.reading.forms import Form
from etl.reading.garbling import garbled_at
from geo.errors import InputError
from tests.etl.reading.sources import HEADER, ROWS, read, write_bytes

WORDS = ["邻里纠纷", "土地山林水利", "已化解", "办理中", "12345热线", "城关区张掖路街道", "司法所"]


def lines(*texts: str, codec: str = "utf-8") -> bytes:
    return "".join(f"{text}\n" for text in texts).encode(codec)


def refused(tmp_path: Path, content: bytes, form: Form | None = None) -> str:
    with pytest.raises(InputError) as error:
        read(write_bytes(tmp_path / "a.csv", content), form)
    return str(error.value)


@pytest.fixture(params=[40, 2**23])
def block_bytes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Blocks of a line or two, and such that hold the whole file."""
    monkeypatch.setattr(blocks, "BLOCK_BYTES", request.param)
    return int(request.param)


@pytest.mark.usefixtures("block_bytes")
def test_the_encoding_may_show_late(tmp_path: Path) -> None:
    plain = [f"B{number},land,103.5" for number in range(50)]
    content = lines("id,kind,lon", *plain) + lines(*ROWS, codec="gb18030")
    found = read(write_bytes(tmp_path / "a.csv", content))
    assert found["kind"].tolist()[-2:] == ["邻里纠纷", "土地山林水利"]


@pytest.mark.usefixtures("block_bytes")
def test_utf_8_that_goes_on_in_gb18030(tmp_path: Path) -> None:
    content = lines(HEADER, *ROWS * 5) + lines(*ROWS, codec="gb18030")
    assert "a.csv, line 12: " in refused(tmp_path, content)


@pytest.mark.usefixtures("block_bytes")
def test_gb18030_that_goes_on_in_utf_8(tmp_path: Path) -> None:
    content = lines(HEADER, *ROWS * 5, codec="gb18030") + lines(*ROWS)
    assert "a.csv, line 12: " in refused(tmp_path, content)


@pytest.mark.usefixtures("block_bytes")
@pytest.mark.parametrize("lossy", [False, True])
def test_utf_8_once_read_as_gbk(tmp_path: Path, lossy: bool) -> None:
    row = "A3,土地山林水利,103.8"
    garbled = row.encode().decode("gb18030", "replace")
    if lossy:
        garbled = garbled.replace("\ufffd", "?")
    message = refused(tmp_path, lines(HEADER, *ROWS * 3, garbled))
    assert message.startswith("a.csv, line 8: garbled characters")


@pytest.mark.parametrize(
    "garbled",
    [
        "A3,锟斤拷锟斤拷,1",
        "A3,\ufffd\ufffd,1",
        "A3," + "邻里纠纷".encode().decode("latin-1") + ",1",
        "A3," + "MÃ¼nchen" + ",1",
        "A3," + "里纠纷".encode().decode("cp1252", "ignore") + ",1",
    ],
)
def test_other_garbled_characters(tmp_path: Path, garbled: str) -> None:
    assert "line 4: garbled characters" in refused(tmp_path, lines(HEADER, *ROWS, garbled))


def test_short_words_garbled_throughout(tmp_path: Path) -> None:
    rows = [
        f"{word[:2]},{word[2:4]},1" for word in ("邻里纠纷", "土地山林", "劳动争议", "婚姻家庭")
    ]
    garbled = [row.encode().decode("gb18030", "replace").replace("\ufffd", "?") for row in rows]
    assert "garbled characters" in refused(tmp_path, lines("a,b,c", *garbled))


def test_latin_1_and_big5_are_not_taken_for_gb18030(tmp_path: Path) -> None:
    french = lines("id,nom,x", "1,Hélène,2", "2,Mélanie,3", codec="latin-1")
    assert "line 2: neither UTF-8 nor likely GB18030" in refused(tmp_path, french)
    taiwanese = lines("id,nom,x", "1,鄰里糾紛與土地,2", "2,社區調解處理,3", codec="big5")
    assert "line 2: neither UTF-8 nor" in refused(tmp_path, taiwanese)


def test_a_stated_encoding_is_believed_but_checked(tmp_path: Path) -> None:
    rare = lines("id,name,x", "1,堃喆鋆,2", codec="gb18030")
    path = write_bytes(tmp_path / "b.csv", rare)
    assert read(path, Form(encoding="gb18030"))["name"].tolist() == ["堃喆鋆"]
    utf8 = Form(encoding="utf-8")
    assert "line 1: not UTF-8" in refused(tmp_path, lines(HEADER, *ROWS, codec="gb18030"), utf8)


def test_the_mark_of_utf_8_wins_over_what_is_stated(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a.csv", lines(HEADER, *ROWS, codec="utf-8-sig"))
    assert read(path, Form(encoding="gb18030"))["类别"].tolist() == ["邻里纠纷", "土地山林水利"]


def test_characters_of_four_bytes(tmp_path: Path) -> None:
    for codec in ("utf-8", "gb18030"):
        path = write_bytes(tmp_path / codec, lines("编号,地点", "1,𠮷祥路与和平路", codec=codec))
        assert read(path)["地点"].tolist() == ["𠮷祥路与和平路"]


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=30))
def test_right_text_is_never_taken_for_garbled(words: list[str]) -> None:
    assert garbled_at("\n".join(words)) is None


@pytest.mark.parametrize(
    "text", ["café", "naïve Ærøskøbing", "堃喆鋆瑧", "São Paulo", "3 × 4 °C", "鐨"]
)
def test_what_only_looks_odd(text: str) -> None:
    assert garbled_at(text) is None
