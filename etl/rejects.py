"""Refused rows: all are kept as they were read, and handed out to be corrected and loaded again."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.batches import read_batch
from etl.profiles import Incidents
from etl.reading.returned import REASON_COLUMN, ROW_COLUMN
from etl.reports import LoadReport
from etl.spreadsheets import Row, write_table
from etl.statements import copy_table, run, stream

_PIECE_ROWS = 10_000


@dataclass(frozen=True)
class RejectStore:
    """Where one load puts what it refuses."""

    connection: Connection
    batch_id: int
    report: LoadReport

    def add(
        self, rows: npt.NDArray[np.int64], reasons: npt.NDArray[np.object_], raw: pd.DataFrame
    ) -> None:
        """Count and keep refused rows of a chunk.

        Args:
            rows: n numbers in the file, from 1; none was given before in this load.
            reasons: n texts.
            raw: n rows with the columns that the profile names, as they were read.
        """
        if not len(rows):
            return
        groups, found = pd.factorize(reasons)
        for number, reason in enumerate(found):
            of_reason = rows[groups == number]
            self.report.reject(int(of_reason.min()), str(reason), len(of_reason))
        self.report.columns = self.report.columns or [str(name) for name in raw.columns]
        for at in range(0, len(rows), _PIECE_ROWS):
            piece = slice(at, at + _PIECE_ROWS)
            self._copy(rows[piece], reasons[piece], raw.iloc[piece])

    def _copy(
        self, rows: npt.NDArray[np.int64], reasons: npt.NDArray[np.object_], raw: pd.DataFrame
    ) -> None:
        """COPY some rows; a piece at a time, because their JSON is larger than they are."""
        table = pa.table(
            {
                "batch_id": pa.array(np.full(len(rows), self.batch_id)),
                "row": pa.array(rows),
                "reason": pa.array([str(reason) for reason in reasons]),
                "raw": pa.array(_as_json(raw), pa.string()),
            }
        )
        run(self.connection, "create_staged_reject")
        copy_table(self.connection, "staged_reject", table)
        run(self.connection, "insert_rejects")


def export_rejects(connection: Connection, batch_id: int, path: Path) -> int:
    """Write the refused rows of a batch as a file that the same profile reads.

    It has the file's own columns that the profile named, and after them the row's number in the
    file and the reason, which are not read again. May be called while the batch is loaded.

    Args:
        connection: a transaction of one who may read the batch.
        batch_id: the batch.
        path: ``.csv`` or ``.xlsx``.

    Returns:
        The number of rows.

    Raises:
        NotFoundError: there is no such batch.
        InputError: the file cannot be written.
    """
    report = read_batch(connection, batch_id).report
    found = run(connection, "read_reject_columns", {"batch_id": batch_id}).one()
    keys: list[str] = found.names or []
    stated: Any = report.get("columns") or []
    columns = [*stated, *sorted(set(keys) - set(stated))]
    layout: Any = report.get("layout") or {}
    rows = _kept(connection, batch_id, columns)
    write_table(path, [*columns, ROW_COLUMN, REASON_COLUMN], rows, **layout)
    return int(found.rows)


def layout_of(rules: Incidents | None) -> dict[str, str]:
    """How a file must be laid out for a profile to read it, as far as that says anything."""
    stated = {"delimiter": rules.delimiter, "sheet": rules.sheet} if rules else {}
    return {name: value for name, value in stated.items() if value is not None}


def _kept(connection: Connection, batch_id: int, columns: list[str]) -> Iterator[Row]:
    """The cells of the refused rows, in the order of the file."""
    for row, reason, raw in stream(connection, "read_rejects", {"batch_id": batch_id}):
        yield [*(raw.get(name) for name in columns), str(row), reason]


def _as_json(raw: pd.DataFrame) -> list[str]:
    """Each row as an object of texts, without what is missing."""
    columns = [str(name) for name in raw.columns]
    cells = [raw.iloc[:, at].astype(object).tolist() for at in range(len(columns))]
    return [
        json.dumps(
            {
                name: _as_text(value)
                for name, value in zip(columns, row, strict=True)
                if not _is_missing(value)
            },
            ensure_ascii=False,
        )
        for row in zip(*cells, strict=True)
    ]


def _is_missing(value: object) -> bool:
    """Whether a cell holds nothing."""
    return value is None or value is pd.NA or value is pd.NaT or value != value


def _as_text(value: object) -> str:
    """A cell as PostgreSQL takes it: NUL, which it refuses, becomes the sign for it."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 2**53
    text = str(int(value)) if whole and isinstance(value, float) else str(value)
    shown = text.replace("\0", "\N{SYMBOL FOR NULL}")
    return shown.encode("utf-8", "replace").decode()
