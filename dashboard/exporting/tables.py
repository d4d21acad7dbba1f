"""A view's table as a spreadsheet: CSV for any program, XLSX to be read and printed."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from dashboard.exporting.sheets import Book
from dashboard.exporting.view_table import ViewTable


def write_csv(table: ViewTable, path: Path) -> None:
    """Write UTF-8 with a byte order mark, by which spreadsheets know Chinese.

    There is no header to say what the figures are of, at which programs would stumble: each
    row says it.
    """
    write_table(table.frame(labels=True), path)


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as any program and spreadsheet reads it: texts quoted, lines as RFC 4180."""
    frame.to_csv(
        path,
        index=False,
        encoding="utf-8-sig",
        quoting=csv.QUOTE_NONNUMERIC,
        lineterminator="\r\n",
    )


def write_xlsx(table: ViewTable, path: Path) -> None:
    """Write a sheet whose head stays in view, and one that says what the figures are of."""
    columns = [column for column in table.columns if not column.same]
    with Book(path, table.about.title, table.about.as_of) as book:
        sheet = book.sheet(table.about.title)
        sheet.caption(table.about.title, table.about.caption)
        sheet.table(columns)
        book.sheet(table.about.notes).head(table.about.title, table.about.lines)
