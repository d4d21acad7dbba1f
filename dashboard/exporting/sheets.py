"""Workbooks: a title, lines that say what the figures are of, tables that stay readable.

A table's head stays in view only where little stands above it: of a laptop's screen, a dozen lines
that do not move would take half.
"""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.exporting.columns import Column, as_frame, safe_text
from dashboard.names import letters

_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "line": {"font_color": "#555555"},
    "head": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF1F4"},
    "text": {"num_format": "@"},
    "whole": {"num_format": "#,##0"},
    "number": {"num_format": "#,##0.0###"},
}
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_LONGEST_NAME = 31
_NARROWEST, _WIDEST = 6, 40
_LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)
_SCREEN_DPI, _ROW_PX, _M_PER_INCH = 96, 20, 0.0254
_SAMPLE = 200
"""Rows that a column's width is chosen by."""

CAPTION_ROWS = 2
"""Rows above a table that stay in view with its head; below more of them nothing does."""


class Sheet:
    """One sheet, filled from the top down."""

    def __init__(self, sheet: Worksheet, formats: dict[str, Format]) -> None:
        self._sheet = sheet
        self._formats = formats
        self._next = 0

    def head(self, title: str, lines: Iterable[tuple[str, str]]) -> None:
        """Write a title, and lines of a heading and what it says."""
        self._write(title, "title")
        for heading, words in lines:
            self._write(f"{heading}: {words}", "line")
        self._next += 1

    def caption(self, title: str, line: str) -> None:
        """Write what stands above a table whose head stays in view: a title and one line."""
        self._write(title, "title")
        self._write(line, "line")

    def line(self, words: str) -> None:
        """Write one line."""
        self._write(words, "line")

    def picture(self, png: bytes, width_px: int) -> None:
        """Show a picture below what is there, as wide on a screen as said."""
        wide, high, dpi = _size_of(png)
        scale = width_px / (wide * _SCREEN_DPI / dpi)
        look = {"image_data": io.BytesIO(png), "x_scale": scale, "y_scale": scale}
        self._sheet.insert_image(self._next, 0, "map.png", look)
        self._next += round(width_px / wide * high / _ROW_PX) + 1

    def table(self, columns: Sequence[Column]) -> None:
        """Write a table; its heads can filter, and stay in view below no more than a caption."""
        frame = as_frame(columns)
        head = self._next
        for at, column in enumerate(columns):
            self._sheet.set_column(at, at, _width(column, frame[column.key]))
        self._sheet.set_row(head, 45)
        for at, column in enumerate(columns):
            self._sheet.write_string(head, at, safe_text(column.label) or "", self._formats["head"])
        kinds = [column.kind for column in columns]
        # Missing values found a column at a time: asked of each cell, it takes most of the time.
        lists = [frame[name].astype(object).where(frame[name].notna(), None).tolist()
                 for name in frame]  # fmt: skip
        for row, values in enumerate(zip(*lists, strict=True), head + 1):
            self._row(row, values, kinds)
        self._next = head + 1 + len(frame)
        if head <= CAPTION_ROWS:
            self._sheet.freeze_panes(head + 1, min(2, len(columns)))
            self._sheet.repeat_rows(0, head)
        if len(frame):
            self._sheet.autofilter(head, 0, self._next - 1, len(columns) - 1)

    def _row(self, row: int, values: tuple[Any, ...], kinds: Sequence[str]) -> None:
        for at, (value, kind) in enumerate(zip(values, kinds, strict=True)):
            if value is None:
                continue
            if kind == "text":
                self._sheet.write_string(row, at, value, self._formats["text"])
            else:
                self._sheet.write_number(row, at, value, self._formats[kind])

    def _write(self, words: str, form: str) -> None:
        self._sheet.write_string(self._next, 0, safe_text(words) or "", self._formats[form])
        self._next += 1


class Book:
    """A workbook that is written row by row, so that what is large needs no more memory.

    No text becomes a formula, a link or a number, whatever it looks like. It says to be as old as
    its data, so that the same figures give the same bytes.
    """

    def __init__(self, path: Path, title: str, as_of: datetime | None = None) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        made = (as_of or _LONG_AGO).astimezone(UTC).replace(tzinfo=None)
        self._book.set_properties({"title": title, "author": "gridboard", "created": made})
        self._formats = {name: self._book.add_format(look) for name, look in _FORMATS.items()}
        self._names: set[str] = set()

    def __enter__(self) -> Book:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._book.close()

    def sheet(self, name: str) -> Sheet:
        """Add a sheet, called as far as possible so."""
        sheet = self._book.add_worksheet(self._free(name))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return Sheet(sheet, self._formats)

    def _free(self, name: str) -> str:
        visible = "".join(letter if letter.isprintable() else " " for letter in name)
        clean = _NOT_IN_A_NAME.sub(" ", visible).strip(" '") or "gridboard"
        wanted = _cut(clean, _LONGEST_NAME)
        candidates = (wanted, *(f"{_cut(clean, _LONGEST_NAME - 3)} {n}" for n in range(2, 99)))
        free = next(islice((each for each in candidates if each.lower() not in self._names), 1))
        self._names.add(free.lower())
        return free


def _size_of(png: bytes) -> tuple[int, int, float]:
    """Width and height of a PNG in pixels, and its pixels per inch; a screen's if it is silent."""
    wide, high = struct.unpack_from(">II", png, 16)
    at = png.find(b"pHYs")
    per_m = struct.unpack_from(">I", png, at + 4)[0] if at >= 0 else 0
    return wide, high, per_m * _M_PER_INCH or _SCREEN_DPI


def _cut(words: str, most: int) -> str:
    """The beginning of some words, as long as spreadsheets measure it: in units of UTF-16."""
    return words.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore").rstrip(" '")


def _width(column: Column, values: pd.Series[Any]) -> float:
    """Wide enough for the longest value and half the heading, which wraps."""
    if column.kind == "text":
        longest = max((letters(str(value)) for value in values.head(_SAMPLE).dropna()), default=0)
    else:
        longest = 12
    return min(_WIDEST, max(_NARROWEST, longest, letters(column.label) / 2) + 2)
