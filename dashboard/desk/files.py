"""The files of the data page: where they lie, and that no name from outside is ever a path."""

from __future__ import annotations

import hashlib
import re
import shutil
import stat
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from dashboard.errors import BadRequestError, NoRoomError, TooLargeError
from etl.work.files import inbox_names
from geo.errors import NotFoundError

NAME_LIMIT = 200
KEPT_FREE_BYTES = 500_000_000
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True)
class Offered:
    """A file that lies in the inbox."""

    name: str
    bytes: int
    changed_at: datetime


@dataclass(frozen=True)
class Arrived:
    """A file that was received whole, before it has a number."""

    path: Path
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Folders:
    """Where the data page's files lie.

    Attributes:
        state: the checkout's private state; uploads are in it, under their numbers.
        inbox: a folder whose own files may be loaded by name, if there is one.
        upload_limit_bytes: of one file.
    """

    state: Path
    inbox: Path | None
    upload_limit_bytes: int

    @property
    def uploads(self) -> Path:
        """The folder of uploads, closed to other users."""
        folder = self.state / "uploads"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def receive(
        self, chunks: Callable[[], Iterable[bytes]], announced_bytes: int | None
    ) -> Arrived:
        """Write a body to a file without a number, hashing it on the way.

        What does not arrive whole leaves nothing behind.

        Raises:
            TooLargeError: it is larger than the limit, whatever was announced.
            NoRoomError: the disk would be left with too little.
            BadRequestError: fewer bytes came than were announced.
        """
        self._require_room(announced_bytes or 0)
        path = self.uploads / f"{token_hex(8)}.part"
        with ExitStack() as unless_whole:
            unless_whole.callback(path.unlink, missing_ok=True)
            arrived = self._write(path, chunks())
            if announced_bytes is not None and arrived.bytes != announced_bytes:
                raise BadRequestError("the file did not arrive whole: send it again")
            unless_whole.pop_all()
        return arrived

    def settle(self, arrived: Arrived, upload_id: int) -> None:
        """Give a file its number."""
        arrived.path.rename(self.uploads / str(upload_id))

    def offered(self) -> list[Offered]:
        """List the inbox, newest first: its own plain files, neither links nor hidden ones."""
        found = []
        with suppress(OSError):
            for name in inbox_names(self.inbox):
                about = Path(self.inbox or "", name).lstat()
                changed = datetime.fromtimestamp(about.st_mtime, UTC)
                found.append(Offered(name, about.st_size, changed))
        return sorted(found, key=lambda file: file.changed_at, reverse=True)

    def result(self, job_id: int, name: str) -> Path:
        """Find a file that a job left in its own folder.

        Raises:
            NotFoundError: there is none of this name, or the name is no plain one.
        """
        path = self.state / "jobs" / str(job_id) / name
        if not _PLAIN_NAME.fullmatch(name) or not _is_file(path):
            raise NotFoundError("no such file")
        return path

    def _require_room(self, needed_bytes: int) -> None:
        if needed_bytes > self.upload_limit_bytes:
            raise TooLargeError(_too_large(self.upload_limit_bytes))
        if shutil.disk_usage(self.uploads).free < needed_bytes + KEPT_FREE_BYTES:
            raise NoRoomError("the server's disk has no room for this file: free space first")

    def _write(self, path: Path, chunks: Iterable[bytes]) -> Arrived:
        digest, size = hashlib.sha256(), 0
        try:
            with path.open("xb") as file:
                path.chmod(0o600)
                for chunk in chunks:
                    size += len(chunk)
                    if size > self.upload_limit_bytes:
                        raise TooLargeError(_too_large(self.upload_limit_bytes))
                    digest.update(chunk)
                    file.write(chunk)
        except OSError as error:
            raise NoRoomError(f"the file could not be kept: {error.strerror}") from error
        return Arrived(path, size, digest.hexdigest())


def shown_name(name: str) -> str:
    """Make a file's name fit to be shown: it is text, never a path.

    Separators, control characters and signs that turn the writing direction become spaces.
    """
    return " ".join(_UNSEEN.sub(" ", name).split())[-NAME_LIMIT:] or "file"


def _is_file(path: Path) -> bool:
    with suppress(OSError):
        return stat.S_ISREG(path.lstat().st_mode)
    return False


def _too_large(limit_bytes: int) -> str:
    return (
        f"the file is larger than {limit_bytes // 1_000_000:,} MB: load it with the command"
        " line, or raise GRIDBOARD_UPLOAD_LIMIT_MB"
    )
