"""The file of a backup: a plain tar of what pg_dump wrote, a manifest, and the manifest's digest.

Any ``tar`` takes it apart. Every byte of it is either covered by a digest or what it must be:
the dump's digest is in the manifest, the manifest's in the seal, and headers and padding are
compared with those that we would write. So one flipped byte anywhere is found.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from dashboard.backup.errors import BackupError, DamagedBackupError

DUMP, MANIFEST, SEAL = "database.dump", "manifest.json", "manifest.sha256"
PIECE_BYTES = 1 << 20
MANIFEST_MAX_BYTES = 64_000_000

_BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * _BLOCK)

Manifest = dict[str, Any]


def write_archive(
    path: Path, dump: Iterable[bytes], describe: Callable[[int, str], Manifest]
) -> None:
    """Write a backup, readable by its owner only, whole or not at all.

    Args:
        path: where; nothing may be there yet.
        dump: the database as pg_dump writes it.
        describe: makes the manifest, when the dump is written, from its bytes and SHA-256.

    Raises:
        BackupError: something is there already, or the disk does not take it.
    """
    if path.exists():
        raise BackupError(f"{path} is there already: name a file that is not, or remove it")
    try:
        with _beside(path) as file:
            size, digest = _write_dump(file, dump)
            manifest = json.dumps(describe(size, digest), ensure_ascii=False, indent=1).encode()
            _write_member(file, MANIFEST, manifest)
            _write_member(file, SEAL, hashlib.sha256(manifest).hexdigest().encode())
            file.write(_END)
    except OSError as error:
        raise BackupError(f"cannot write {path}: {error.strerror or error}") from error


def read_manifest(path: Path) -> Manifest:
    """Check every byte of a backup and return what it says about itself.

    Raises:
        BackupError: the file cannot be read.
        DamagedBackupError: it is no backup, or a byte of it is missing, changed or too many.
    """
    with _opened(path) as file:
        size, digest = _digest_dump(file)
        manifest = _read_member(file, MANIFEST, MANIFEST_MAX_BYTES)
        seal = _read_member(file, SEAL, 64)
        _require(hashlib.sha256(manifest).hexdigest().encode() == seal, "the manifest was changed")
        _require(file.read(len(_END) + 1) == _END, "it does not end where it should")
        described: Manifest = json.loads(manifest)
        recorded = described.get("dump", {})
        _require(recorded.get("bytes") == size, "the dump is not of the length it had")
        _require(recorded.get("sha256") == digest, "the dump was changed")
    return described


def dump_pieces(path: Path) -> Iterator[bytes]:
    """The dump in a backup, as pg_restore reads it."""
    with _opened(path) as file:
        yield from _pieces(file, _read_header(file, DUMP))


def _write_dump(file: IO[bytes], dump: Iterable[bytes]) -> tuple[int, str]:
    """Write what is as long as it turns out to be; its header is put in afterwards."""
    file.write(bytes(_BLOCK))
    digest, size = hashlib.sha256(), 0
    for piece in dump:
        file.write(piece)
        digest.update(piece)
        size += len(piece)
    file.write(_padding(size))
    file.seek(0)
    file.write(_header(DUMP, size))
    file.seek(0, os.SEEK_END)
    return size, digest.hexdigest()


def _digest_dump(file: IO[bytes]) -> tuple[int, str]:
    size, digest = _read_header(file, DUMP), hashlib.sha256()
    for piece in _pieces(file, size):
        digest.update(piece)
    _require_padding(file, size)
    return size, digest.hexdigest()


def _pieces(file: IO[bytes], size: int) -> Iterator[bytes]:
    left = size
    while left:
        piece = file.read(min(left, PIECE_BYTES))
        _require(bool(piece), "it ends in the midst of the dump")
        left -= len(piece)
        yield piece


def _write_member(file: IO[bytes], name: str, content: bytes) -> None:
    file.write(_header(name, len(content)) + content + _padding(len(content)))


def _read_member(file: IO[bytes], name: str, limit_bytes: int) -> bytes:
    size = _read_header(file, name)
    _require(size <= limit_bytes, f"{name} is larger than any")
    content = file.read(size)
    _require(len(content) == size, f"it ends in the midst of {name}")
    _require_padding(file, size)
    return content


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT)


def _read_header(file: IO[bytes], name: str) -> int:
    """The size that the next header states, if it is as we would write it."""
    found = file.read(_BLOCK)
    try:
        size = tarfile.TarInfo.frombuf(found, "ascii", "strict").size
    except (tarfile.HeaderError, UnicodeError):
        size = -1
    _require(size >= 0 and _header(name, size) == found, f"{name} is missing or its header changed")
    return size


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _require_padding(file: IO[bytes], size: int) -> None:
    wanted = _padding(size)
    _require(file.read(len(wanted)) == wanted, "a filler between its parts was changed")


def _require(holds: bool, complaint: str) -> None:
    if not holds:
        raise DamagedBackupError(complaint)


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    try:
        with path.open("rb") as file:
            yield file
    except DamagedBackupError as error:
        msg = f"{path} is no backup of gridboard, or a damaged one: {error}"
        raise DamagedBackupError(msg) from None
    except OSError as error:
        raise BackupError(f"cannot read {path}: {error.strerror or error}") from error


@contextmanager
def _beside(path: Path) -> Iterator[IO[bytes]]:
    """A file for its owner only, beside its place, moved there when it is on the disk."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
        _keep_name(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _keep_name(folder: Path) -> None:
    """Have the folder's new entry outlive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
