"""The operator's desk: files, jobs, batches and sources, read and asked for as the viewer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from dashboard.desk.files import Arrived, Folders, Offered, shown_name
from dashboard.people.account import By
from dashboard.sections import DATA, require_role
from etl.jobs import Kind, submit
from etl.rejects import export_rejects
from geo.audit import Action, Deed, record
from geo.database import read_sql_file, transaction, writing
from geo.errors import NotFoundError
from geo.viewer import Viewer

LATEST_JOBS = 30
LATEST_BATCHES = 50
REJECTS_SHOWN = 100
WORKER_SEEN_WITHIN = timedelta(seconds=60)
WORKER_TAKES_WITHIN = timedelta(seconds=10)


@dataclass(frozen=True)
class Job:
    """Something a worker was asked to do; ``result`` is read with a single job only."""

    job_id: int
    kind: str
    state: str
    author: str
    request: dict[str, Any]
    progress: dict[str, Any]
    result: dict[str, Any] | None
    batch_id: int | None
    file_name: str | None
    asked_at: datetime
    started_at: datetime | None
    seen_at: datetime | None
    finished_at: datetime | None
    read_at: datetime

    @property
    def active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ("waiting", "running")

    @property
    def file(self) -> str | None:
        """The name of its file."""
        return self.file_name or (self.request.get("file") or {}).get("inbox")

    @property
    def forsaken(self) -> bool:
        """Whether nobody seems to work on it: not taken, or taken and heard of no more."""
        if self.state == "waiting":
            return self.read_at - self.asked_at > WORKER_TAKES_WITHIN
        seen = self.seen_at or self.started_at or self.asked_at
        return self.state == "running" and self.read_at - seen > WORKER_SEEN_WITHIN


@dataclass(frozen=True)
class Batch:
    """One load: its file and its account."""

    batch_id: int
    kind: str
    source: str
    file_name: str | None
    profile: str | None
    author: str | None
    started_at: datetime
    finished_at: datetime
    rows_read: int
    rows_loaded: int
    rows_updated: int
    rows_unchanged: int
    rows_rejected: int
    first_day: date | None
    last_day: date | None
    undone_at: datetime | None
    undone_by: str | None
    report: dict[str, Any]


@dataclass(frozen=True)
class SourceAge:
    """A source of incidents: when it was last loaded, and how far it reaches."""

    source: str
    loaded_at: datetime
    last_day: date | None
    batches: int
    rows_loaded: int


@dataclass(frozen=True)
class Reject:
    """A refused row: its number in the file, why, and what the profile reads of it."""

    row: int
    reason: str
    raw: dict[str, Any]


class Desk:
    """Answers and requests of one operator; nothing outside the scope is seen or asked for.

    Raises:
        ForbiddenError: the viewer's role may not open the data page.
    """

    def __init__(
        self, engine: Engine, viewer: Viewer, folders: Folders, by: By | None = None
    ) -> None:
        require_role(viewer, DATA)
        self.viewer = viewer
        self.folders = folders
        self._engine = engine
        self._by = by or By(viewer.login, viewer.role, viewer.scope_code)

    @property
    def author(self) -> str:
        """Who asks."""
        return self.viewer.login

    def jobs(self) -> list[Job]:
        """Read the latest jobs, newest first, without results."""
        return [_job(row) for row in self._read("jobs", most=LATEST_JOBS)]

    def job(self, job_id: int) -> Job:
        """Read a job.

        Raises:
            NotFoundError: there is none of this number in scope.
        """
        return _job(self._one("job", job_id=job_id))

    def active_jobs(self, job_id: int | None) -> list[dict[str, Any]]:
        """Read how the jobs under way get on, and another one by its number."""
        return [dict(row._mapping) for row in self._read("active_jobs", job_id=job_id)]

    def batches(self) -> list[Batch]:
        """Read the latest batches, newest first."""
        return [_batch(row) for row in self._read("batches", batch_id=None, most=LATEST_BATCHES)]

    def batch(self, batch_id: int) -> Batch:
        """Read a batch.

        Raises:
            NotFoundError: there is none of this number in scope.
        """
        return _batch(self._one("batches", batch_id=batch_id, most=1))

    def rejects(self, batch_id: int) -> list[Reject]:
        """Read the first refused rows of a batch."""
        rows = self._read("rejects", batch_id=batch_id, most=REJECTS_SHOWN)
        return [Reject(row.row, row.reason, row.raw) for row in rows]

    def export_rejects(self, batch_id: int, path: Path) -> None:
        """Write the refused rows of a batch as a file that its profile reads.

        Raises:
            NotFoundError: there is no such batch in scope.
        """
        with writing(self._engine, self.viewer) as connection:
            rows = export_rejects(connection, batch_id, path)
            self._note(connection, "export", what=path.name, rows=rows)

    def note_export(self, name: str) -> None:
        """Write down that a file leaves the site."""
        with writing(self._engine, self.viewer) as connection:
            self._note(connection, "export", what=name)

    def sources_known(self) -> dict[int, str]:
        """Name the sources that were loaded from this page, each by its latest batch."""
        return {row.batch_id: row.source for row in self._read("used_profiles")}

    def profile_of(self, batch_id: int) -> str | None:
        """Read the profile a batch was loaded with, where it came from this page."""
        rows = self._read("profile_of_batch", batch_id=batch_id)
        return str(rows[0].profile) if rows else None

    def former_versions(self, batch_id: int) -> int:
        """Count the incidents whose earlier versions an undo of the batch would bring back."""
        return int(self._read("former_count", batch_id=batch_id)[0][0])

    def sources(self) -> list[SourceAge]:
        """Read how old each source of incidents is."""
        rows = self._read("sources")
        return [
            SourceAge(row.source, row.loaded_at, row.last_day, row.batches, int(row.rows_loaded))
            for row in rows
        ]

    def news(self) -> dict[str, Any]:
        """Read what is different whenever anything on the page is."""
        return dict(self._one("news")._mapping)

    def keep(self, arrived: Arrived, name: str) -> int:
        """Give an upload its number, in the viewer's own scope.

        The name is kept as text to be shown.
        """
        values = {
            "scope_code": self.viewer.scope_code,
            "author": self.author,
            "file_name": shown_name(name),
            "bytes": arrived.bytes,
            "file_sha256": arrived.sha256,
        }
        with writing(self._engine, self.viewer) as connection:
            found = _run(connection, "insert_upload", values)
            upload_id = int(found[0].upload_id)
            what = {"file": values["file_name"], "bytes": arrived.bytes}
            self._note(connection, "upload", upload=upload_id, **what)
            self.folders.settle(arrived, upload_id)
        return upload_id

    def ask(self, kind: Kind, request: Mapping[str, Any]) -> int:
        """Ask a worker for something and return the number of the job."""
        with writing(self._engine, self.viewer) as connection:
            job_id = submit(connection, self.viewer, self.author, kind, request)
            self._note(connection, "job", what=kind, job=job_id)
            return job_id

    def offered(self) -> list[Offered]:
        """List the inbox, to operators of the whole: nothing says whose its files are."""
        return self.folders.offered() if self.viewer.scope_slot == 0 else []

    def knows_upload(self, upload_id: int) -> bool:
        """Whether an upload of this number is in scope."""
        return bool(self._read("upload", upload_id=upload_id))

    def _note(self, connection: Connection, action: Action, **detail: Any) -> None:
        by = self._by
        record(
            connection,
            Deed(by.login, by.scope_code, action, by.role, by.address, by.request_id, detail),
        )

    def _one(self, name: str, **values: Any) -> Row[Any]:
        rows = self._read(name, **values)
        if not rows:
            raise NotFoundError("there is none of this number")
        return rows[0]

    def _read(self, name: str, **values: Any) -> list[Row[Any]]:
        with transaction(self._engine, self.viewer) as connection:
            return _run(connection, name, values)


def _run(connection: Connection, name: str, values: Mapping[str, Any]) -> list[Row[Any]]:
    statement = text(read_sql_file("dashboard.desk", f"{name}.sql"))
    return list(connection.execute(statement, dict(values)))


def _job(row: Row[Any]) -> Job:
    values = dict(row._mapping)
    values.pop("scope_code")
    return Job(**values)


def _batch(row: Row[Any]) -> Batch:
    values = dict(row._mapping)
    values.pop("scope_code")
    return Batch(**values)
