"""Batches: what was loaded when, from which file, and with which outcome."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection

from etl.jsonb import to_jsonb
from etl.reports import LoadReport
from etl.statements import run
from geo.audit import Deed, record
from geo.errors import NotFoundError


@dataclass(frozen=True)
class Batch:
    """One load as the ledger has it; see the table ``batch``."""

    batch_id: int
    scope_code: str
    kind: str
    source: str
    file_name: str | None
    profile: str | None
    author: str | None
    finished_at: datetime
    rows_read: int
    rows_loaded: int
    rows_updated: int
    rows_unchanged: int
    rows_rejected: int
    undone_at: datetime | None
    undone_by: str | None
    report: dict[str, object]

    @property
    def title(self) -> str:
        """The batch as a person would name it."""
        return f"batch {self.batch_id} ({self.file_name or self.source})"


def file_sha256(path: Path) -> str:
    """The digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_batch(
    connection: Connection,
    *,
    scope_code: str,
    kind: str,
    source: str,
    file: Path | None = None,
    name: str | None = None,
    profile: str | None = None,
    author: str | None = None,
) -> int:
    """Begin a batch and return its number; it disappears with a transaction that fails.

    Args:
        connection: a loading transaction.
        scope_code: the area whose data the load may touch.
        kind: area or incident.
        source: who the identifiers belong to.
        file: where the rows come from, if from a file; its digest is taken now.
        name: what to call the origin of the rows, if not by the file's name.
        profile: how they were read.
        author: who asked for it.
    """
    values = {
        "scope_code": scope_code,
        "kind": kind,
        "source": source,
        "file_name": name or (file.name if file else None),
        "file_sha256": file_sha256(file) if file else None,
        "profile": profile,
        "author": author,
    }
    return int(str(run(connection, "open_batch", values).scalar_one()))


def close_batch(connection: Connection, report: LoadReport, file_sha256: str | None = None) -> None:
    """Write the account of a batch, and into the audit log that it was loaded.

    Args:
        connection: a loading transaction.
        report: what was done.
        file_sha256: the digest of the file, if ``open_batch`` was not given the file.

    Raises:
        CountError: the counts do not add up to the rows read.
        MostlyRejectedError: more rows were refused than the load allows.
    """
    report.check()
    report.refuse_mostly_rejected()
    details = {
        "reasons": dict(report.reasons),
        "examples": report.examples,
        "columns": report.columns,
        "layout": report.layout,
        "seconds": {name: round(seconds, 3) for name, seconds in report.seconds.items()},
        "closed": report.rows_closed,
        "moved": report.rows_moved,
        "details": report.details,
    }
    values = {
        "batch_id": report.batch_id,
        "rows_read": report.rows_read,
        "rows_loaded": report.rows_loaded,
        "rows_updated": report.rows_updated,
        "rows_unchanged": report.rows_unchanged,
        "rows_rejected": report.rows_rejected,
        "file_sha256": file_sha256,
        "first_day": report.first_day,
        "last_day": report.last_day,
        "report": to_jsonb(details),
    }
    batch = run(connection, "close_batch", values).one()
    detail = {
        "batch_id": report.batch_id,
        "what": batch.kind,
        "source": batch.source,
        "file": batch.file_name,
        "rows": report.rows_loaded + report.rows_updated,
    }
    record(connection, Deed(batch.author or "", batch.scope_code, "load", detail=detail))


def read_batches(connection: Connection, limit: int = 20) -> list[Batch]:
    """The latest batches, the latest first."""
    return [Batch(**row._mapping) for row in run(connection, "read_batches", {"limit": limit})]


def read_batch(connection: Connection, batch_id: int) -> Batch:
    """One batch.

    Raises:
        NotFoundError: there is none of this number.
    """
    found = run(connection, "read_batch", {"batch_id": batch_id}).one_or_none()
    if found is None:
        raise NotFoundError(f"there is no batch {batch_id}: see gridboard batches list")
    return Batch(**found._mapping)
