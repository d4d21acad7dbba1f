"""Open a file whatever it is packed in, and find out by its content what it is.

Nothing is unpacked into the file system: texts are read as a stream, other kinds from an
unnamed temporary file. So the names inside an archive do not matter.
"""

import gzip
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Literal, cast

from geo.errors import InputError

MOST_BYTES = 64 * 2**30
"""What an archive may hold, unpacked."""

MOST_TIMES = 200
"""How many times its size an archive may hold; tables of incidents shrink to a tenth or so."""

ALWAYS_BYTES = 64 * 2**20
"""What an archive may hold however small it is."""

DAMAGE = (
    OSError,
    EOFError,
    ValueError,
    zlib.error,
    zipfile.BadZipFile,
    NotImplementedError,
    struct.error,
)
"""What Python's readers of archives raise where bytes are not as they must be."""

Kind = Literal["csv", "json", "parquet", "workbook"]

_KNOWN: tuple[str, ...] = (".csv", ".txt", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet")
_KNOWN += (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
_PIECE = 2**20
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
"""How an archive begins; the second one is empty."""


@dataclass
class Opened:
    """A file that is open: its name for messages, what it is, its bytes and their number."""

    name: str
    kind: Kind
    stream: BinaryIO
    size: int | None = None


class Capped:
    """A stream out of an archive that stops when more comes out than is plausible."""

    def __init__(self, inner: IO[bytes], packed_bytes: int, name: str) -> None:
        self._inner, self._name = inner, name
        self._most = min(MOST_BYTES, max(ALWAYS_BYTES, packed_bytes * MOST_TIMES))
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; all that is left if it is negative.

        Raises:
            InputError: the archive is damaged, or expands beyond the cap.
        """
        try:
            data = self._inner.read(self._most - self._read + 1 if size < 0 else size)
        except DAMAGE as error:
            raise InputError(f"{self._name} is a damaged archive: {error}") from error
        self._read += len(data)
        if self._read > self._most:
            raise InputError(
                f"{self._name} unpacks to more than {self._most / 1e6:,.0f} MB, more than"
                f" {MOST_TIMES} times its size or {MOST_BYTES / 2**30:,.0f} GB:"
                " unpack it yourself if that is right"
            )
        return data


@contextmanager
def opened(path: Path, name: str | None = None) -> Iterator[Opened]:
    """Open a file, through gzip or zip if need be.

    Args:
        path: any file.
        name: what to call it in messages, if not by its own name.

    Raises:
        InputError: there is no such file, it is empty, or the archive is not to be read.
    """
    called = name or shown_file(path)
    size = _size(path, called, name or str(path))
    try:
        held = path.open("rb")
    except OSError as error:
        raise InputError(f"{called} cannot be opened: {error.strerror}") from error
    with held as file:
        start = file.read(8)
        file.seek(0)
        if start[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=file) as unpacked:
                yield from _packed(cast("IO[bytes]", unpacked), size, called)
        elif start[:4] in _ZIP and not _is_workbook(file):
            yield from _zipped(file, called)
        else:
            yield Opened(called, _kind(start, file, called), file, size)


def shown_file(path: Path) -> str:
    """A file's name for messages and the database; bytes that are no UTF-8 become signs."""
    return path.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _size(path: Path, called: str, missing: str) -> int:
    """The bytes of an ordinary file that is not empty.

    Raises:
        InputError: it is something else.
    """
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise InputError(f"no such file: {missing[:200]!r}") from error
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{called} is a folder: name a file in it")
    if not stat.S_ISREG(found.st_mode):
        raise InputError(f"{called} is no ordinary file: copy what it gives into one")
    if not found.st_size:
        raise InputError(f"{called} is empty")
    return found.st_size


def _zipped(file: BinaryIO, name: str) -> Iterator[Opened]:
    """The one member of a zip archive that matters."""
    try:
        archive = zipfile.ZipFile(file)
        chosen = _member(archive, name)
        member = archive.open(chosen)
    except DAMAGE as error:
        raise InputError(f"{name} is a damaged or unusual archive: {error}") from error
    with archive, member:
        yield from _packed(member, chosen.compress_size, name)


def _member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The only file, or the only one of a known kind."""
    members = [item for item in archive.infolist() if _counts(item)]
    known = [item for item in members if item.filename.lower().endswith(_KNOWN)]
    chosen = members if len(members) == 1 else known
    if len(chosen) != 1:
        raise InputError(
            f"{name} holds {len(members)} files, {len(known)} of a known kind:"
            " put one file of incidents into an archive"
        )
    if chosen[0].flag_bits & 1:
        raise InputError(f"{name} is encrypted: unpack it and load what is in it")
    return chosen[0]


def _counts(item: zipfile.ZipInfo) -> bool:
    """Whether a member of an archive is a file somebody put there on purpose."""
    parts = item.filename.split("/")
    return not item.is_dir() and "__MACOSX" not in parts and not parts[-1].startswith(".")


def _packed(inner: IO[bytes], packed_bytes: int, name: str) -> Iterator[Opened]:
    """What comes out of an archive: a stream if it is a text, else a temporary file."""
    capped = Capped(inner, packed_bytes, name)
    start = capped.read(_PIECE)
    if not start:
        raise InputError(f"{name} holds an empty file")
    if start[:2] == b"\x1f\x8b":
        raise InputError(f"{name} is an archive within an archive: unpack it once")
    if start[:4] not in (b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        yield Opened(name, _text_kind(start), cast("BinaryIO", _Resumed(start, capped)))
        return
    with tempfile.TemporaryFile() as spool:
        size = spool.write(start)
        while piece := capped.read(_PIECE):
            size += spool.write(piece)
        spool.seek(0)
        if start[:4] == b"PK\x03\x04" and not _is_workbook(cast("BinaryIO", spool)):
            raise InputError(f"{name} is an archive within an archive: unpack it once")
        yield Opened(
            name, _kind(start, cast("BinaryIO", spool), name), cast("BinaryIO", spool), size
        )


class _Resumed:
    """A stream whose beginning was read to see what it is."""

    def __init__(self, start: bytes, rest: Capped) -> None:
        self._start, self._rest = start, rest

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes."""
        if not self._start:
            return self._rest.read(size)
        if size < 0:
            size = len(self._start)
        data, self._start = self._start[:size], self._start[size:]
        return data


def _kind(start: bytes, file: BinaryIO, name: str) -> Kind:
    """What a file is by its first bytes."""
    if start[:4] == b"PAR1":
        return "parquet"
    if start[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        return "workbook"
    head = file.read(4096)
    file.seek(0)
    return _text_kind(head)


def _text_kind(start: bytes) -> Kind:
    """Whether a text is JSON or delimited."""
    return "json" if start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[") else "csv"


def _is_workbook(file: BinaryIO) -> bool:
    """Whether a zip archive is the inside of a workbook."""
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except DAMAGE:
        names = set()
    file.seek(0)
    office = "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names)
    return office or "content.xml" in names
