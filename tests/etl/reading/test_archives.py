"""Archives are read through, as far as they are what they should be, and never unpacked to disk."""

import gzip
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from etl.reading import archives
from etl.reading.incidents import source_name
from geo.errors import InputError
from tests.etl.reading.sources import TEXT, read, write_bytes, write_sheet

PLAIN = TEXT.encode()


def zipped(path: Path, **members: bytes) -> Path:
    """An archive; two underscores in a name stand for a point."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return path


def parquet(tmp_path: Path) -> bytes:
    pd.read_csv(io.BytesIO(PLAIN), dtype=str).to_parquet(tmp_path / "p")
    return (tmp_path / "p").read_bytes()


def workbook(tmp_path: Path) -> bytes:
    rows = [line.split(",") for line in TEXT.splitlines()]
    return write_sheet(tmp_path / "w", rows).read_bytes()


CONTENTS: dict[str, Callable[[Path], bytes]] = {
    "csv": lambda _: PLAIN,
    "json": lambda _: (
        '{"编号":"A1","类别":"邻里纠纷","经度":103.8}\n'.encode()
        + '{"编号":"A2","类别":"土地山林水利","经度":103.9}\n'.encode()
    ),
    "parquet": parquet,
    "xlsx": workbook,
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_every_kind_in_every_wrapping(tmp_path: Path, kind: str) -> None:
    """What a file is called does not matter: uploads have no name at all."""
    content = CONTENTS[kind](tmp_path)
    paths = [
        write_bytes(tmp_path / "1", content),
        write_bytes(tmp_path / "2", gzip.compress(content)),
        zipped(tmp_path / "3", whatever=content),
    ]
    for path in paths:
        assert read(path).to_numpy().tolist() == [
            ["A1", "邻里纠纷", "103.8"],
            ["A2", "土地山林水利", "103.9"],
        ]


def test_what_else_lies_in_an_archive_does_not_matter(tmp_path: Path) -> None:
    names = {"readme__md": b"x", "__MACOSX/._a__csv": b"x", "../../a__csv": PLAIN}
    found = read(zipped(tmp_path / "a.zip", **names))
    assert len(found) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_archives_that_leave_a_choice_or_none(tmp_path: Path) -> None:
    two = zipped(tmp_path / "a.zip", a__csv=PLAIN, b__csv=PLAIN)
    with pytest.raises(InputError, match=r"a\.zip holds 2 files, 2 of a known kind"):
        read(two)
    with pytest.raises(InputError, match=r"b\.zip holds 0 files"):
        read(zipped(tmp_path / "b.zip"))
    inner = zipped(tmp_path / "c.zip", a__csv=PLAIN).read_bytes()
    for wrapped in (zipped(tmp_path / "d.zip", c__zip=inner), tmp_path / "e.gz"):
        if wrapped.suffix == ".gz":
            wrapped.write_bytes(gzip.compress(gzip.compress(PLAIN)))
        with pytest.raises(InputError, match="an archive within an archive"):
            read(wrapped)


def test_damaged_archives(tmp_path: Path) -> None:
    packed = gzip.compress(PLAIN * 1000)
    with pytest.raises(InputError, match=r"a\.gz is a damaged archive"):
        read(write_bytes(tmp_path / "a.gz", packed[: len(packed) // 2]))
    whole = zipped(tmp_path / "b.zip", a__csv=PLAIN * 1000).read_bytes()
    with pytest.raises(InputError, match=r"b\.zip is a damaged"):
        read(write_bytes(tmp_path / "b.zip", whole[: len(whole) // 2]))
    broken = bytearray(whole)
    broken[60:80] = bytes(20)
    with pytest.raises(InputError, match=r"c\.zip is a damaged"):
        read(write_bytes(tmp_path / "c.zip", bytes(broken)))


def test_encrypted_archives(tmp_path: Path) -> None:
    content = bytearray(zipped(tmp_path / "a.zip", a__csv=PLAIN).read_bytes())
    # The flag "encrypted" of the member, in its own header and in the list at the end.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match=r"a\.zip is encrypted"):
        read(write_bytes(tmp_path / "a.zip", bytes(content)))


@pytest.mark.parametrize("kind", ["gz", "zip", "xlsx"])
def test_archives_that_expand_beyond_reason(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "ALWAYS_BYTES", 1_000_000)
    bomb = b"id,n\n" + b"1,2\n" * 2_000_000
    path = tmp_path / f"a.{kind}"
    if kind == "gz":
        path.write_bytes(gzip.compress(bomb))
    elif kind == "zip":
        zipped(path, a__csv=bomb)
    else:
        zipped(path, **{"[Content_Types]__xml": b"x", "xl/workbook__xml": bomb})
    with pytest.raises(InputError, match=rf"a\.{kind} unpacks to more than"):
        read(path)


def test_a_size_that_lies_does_not_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What counts is what comes out, not what the archive says of itself."""
    monkeypatch.setattr(archives, "MOST_BYTES", 1_000)
    content = bytearray(zipped(tmp_path / "a.zip", a__csv=PLAIN * 100).read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10**6).to_bytes(4, "little")
    with pytest.raises(InputError, match="unpacks to more than"):
        read(write_bytes(tmp_path / "a.zip", bytes(content)))


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, message in {
        tmp_path: "is a folder",
        tmp_path / "pipe": "pipe is no ordinary file",
        Path("x" * 5000): "no such file",
        Path("a\0b"): "no such file",
        tmp_path / "loop": "no such file",
    }.items():
        if path.name == "loop":
            path.symlink_to(path)
        with pytest.raises(InputError, match=message):
            read(path)


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("台账.csv".encode("gb18030"))
    assert len(read(write_bytes(path, PLAIN))) == 2
    assert source_name(path).encode().endswith(b".csv")
    with pytest.raises(InputError) as refused:
        read(write_bytes(path, b""))
    assert str(refused.value).encode()


def test_what_is_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file: .*none\.csv"):
        read(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"a\.gz holds an empty file"):
        read(write_bytes(tmp_path / "a.gz", gzip.compress(b"")))
