"""Read delimited text: CSV in any of its forms."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace

import pyarrow as pa
import pyarrow.csv

from etl.reading.archives import Opened
from etl.reading.blocks import Block, ahead, read_blocks
from etl.reading.encodings import Decoder
from etl.reading.forms import Form, Reading
from geo.errors import InputError

DELIMITERS = (",", ";", "\t", "|")
"""What may stand between values; the first wins where several would do."""

MISSING = ["", "NULL", "null", r"\N"]
"""What stands for no value."""


def read_delimited(opened: Opened, form: Form) -> Reading:
    """Read the header and find out encoding and delimiter; the rows follow on demand.

    Returns:
        Tables of text, a block at a time.

    Raises:
        InputError: now or while rows are read: the file is not of one encoding, a row does not
            have the header's number of values, or the header is not as it must be.
    """
    decoder = Decoder(opened.name, form.encoding)
    blocks = read_blocks(opened.stream, opened.name, quotes=True)
    first = next((block for block in blocks if block.raw.strip()), None)
    if first is None:
        raise InputError(f"{opened.name} is empty")
    text, stated = _without_hint(decoder.decode(first))
    first = replace(first, first_line=first.first_line + bool(stated))
    delimiter = form.delimiter or stated or _delimiter(text, form.columns)
    header = _header(text, delimiter, opened.name)
    wanted = form.wanted(header, opened.name)
    parser = _Parser(opened.name, delimiter, header, wanted)

    def tables() -> Iterator[pa.Table]:
        # A header that ends with the file is a line all the same.
        yield parser.parse(text if text.endswith(b"\n") else text + b"\n", first, skip=1)
        for block, decoded in ahead((block, decoder.decode(block)) for block in blocks):
            yield parser.parse(decoded, block, skip=0)

    return Reading("csv", header, tables(), encoding=decoder.encoding, delimiter=delimiter)


_PARALLEL_BYTES = 2**20
"""What one thread parses at a time."""


class _Parser:
    """Turns blocks of one file into tables."""

    def __init__(self, name: str, delimiter: str, header: list[str], wanted: list[str]) -> None:
        self._name, self._header = name, header
        self._delimiter = delimiter
        self._parsing = pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
        self._converting = pa.csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.string()),
            null_values=MISSING,
            strings_can_be_null=True,
        )

    def parse(self, text: bytes, block: Block, skip: int) -> pa.Table:
        """A table of all rows of a block, without the first ``skip``.

        Raises:
            InputError: a row is not as long as the header.
        """
        try:
            table = self._table(text, skip, _PARALLEL_BYTES)
        except pa.ArrowInvalid:
            # A record may be longer than that.
            try:
                table = self._table(text, skip, len(text) + 1)
            except pa.ArrowInvalid as error:
                raise self._explained(text, block) from error
        if b'"' in text and table.num_rows + skip < text.count(b"\n"):
            # Values over several lines: two marks left open would hide the rows between them.
            self._check_quotes(text, block)
        return table

    def _table(self, text: bytes, skip: int, block_size: int) -> pa.Table:
        """The table, if every row is as long as the header."""
        return pa.csv.read_csv(
            pa.BufferReader(text),
            read_options=pa.csv.ReadOptions(
                column_names=self._header, skip_rows_after_names=skip, block_size=block_size
            ),
            parse_options=self._parsing,
            convert_options=self._converting,
        )

    def _check_quotes(self, text: bytes, block: Block) -> None:
        """Refuse a value that goes on after the mark that closes it."""
        rows = csv.reader(io.StringIO(text.decode()), delimiter=self._delimiter, strict=True)
        before = 0
        try:
            for _ in rows:
                before = rows.line_num
        except csv.Error as error:
            raise InputError(
                f"{self._name}, line {block.first_line + before}: a quotation mark that is not"
                " closed, or is closed in the middle of a value"
            ) from error

    def _explained(self, text: bytes, block: Block) -> InputError:
        """Which line is wrong. What the line holds is not said: it may be about persons."""
        rows = csv.reader(io.StringIO(text.decode("utf-8")), delimiter=self._delimiter)
        before = 0
        try:
            for row in rows:
                if row and len(row) != len(self._header):
                    return InputError(
                        f"{self._name}, line {block.first_line + before}: {len(row)} values where"
                        f" the header has {len(self._header)}: is a value with"
                        f" {self._delimiter!r} in it not in quotation marks?"
                    )
                before = rows.line_num
        except csv.Error:
            pass
        return InputError(
            f"{self._name}, line {block.first_line + before}: cannot be read as values between"
            f" {self._delimiter!r}: is a quotation mark left open?"
        )


def _without_hint(text: bytes) -> tuple[bytes, str | None]:
    """Take off the line ``sep=;`` with which spreadsheets tell each other the delimiter."""
    found = re.match(rb'"?sep=([,;|\t])"?\n', text)
    return (text[found.end() :], found[1].decode()) if found else (text, None)


def _header(text: bytes, delimiter: str, name: str) -> list[str]:
    """The names in the first line that is not blank."""
    try:
        rows = csv.reader(io.StringIO(text.decode("utf-8"), newline=""), delimiter=delimiter)
        names = next(row for row in rows if row)
    except csv.Error as error:
        raise InputError(f"{name}: the header cannot be read: {error}") from error
    return [cell.strip() for cell in names]


def _delimiter(text: bytes, columns: tuple[str, ...]) -> str:
    """The delimiter that finds the columns the profile names, or else the most values."""

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            names = _header(text, delimiter, "")
        except InputError:
            return -1, -1
        return len(set(columns) & set(names)), len(names)

    return max(DELIMITERS, key=fit)
