"""JSON: an object a line, or an array of objects."""

import json
from pathlib import Path

import pytest

from etl.reading import blocks, chunks
from etl.reading.forms import Form
from geo.errors import InputError
from tests.etl.reading.sources import read, write_bytes

OBJECTS = [
    {"编号": "A1", "代码": 620102001001, "经度": 103.80, "好": True},
    {"编号": "A2", "代码": None, "经度": -1e-3, "好": False},
    {"编号": 'A3 \n"x" {[,]}', "经度": 7},
]
TEXTS = [
    ["A1", "620102001001", "103.8", "true"],
    ["A2", None, "-0.001", "false"],
    ['A3 \n"x" {[,]}', None, "7", None],
]
FORMS = {
    "lines": "\n".join(json.dumps(each, ensure_ascii=False) for each in OBJECTS),
    "array": json.dumps(OBJECTS, ensure_ascii=False),
    "spread array": json.dumps(OBJECTS, ensure_ascii=False, indent=2) + "\n\n",
    "blank lines": "\n\n" + "\n\n".join(json.dumps(each) for each in OBJECTS) + "\n\n",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("block_bytes", [24, 2**23])
def test_every_form_reads_alike(
    tmp_path: Path, form: str, codec: str, block_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "BLOCK_BYTES", block_bytes)
    frame = read(write_bytes(tmp_path / "a", FORMS[form].encode(codec)))
    assert list(frame.columns) == ["编号", "代码", "经度", "好"]
    found = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    assert found == TEXTS


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    path = write_bytes(tmp_path / "a", b'{"x": 103.80, "id": 12345678901234567890123}\n')
    assert read(path).to_numpy().tolist() == [["103.80", "12345678901234567890123"]]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": 1', "line 3: no JSON"),
        ("[1]", "line 3: no object"),
        ('{"id": {"a": 1}}', "line 3: id holds an object or a list"),
        ('{"id": 1, "id": 2}', "line 3: an object with one key twice"),
    ],
)
def test_lines_that_are_refused(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read(write_bytes(tmp_path / "a", f'{{"id": 0}}\n\n{line}\n'.encode()))


@pytest.mark.parametrize(
    "text",
    [
        '[{"id": 1}\n{"id": 2}]',
        '[{"id": 1},\n{"id": ]',
        '[{"id": 1}\n',
        "[\n1]",
        "[{}]x",
        '[{"a":' + "[" * 100_000,
    ],
)
def test_arrays_that_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"a, line [12]: "):
        read(write_bytes(tmp_path / "a", text.encode()))


def test_keys_that_come_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that only later objects have may be a misspelt one: it is not dropped in silence."""
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 2)
    text = '{"id": 1}\n' * 4 + '{"id": 1, "sattus": 2}\n'
    with pytest.raises(InputError, match="line 5: the key sattus occurs in none"):
        read(write_bytes(tmp_path / "a", text.encode()))


def test_keys_that_are_values_are_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 1)
    for value in ("1", "[]"):
        text = f'{{"id": 1}}\n{{"id": 1, "620103198410122737": {value}}}\n'
        with pytest.raises(InputError, match=r"line 2: .*called by a number") as refused:
            read(write_bytes(tmp_path / "a", text.encode()))
        assert "620103" not in str(refused.value)


def test_columns_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a has no column when; it has \['id'\]"):
        read(write_bytes(tmp_path / "a", b'{"id": 1}\n'), Form(columns=("when", "id")))
    with pytest.raises(InputError, match="holds no object"):
        read(write_bytes(tmp_path / "a", b"[]"))
