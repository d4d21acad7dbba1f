"""Read a sheet of a workbook: Excel's formats of today and of before 2007, and OpenDocument.

The library holds a whole sheet: about 1.2 kB a row of 14 columns. A sheet has at most
1,048,576 rows, so this is bounded, but not by the size of a chunk.
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, zip_longest
from typing import BinaryIO

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from etl.reading import chunks
from etl.reading.archives import DAMAGE, Capped, Opened
from etl.reading.forms import Form, Reading
from geo.errors import InputError

TITLE_ROWS = 20
"""How far down the header may stand, below titles and notes."""

_ROWS = 20_000
_EXACT = 1e15
"""Spreadsheets keep 15 digits."""

Cell = int | float | str | bool | datetime | date | time | timedelta
Row = list[Cell]


def read_workbook(opened: Opened, form: Form) -> Reading:
    """Read the sheet that is named, or the only one; its rows follow on demand.

    The header is the first row with all columns the profile names or, if there is none, the
    fullest of the first rows that hold nothing but text. What stands above is a title. Rows
    without any content are passed over.

    Returns:
        Tables of text: whole numbers without a point, moments as ISO 8601 without a zone.

    Raises:
        InputError: now or while rows are read: the workbook is damaged or encrypted, there are
            several sheets and none is named, or cells of several rows are merged.
    """
    _check_expansion(opened)
    try:
        book = CalamineWorkbook.from_filelike(opened.stream)
        sheets = _filled_sheets(book)
        sheet = book.get_sheet_by_name(_sheet_name(book, sheets, form, opened.name))
    except PasswordError as error:
        raise InputError(f"{opened.name} is encrypted: save it without a password") from error
    except (CalamineError, OSError) as error:
        raise InputError(f"{opened.name} cannot be read as a workbook: {error}") from error
    _check_calendar(opened, form)
    rows: Iterator[Row] = sheet.iter_rows()
    top = list(islice(rows, TITLE_ROWS))
    at = _header_row(top, form.columns)
    if at is None:
        raise InputError(f"{opened.name}: sheet {sheet.name} is empty")
    header = _trimmed([_text(cell) or "" for cell in top[at]])
    wanted = form.wanted(header, opened.name)
    first_row = (sheet.start or (0, 0))[0] + at + 1
    _refuse_merged(sheet, first_row, opened.name)

    def tables() -> Iterator[pa.Table]:
        below = iter(top[at + 1 :])
        numbered = enumerate((row for part in (below, rows) for row in part), start=first_row + 1)
        content = ((line, row) for line, row in numbered if any(cell != "" for cell in row))
        while group := list(islice(content, min(_ROWS, chunks.CHUNK_ROWS))):
            yield _table(group, header, wanted, opened.name)

    return Reading("workbook", header, tables(), sheet=sheet.name, sheets=tuple(sheets))


def _table(
    group: list[tuple[int, Row]], header: list[str], wanted: list[str], name: str
) -> pa.Table:
    """Columns of text."""
    width = len(header)
    if any(len(row) > width for _, row in group):
        _refuse_beside(group, width, name)
    turned = zip_longest(*(row[:width] for _, row in group), fillvalue="")
    cells = dict(zip(header, turned, strict=False))
    columns = {}
    for column in wanted:
        texts = [
            _text(cell) if type(cell) is not str else cell.strip() or None
            for cell in cells.get(column, [""] * len(group))
        ]
        columns[column] = pa.array(texts, pa.string())
    return pa.table(columns)


def _refuse_beside(group: list[tuple[int, Row]], width: int, name: str) -> None:
    """Refuse values to the right of the header."""
    for line, row in group:
        if any(cell != "" for cell in row[width:]):
            raise InputError(
                f"{name}, row {line}: a value in a column that the header does not name"
            )


def _text(cell: Cell) -> str | None:
    """A cell as text; None where it is empty.

    Numbers of a workbook are all floating: a whole one is an identifier or a code more often
    than a measure, and is written without a point. Larger ones than spreadsheets keep exactly
    look as they are: no identifiers any more.
    """
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if abs(cell) >= _EXACT:
            return f"{cell:.15e}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _trimmed(header: list[str]) -> list[str]:
    """The header without what is empty at its end."""
    while header and not header[-1]:
        header.pop()
    return header


def _header_row(top: list[Row], columns: tuple[str, ...]) -> int | None:
    """Which of the first rows is the header."""
    texts = [[_text(cell) for cell in row] for row in top]
    if columns:
        holding = (at for at, row in enumerate(texts) if set(columns) <= set(row))
        if (found := next(holding, None)) is not None:
            return found
    filled = [sum(cell != "" for cell in row) for row in top]
    named = [
        all(isinstance(cell, str) for cell in row) * n for row, n in zip(top, filled, strict=True)
    ]
    best = named if any(named) else filled
    return best.index(max(best)) if any(best) else None


def _filled_sheets(book: CalamineWorkbook) -> list[str]:
    """The sheets that can be seen and hold something, in their order.

    Empty ones leave no doubt which is meant.
    """
    visible = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if len(visible) == 1:
        return visible
    return [name for name in visible if book.get_sheet_by_name(name).height]


def _sheet_name(book: CalamineWorkbook, sheets: list[str], form: Form, name: str) -> str:
    """The sheet to read."""
    if form.sheet is not None:
        if form.sheet not in book.sheet_names:
            raise InputError(f"{name} has no sheet {form.sheet!r}; it has {book.sheet_names}")
        return form.sheet
    if not sheets:
        raise InputError(f"{name} has no sheet that holds anything")
    if len(sheets) > 1 and not form.any_sheet:
        raise InputError(
            f'{name} has the sheets {", ".join(sheets)}: name one in the profile, sheet = "…"'
        )
    if len(sheets) == 1:
        return sheets[0]
    return max(sheets, key=lambda each: book.get_sheet_by_name(each).height)


def _refuse_merged(sheet: CalamineSheet, header_row: int, name: str) -> None:
    """Refuse rows that share a cell: which of them the value belongs to is not said.

    Args:
        sheet: what is read.
        header_row: number of the header's row, from 1.
        name: what to call the file in messages.
    """
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if bottom >= header_row and (top, left) != (bottom, right):
            raise InputError(
                f"{name}, rows {top + 1} to {bottom + 1}: merged cells: every row needs values of"
                " its own, so unmerge them and fill them in"
            )


def _check_calendar(opened: Opened, form: Form) -> None:
    """Refuse bare serial numbers that would be counted from another day than the workbook's."""
    if form.serials is None:
        return
    used = 1904 if _counts_from_1904(opened.stream) else 1900
    if used != form.serials:
        right = "excel-1904" if used == 1904 else "excel"
        raise InputError(
            f'{opened.name} counts days from {used}: write format = "{right}" into the profile'
        )


def _counts_from_1904(stream: BinaryIO) -> bool:
    """Whether the workbook says so."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            text = archive.read("xl/workbook.xml")
    except (*DAMAGE, KeyError):
        return False
    return re.search(rb'date1904\s*=\s*"(1|true|on)"', text) is not None


def _check_expansion(opened: Opened) -> None:
    """Unpack the members of a workbook once, only to see how much comes out."""
    stream, size = opened.stream, opened.size or 0
    stream.seek(0)
    if stream.read(4) == b"PK\x03\x04":
        stream.seek(0)
        try:
            with zipfile.ZipFile(stream) as archive:
                _unpack_all(archive, size, opened.name)
        except DAMAGE as error:
            raise InputError(f"{opened.name} is damaged: {error}") from error
    stream.seek(0)


def _unpack_all(archive: zipfile.ZipFile, size: int, name: str) -> None:
    """Read what is inside, at most as much as the cap lets through."""
    for item in archive.infolist():
        if item.flag_bits & 1:
            raise InputError(f"{name} is encrypted: save it without a password")
        with archive.open(item) as member:
            capped = Capped(member, size, name)
            while capped.read(2**20):
                pass
