"""Write tables of text that spreadsheets show and never run: CSV, and a plain XLSX."""

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from geo.errors import InputError

Row = Sequence[str | None]
"""Cells; None where one is empty."""

XLSX_ROWS = 1_048_576
"""What a sheet holds, its header included."""

_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")
# XML 1.0 has no way to write these.
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def disarm(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe goes before what might be."""
    dangerous = _FORMULA.match(cell) and not _NUMBER.fullmatch(cell)
    return f"'{cell}" if dangerous else cell


def rearm(cell: str) -> str:
    """The opposite of ``disarm``; other cells stay as they are."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def write_table(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Row],
    *,
    delimiter: str = ",",
    sheet: str = "rows",
) -> None:
    """Write a table; its kind follows from the file's name.

    Args:
        path: ``.csv`` (UTF-8 with a byte order mark, so that spreadsheets read Chinese) or
            ``.xlsx`` (every cell a text, so that long numbers stay whole). Replaced if it exists.
        header: names of the columns.
        rows: as many cells each.
        delimiter: between the cells of a CSV.
        sheet: name of the sheet of an XLSX.

    Raises:
        InputError: another kind of file is named, it cannot be written, or rows do not fit.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise InputError(f"cannot write {path.name}: name a file that ends in .csv or .xlsx")
    disarmed = ([None if cell is None else disarm(cell) for cell in row] for row in rows)
    safe = _all([disarm(name) for name in header], disarmed)
    try:
        if kind == ".csv":
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                file.writelines(_csv_lines(safe, delimiter))
        else:
            _write_xlsx(path, safe, sheet)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error


def _all(header: Row, rows: Iterable[Row]) -> Iterator[Row]:
    """The header, then the rows."""
    yield header
    yield from rows


def _csv_lines(rows: Iterable[Row], delimiter: str) -> Iterator[str]:
    """Every cell in quotes, so that another delimiter within it separates nothing."""
    for row in rows:
        cells = ("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in row)
        yield delimiter.join(cells) + "\r\n"


def _write_xlsx(path: Path, rows: Iterable[Row], sheet: str) -> None:
    """The least a workbook needs, in the order in which readers look for it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        archive.writestr("xl/workbook.xml", _WORKBOOK.format(name=quoteattr(sheet)))
        archive.writestr("xl/_rels/workbook.xml.rels", _WORKBOOK_RELATIONS)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            file.writelines(part.encode() for part in _sheet(rows))


def _sheet(rows: Iterable[Row]) -> Iterator[str]:
    """A sheet whose cells are texts; Excel takes no text for a formula."""
    yield f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'
    for number, row in enumerate(rows, 1):
        if number > XLSX_ROWS:
            raise InputError(f"a sheet holds {XLSX_ROWS:,} rows, and these are more: take .csv")
        cells = ("<c/>" if cell is None else _CELL.format(_xml_text(cell)) for cell in row)
        yield f"<row>{''.join(cells)}</row>"
    yield "</sheetData></worksheet>"


def _xml_text(cell: str) -> str:
    """A text within XML, whose line breaks survive."""
    return escape(_NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", cell), {"\r": "&#13;"})


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CELL = '<c t="inlineStr"><is><t xml:space="preserve">{}</t></is></c>'
_CONTENT_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/>'
    "</Types>"
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_WORKBOOK = (
    f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name={name} sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_WORKBOOK_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
    f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
)
