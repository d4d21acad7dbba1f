"""Files as tests make them, and reading them whole."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from etl.reading.forms import Form
from etl.reading.incidents import first_rows, open_source

HEADER = "编号,类别,经度"
ROWS = ["A1,邻里纠纷,103.8", "A2,土地山林水利,103.9"]
TEXT = "\n".join([HEADER, *ROWS]) + "\n"


def read(path: str | Path, form: Form | None = None) -> pd.DataFrame:
    """All rows of a source."""
    with open_source(path, form or Form()) as reading:
        return first_rows(reading, 1_000_000)


def write_bytes(path: Path, content: bytes) -> Path:
    """A file with this content."""
    path.write_bytes(content)
    return path


def write_sheet(
    path: Path,
    rows: Iterable[Iterable[Any]],
    *,
    change: Callable[[xlsxwriter.Workbook, Any], None] | None = None,
    **options: object,
) -> Path:
    """A workbook with one sheet."""
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("台账")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if hasattr(value, "year"):
                    sheet.write_datetime(at, column, value, moment)
                else:
                    sheet.write(at, column, value)
        if change is not None:
            change(book, sheet)
    return path
