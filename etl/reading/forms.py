"""What is known about a file before it is read, and what is found out while reading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import pyarrow as pa

from etl.profiles import Incidents
from geo.errors import InputError

_VALUE = re.compile(r"\d{9,}[Xx]?|\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}.*|-?\d+\.\d{3,}")
"""What no column is called, and values are: long numbers, dates, coordinates."""


@dataclass(frozen=True)
class Form:
    """What somebody says about a file; None where it is to be found out.

    Attributes:
        columns: those that must be there.
        leave_out: those that are not read.
        encoding: "utf-8" or "gb18030".
        delimiter: of a delimited text.
        sheet: of a workbook.
        any_sheet: whether to take the longest sheet where several hold something.
        serials: which calendar of a workbook the profile counts on: 1900, 1904, or None.
    """

    columns: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    any_sheet: bool = False
    serials: int | None = None

    @classmethod
    def of(cls, rules: Incidents) -> Self:
        """What a profile says about the file."""
        formats = {word for time in rules.times.values() for word in time.formats}
        serials = 1904 if "excel-1904" in formats else 1900 if "excel" in formats else None
        return cls(
            columns=rules.columns,
            leave_out=rules.leave_out,
            encoding=rules.encoding,
            delimiter=rules.delimiter,
            sheet=rules.sheet,
            serials=serials,
        )

    def wanted(self, present: list[str], file_name: str) -> list[str]:
        """The columns to read, in the order of the file.

        Raises:
            InputError: a column has no name or shares it, or one that must be there is not.
        """
        check_header(present, file_name)
        missing = sorted(set(self.columns) - set(present))
        if missing and len(missing) == len(self.columns):
            # Perhaps there is no header: then what stands in its place must not be repeated.
            raise InputError(
                f"{file_name} has none of the columns the profile names ({', '.join(missing)}):"
                " is it the right profile, and does the file begin with the names of its columns?"
            )
        if missing:
            raise InputError(f"{file_name} has no column {', '.join(missing)}; it has {present}")
        return [name for name in present if name not in self.leave_out]


@dataclass
class Reading:
    """A file that has been opened: what it turned out to be, and its rows.

    Attributes:
        kind: "csv", "json", "parquet", "workbook" or "table".
        columns: all columns of the file, also those left out.
        tables: the rows, a bounded number at a time, without the columns left out.
        encoding: of a text, if it shows.
        delimiter: of a delimited text.
        sheet: of a workbook.
        sheets: all its sheets that hold something.
        rows: how many, where the file says it.
    """

    kind: str
    columns: list[str]
    tables: Iterator[pa.Table]
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    rows: int | None = None


def shown_name(name: str) -> str:
    """A column's name for a message; what looks like a value is not repeated."""
    return "a column called by a number or date" if _VALUE.fullmatch(name.strip()) else name


def check_header(names: list[str], file_name: str) -> None:
    """Refuse columns that cannot be told apart, and a row of values in place of names.

    Raises:
        InputError: a column has no name, or two share one, or one is called like a number,
            a date or a coordinate; a value is not repeated, because it may be about a person.
    """
    if any(_VALUE.fullmatch(name.strip()) for name in names):
        raise InputError(
            f"{file_name}: values stand where the names of the columns should: add a header"
        )
    if blank := [number for number, name in enumerate(names, start=1) if not name.strip()]:
        raise InputError(
            f"{file_name}: column {blank[0]} of {len(names)} has no name in the header:"
            " give it one, or remove the column"
        )
    seen: set[str] = set()
    twice = [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    if twice:
        raise InputError(
            f"{file_name} has several columns named {', '.join(dict.fromkeys(twice))}:"
            " give each a name of its own"
        )
