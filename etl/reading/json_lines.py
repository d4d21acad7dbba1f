"""Read JSON: one object a line, or an array of objects."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from etl.reading import chunks
from etl.reading.archives import Opened
from etl.reading.blocks import LONGEST_BYTES, read_blocks
from etl.reading.encodings import Decoder
from etl.reading.forms import Form, Reading, shown_name
from geo.errors import InputError

Record = dict[str, str | None]
"""The values of one object as text, numbers as they are written."""

_ROWS = 20_000
_SPACE = re.compile(r"[ \t\n\r]*")


def read_json(opened: Opened, form: Form) -> Reading:
    """Read the first objects to see the columns; the rows follow on demand.

    A key that the first objects lack cannot be told from a misspelt one: all keys must occur
    within the first rows.

    Returns:
        Tables of text.

    Raises:
        InputError: now or while rows are read: a line is no object, or an object holds others.
    """
    decoder = Decoder(opened.name, form.encoding)
    groups = _grouped(_records(opened, decoder))
    first = next(groups, [])
    if not first:
        raise InputError(f"{opened.name} holds no object")
    columns = list(dict.fromkeys(key for _, record in first for key in record))
    wanted = form.wanted(columns, opened.name)

    def tables() -> Iterator[pa.Table]:
        known = set(columns)
        yield _table(first, wanted)
        for group in groups:
            for line, record in group:
                if not known.issuperset(record):
                    new = ", ".join(sorted(map(shown_name, set(record) - known)))
                    raise InputError(
                        f"{opened.name}, line {line}: the key {new} occurs in none of the first"
                        f" {len(first)} objects: give all objects the same keys"
                    )
            yield _table(group, wanted)

    return Reading("json", columns, tables(), encoding=decoder.encoding)


def _table(group: list[tuple[int, Record]], wanted: list[str]) -> pa.Table:
    """Columns of text."""
    kind = pa.struct([(name, pa.string()) for name in wanted])
    records = pa.array([record for _, record in group], kind)
    return pa.Table.from_arrays(records.flatten(), names=wanted)


def _grouped(records: Iterator[tuple[int, Record]]) -> Iterator[list[tuple[int, Record]]]:
    """So many at once that a table pays."""
    group: list[tuple[int, Record]] = []
    for record in records:
        group.append(record)
        if len(group) >= min(_ROWS, chunks.CHUNK_ROWS):
            yield group
            group = []
    if group:
        yield group


def _records(opened: Opened, decoder: Decoder) -> Iterator[tuple[int, Record]]:
    """All objects with the line each begins at."""
    blocks = read_blocks(opened.stream, opened.name, quotes=False)
    texts = ((block.first_line, decoder.decode(block).decode("utf-8")) for block in blocks)
    array: _Array | None = None
    for first_line, text in texts:
        if array is None and text.lstrip().startswith("["):
            array = _Array(opened.name)
        if array is not None:
            yield from array.objects(text)
            continue
        for line, content in enumerate(text.split("\n"), start=first_line):
            if content.strip():
                yield line, _record(_parsed(content, opened.name, line), opened.name, line)
    if array is not None:
        array.close()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, if no key comes twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object with one key twice")
    return found


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str, object_pairs_hook=_once)
"""Leaves numbers as they are written."""


class _Array:
    """Takes an array of objects apart, a block at a time."""

    def __init__(self, name: str) -> None:
        self._name, self._rest, self._line = name, "", 1
        self._expected = "["

    def objects(self, text: str) -> Iterator[tuple[int, Record]]:
        """The objects that end within the text so far."""
        text, at = self._rest + text, 0
        while (at := self._past_space(text, at)) < len(text):
            if text[at] in self._expected and text[at] != "{":
                self._expected = {"[": "{]", ",": "{", "]": ""}[text[at]]
                at += 1
            elif text[at] == "{" and "{" in self._expected:
                try:
                    value, end = _DECODER.raw_decode(text, at)
                except json.JSONDecodeError:
                    break  # It may go on in the next block.
                except (ValueError, RecursionError) as error:
                    raise InputError(f"{self._name}, line {self._line}: {error}") from error
                yield self._line, _record(value, self._name, self._line)
                self._line += text.count("\n", at, end)
                at, self._expected = end, ",]"
            else:
                raise InputError(f"{self._name}, line {self._line}: no array of objects")
        self._rest = text[at:]
        if len(self._rest) > LONGEST_BYTES:
            self.close()

    def close(self) -> None:
        """The text is over: refuse what has not ended."""
        if self._rest or self._expected:
            raise InputError(
                f"{self._name}, line {self._line}: an array or object that is damaged or not ended"
            )

    def _past_space(self, text: str, at: int) -> int:
        """The next character that says something."""
        found = _SPACE.match(text, at)
        end = found.end() if found else at
        self._line += text.count("\n", at, end)
        return end


def _parsed(content: str, name: str, line: int) -> object:
    """The value on a line; numbers stay as they are written."""
    try:
        return _DECODER.decode(content)
    except json.JSONDecodeError as error:
        raise InputError(f"{name}, line {line}: no JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}, line {line}: {error}") from error


def _record(value: object, name: str, line: int) -> Record:
    """An object with plain values, as text."""
    if not isinstance(value, dict):
        raise InputError(f"{name}, line {line}: no object: one object a line was expected")
    for key, item in value.items():
        if item is None or type(item) is str:
            continue
        if isinstance(item, bool):
            value[key] = "true" if item else "false"
        elif isinstance(item, float):  # NaN and infinities, which JSON does not have.
            value[key] = None
        elif isinstance(item, dict | list):
            raise InputError(
                f"{name}, line {line}: {shown_name(key)} holds an object or a list: only plain"
                " values are read"
            )
    return value
