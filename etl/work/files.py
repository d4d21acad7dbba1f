"""The files of jobs: what an operator names by a number or a name becomes a file to read.

Nothing that came from a browser is ever a path. An upload is a number; its content lies in a
folder of ours under that number. The inbox is one folder of the machine; a job names a file
directly in it.
"""

import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from etl.jobs import Job
from etl.statements import run
from geo.database import loading
from geo.errors import InputError

_LONGEST_NAME = 120


@dataclass(frozen=True)
class Folders:
    """Where the files of jobs lie.

    Attributes:
        uploads: uploaded files, each under its number.
        jobs: what jobs need and leave, a folder each.
        inbox: files that were put there by other ways; None if there is no such folder.
    """

    uploads: Path
    jobs: Path
    inbox: Path | None = None

    def of_job(self, job_id: int) -> Path:
        """The folder of one job, made if need be."""
        folder = self.jobs / str(job_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder


@contextmanager
def job_file(engine: Engine, folders: Folders, job: Job) -> Iterator[Path]:
    """The file a job names, for as long as it is read.

    Args:
        engine: of the loader.
        folders: where files lie.
        job: its request holds ``file``: {"upload": number} or {"inbox": name}.

    Raises:
        InputError: it names no file that is there, or not in one of these two ways.
    """
    asked = job.request.get("file")
    match asked:
        case {"upload": int(number), **rest} if not rest and 0 < number < 2**63:
            with _upload(engine, folders, job, number) as path:
                yield path
        case {"inbox": str(name), **rest} if not rest:
            _require_inbox(engine, job)
            yield inbox_file(folders.inbox, name)
        case _:
            raise InputError('no file is named: expected {"upload": number} or {"inbox": name}')


def inbox_names(inbox: Path | None) -> list[str]:
    """The names of the files in the inbox that a job may name, sorted."""
    if inbox is None or not inbox.is_dir():
        return []
    with os.scandir(inbox) as entries:
        return sorted(
            entry.name
            for entry in entries
            if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False)
        )


def inbox_file(inbox: Path | None, name: str) -> Path:
    """A file of the inbox by its name.

    Raises:
        InputError: there is no inbox, or no regular file of this name directly in it.
    """
    if inbox is None:
        raise InputError("there is no inbox: set GRIDBOARD_INBOX to a folder")
    plain = bool(name) and not name.startswith(".") and not re.search(r"[/\\\0]", name)
    path = inbox / name
    # Of what is there only regular files: no links out of the folder, no pipes, no devices.
    if not plain or not _is_regular(path):
        raise InputError("the inbox holds no such file: choose one of those listed")
    return path


def safe_name(file_name: str) -> str:
    """A name that somebody's computer gave a file, as a name of ours; its ending is kept."""
    base = re.split(r"[/\\]", file_name)[-1]
    word = re.sub(r"[^\w.() -]+", "_", base).strip().lstrip(".")
    stem, dot, ending = word.rpartition(".")
    kept = f"{stem[: _LONGEST_NAME - len(ending)]}{dot}{ending[:20]}"
    return kept if stem else (word[:_LONGEST_NAME] or "file")


def _require_inbox(engine: Engine, job: Job) -> None:
    """See that a job is one for the whole database: nothing says whose the inbox's files are.

    Raises:
        InputError: it belongs to a part of it.
    """
    with loading(engine) as connection:
        held = run(connection, "read_hierarchy").one_or_none()
    if held is not None and held.root_code != job.scope_code:
        raise InputError("the inbox is for the whole area alone: upload the file instead")


@contextmanager
def _upload(engine: Engine, folders: Folders, job: Job, number: int) -> Iterator[Path]:
    """An uploaded file under the name it had, because its ending says what it is."""
    values = {"upload_id": number, "scope_code": job.scope_code}
    with loading(engine) as connection:
        found = run(connection, "read_upload", values).one_or_none()
    content = folders.uploads / str(number)
    if found is None or not _is_regular(content):
        raise InputError(f"there is no upload {number}: it was deleted, or belongs to others")
    place = folders.of_job(job.job_id) / "input"
    place.mkdir(exist_ok=True, mode=0o700)
    path = place / safe_name(found.file_name)
    path.unlink(missing_ok=True)
    path.hardlink_to(content)
    try:
        yield path
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _is_regular(path: Path) -> bool:
    """Whether a regular file is there, itself and not by way of a link."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False
