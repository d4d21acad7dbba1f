"""The file of a backup: any tar reads it, and no byte of it can change unseen."""

import os
import signal
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.backup.archive import dump_pieces, read_manifest, write_archive
from dashboard.backup.errors import BackupError, DamagedBackupError
from dashboard.commands.backup import prepare

DUMP = bytes(range(256)) * 5


def describe(size: int, digest: str) -> dict[str, Any]:
    return {"format": 1, "schema": "0003", "dump": {"bytes": size, "sha256": digest}, "名": "值"}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("backup") / "a.tar"
    write_archive(path, iter([DUMP[:7], DUMP[7:]]), describe)
    return path


def test_what_was_written_is_read(archive: Path) -> None:
    assert read_manifest(archive)["名"] == "值"
    assert b"".join(dump_pieces(archive)) == DUMP
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in archive.parent.iterdir()] == ["a.tar"]


def test_any_tar_takes_it_apart(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        assert tar.getnames() == ["database.dump", "manifest.json", "manifest.sha256"]
        member = tar.extractfile("database.dump")
        assert member is not None
        assert member.read() == DUMP


@given(st.data())
def test_a_flipped_bit_is_found(archive: Path, data: st.DataObject) -> None:
    content = bytearray(archive.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    assert_damaged(archive, bytes(content))


def test_every_flipped_byte_of_headers_and_manifest_is_found(archive: Path) -> None:
    content = archive.read_bytes()
    for at in (*range(512), *range(512 + len(DUMP), len(content), 3)):
        assert_damaged(archive, content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :])


@given(st.data())
def test_a_missing_or_added_end_is_found(archive: Path, data: st.DataObject) -> None:
    content = archive.read_bytes()
    length = data.draw(st.integers(0, len(content) - 1))
    assert_damaged(archive, content[:length])
    assert_damaged(archive, content + data.draw(st.binary(min_size=1, max_size=600)))


def test_a_missing_part_is_found(archive: Path, tmp_path: Path) -> None:
    for left_out in ("database.dump", "manifest.json", "manifest.sha256"):
        path = tmp_path / "part.tar"
        with tarfile.open(archive) as whole, tarfile.open(path, "w") as part:
            for member in whole.getmembers():
                if member.name != left_out:
                    part.addfile(member, whole.extractfile(member))
        with pytest.raises(DamagedBackupError):
            read_manifest(path)


def test_a_manifest_of_another_dump_is_found(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    write_archive(path, [DUMP], lambda size, digest: describe(size, digest[::-1]))
    with pytest.raises(DamagedBackupError, match="the dump was changed"):
        read_manifest(path)


def test_nothing_is_overwritten(archive: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(BackupError, match="is there already"):
        write_archive(archive, [b"other"], describe)
    assert archive.read_bytes() == before


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Any:
        yield b"some"
        raise BackupError("pg_dump broke off")

    with pytest.raises(BackupError, match="broke off"):
        write_archive(tmp_path / "a.tar", broken(), describe)
    assert [*tmp_path.iterdir()] == []


def test_being_told_to_end_leaves_nothing(tmp_path: Path) -> None:
    def told() -> Iterator[bytes]:
        yield b"some"
        os.kill(os.getpid(), signal.SIGTERM)
        yield b"more"

    before = signal.getsignal(signal.SIGTERM)
    try:
        prepare()
        with pytest.raises(SystemExit) as ended:
            write_archive(tmp_path / "a.tar", told(), describe)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert ended.value.code == 143
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("path", ["/nowhere/a.tar", "/proc/a.tar"])
def test_a_place_that_takes_nothing_is_an_error_of_ours(path: str) -> None:
    with pytest.raises(BackupError, match="cannot write"):
        write_archive(Path(path), [DUMP], describe)


def test_a_folder_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cannot read"):
        read_manifest(tmp_path)


def assert_damaged(archive: Path, content: bytes) -> None:
    path = archive.parent / "damaged"
    path.write_bytes(content)
    try:
        with pytest.raises(DamagedBackupError):
            read_manifest(path)
    finally:
        path.unlink()
