"""Jobs: what the data page asks for, and what workers make of it.

Who asks only adds rows; only a worker, as the loader, changes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection

from etl.jsonb import to_jsonb
from etl.statements import run
from geo.errors import NotFoundError
from geo.viewer import Viewer

Kind = Literal["draft", "check", "load", "undo", "cancel"]
"""What a worker can do."""

State = Literal["waiting", "running", "done", "refused", "failed", "cancelled"]
"""How far a job is. Refused: the file, the profile or the request is not as it must be."""

LOST_S = 60.0
"""A running job whose worker was not heard of for so long is taken up by another."""


@dataclass(frozen=True)
class Job:
    """One request and what became of it; see the table ``job``."""

    job_id: int
    scope_code: str
    author: str
    kind: Kind
    state: State
    request: dict[str, Any]
    progress: dict[str, Any]
    result: dict[str, Any] | None
    batch_id: int | None
    asked_at: datetime
    started_at: datetime | None
    seen_at: datetime | None
    finished_at: datetime | None

    def as_dict(self) -> dict[str, object]:
        """The job as JSON holds it; moments are ISO 8601."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in values.items()
        }


def submit(
    connection: Connection,
    viewer: Viewer,
    author: str,
    kind: Kind,
    request: Mapping[str, object],
) -> int:
    """Ask for something to be done; returns the number of the job.

    Args:
        connection: a writing transaction of the viewer, whose role must be operator or admin.
        viewer: for whose scope it is done.
        author: who asks.
        kind: what.
        request: the particulars, as JSON holds them.
    """
    values = {
        "scope_code": viewer.scope_code,
        "author": author,
        "kind": kind,
        "request": to_jsonb(request),
    }
    return int(str(run(connection, "submit_job", values).scalar_one()))


def cancel(connection: Connection, viewer: Viewer, author: str, job_id: int) -> int:
    """Ask for a job to be cancelled; as ``submit``. One that is over stays as it is."""
    return submit(connection, viewer, author, "cancel", {"job_id": job_id})


def read_job(connection: Connection, job_id: int) -> Job:
    """One job.

    Raises:
        NotFoundError: there is none of this number that the reader may see.
    """
    found = run(connection, "read_job", {"job_id": job_id}).one_or_none()
    if found is None:
        raise NotFoundError(f"there is no job {job_id}")
    return Job(**found._mapping)


def read_jobs(connection: Connection, limit: int = 20) -> list[Job]:
    """The latest jobs the reader may see, the latest first."""
    return [Job(**row._mapping) for row in run(connection, "read_jobs", {"limit": limit})]


def take_job(connection: Connection, lost_s: float = LOST_S) -> Job | None:
    """Take the oldest job that waits or was lost; None if there is none.

    Args:
        connection: a loading transaction; the job is taken once it commits.
        lost_s: after how many seconds of silence a running job counts as lost.
    """
    run(connection, "cancel_waiting_jobs")
    found = run(connection, "take_job", {"lost_s": lost_s}).one_or_none()
    return Job(**found._mapping) if found else None


def note_progress(connection: Connection, job: Job, progress: Mapping[str, object]) -> bool:
    """Say that a job is under way and how far it is; whether it is still to go on."""
    values = {
        "job_id": job.job_id,
        "started_at": job.started_at,
        "progress": to_jsonb(progress),
    }
    ours = run(connection, "note_progress", values).one_or_none() is not None
    return ours and not run(connection, "job_is_cancelled", {"job_id": job.job_id}).scalar_one()


def note_result(
    connection: Connection, job_id: int, result: Mapping[str, object], batch_id: int | None
) -> None:
    """Keep what a job came to, within the transaction that did it: it is never done twice."""
    kept = {"job_id": job_id, "result": to_jsonb(result), "batch_id": batch_id}
    run(connection, "note_result", kept)


def end_job(
    connection: Connection, job: Job, state: State, result: Mapping[str, object] | None = None
) -> None:
    """Say that a job is over; without a result the one noted before stays."""
    values = {
        "job_id": job.job_id,
        "started_at": job.started_at,
        "state": state,
        "result": None if result is None else to_jsonb(result),
    }
    run(connection, "end_job", values)


def give_back(connection: Connection, job: Job) -> None:
    """Leave a job to the next worker."""
    run(connection, "give_back_job", {"job_id": job.job_id, "started_at": job.started_at})
