"""Batches: what was loaded when, from which file, and what was refused."""

import hashlib
import json
from pathlib import Path

import pyarrow as pa
from sqlalchemy import Connection

from etl.reports import LoadReport
from etl.statements import copy_table, run

REJECTS_KEPT = 10_000
"""Refused rows kept a batch; all are counted, but a wrong file must not fill the disk."""


def file_sha256(path: Path) -> str:
    """The digest of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def open_batch(
    connection: Connection, *, scope_code: str, kind: str, source: str, file: Path | None
) -> int:
    """Begin a batch and return its number; it disappears with a transaction that fails."""
    values = {
        "scope_code": scope_code,
        "kind": kind,
        "source": source,
        "file_name": file.name if file else None,
        "file_sha256": file_sha256(file) if file else None,
    }
    return int(str(run(connection, "open_batch", values).scalar_one()))


def close_batch(connection: Connection, report: LoadReport) -> None:
    """Write the account of a batch.

    Raises:
        CountError: the counts do not add up to the rows read.
    """
    report.check()
    details = {
        "reasons": dict(report.reasons),
        "seconds": {name: round(seconds, 3) for name, seconds in report.seconds.items()},
        "closed": report.rows_closed,
        "moved": report.rows_moved,
    }
    values = {
        "batch_id": report.batch_id,
        "rows_read": report.rows_read,
        "rows_loaded": report.rows_loaded,
        "rows_updated": report.rows_updated,
        "rows_unchanged": report.rows_unchanged,
        "rows_rejected": report.rows_rejected,
        "report": json.dumps(details),
    }
    run(connection, "close_batch", values)


def store_rejects(
    connection: Connection, batch_id: int, rows: list[tuple[int, str, dict[str, object]]]
) -> None:
    """Keep refused rows: number in the file (from 1), reason, the row as it was read."""
    if not rows:
        return
    numbers, reasons, raws = zip(*rows, strict=True)
    table = pa.table(
        {
            "batch_id": pa.array([batch_id] * len(rows)),
            "row": pa.array(numbers),
            "reason": pa.array(reasons),
            "raw": pa.array([_json(raw) for raw in raws]),
        }
    )
    run(connection, "create_staged_reject")
    copy_table(connection, "staged_reject", table)
    run(connection, "insert_rejects")


def _json(raw: dict[str, object]) -> str:
    """A refused row as PostgreSQL takes it: NUL, which it refuses, becomes the sign for it."""
    shown = {
        name: value.replace("\0", "\N{SYMBOL FOR NULL}") if isinstance(value, str) else value
        for name, value in raw.items()
    }
    return json.dumps(shown, ensure_ascii=False, default=str)
