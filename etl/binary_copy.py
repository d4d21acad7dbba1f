"""Arrow tables as PostgreSQL's binary COPY takes them: half the server's work of reading CSV.

A row is the number of its fields, then for each field its length (-1 for null) and its bytes,
all big-endian. Rows are put together by Arrow, column beside column, never one by one.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection

from geo.database import copy_rows

_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"
_PIECE_ROWS = 16_384
_EPOCH_DAYS = np.datetime64("2000-01-01", "D").astype(np.int64)
_EPOCH_US = np.datetime64("2000-01-01", "us").astype(np.int64)
_NULL = np.frombuffer(b"\xff\xff\xff\xff", np.uint8)

Bytes = npt.NDArray[np.uint8]


class BinaryCopy:
    """COPY of one load's tables. Texts of dictionaries that come again are put together once."""

    def __init__(self) -> None:
        self._fields: dict[int, tuple[pa.Array, pa.Array]] = {}

    def copy(self, connection: Connection, name: str, table: pa.Table) -> int:
        """COPY an Arrow table into a table whose columns have exactly its types.

        Args:
            connection: within a transaction.
            name: of the table, with or without its schema.
            table: columns of bool, int16, int32, int64, float32, float64, date32,
                timestamp[us], text, bytes, or a dictionary of texts.

        Returns:
            The number of rows.
        """
        rows = _Stream(self.encode(table))
        return copy_rows(connection, name, table.column_names, rows, binary=True)

    def encode(self, table: pa.Table) -> Iterator[bytes]:
        """A table in the format of ``COPY … WITH (FORMAT binary)``, in pieces.

        Pieces are small enough for their memory to be used again and again: in fresh memory
        all of this takes twice as long.
        """
        whole = table.combine_chunks()
        makers = [self._maker(column.chunk(0)) for column in whole.columns if column.num_chunks]
        yield _HEADER
        for start in range(0, whole.num_rows, _PIECE_ROWS):
            piece = whole.slice(start, _PIECE_ROWS)
            columns = [column.chunk(0) for column in piece.columns]
            yield _rows([make(column) for make, column in zip(makers, columns, strict=True)])
        yield _TRAILER

    def _maker(self, column: pa.Array) -> Callable[[pa.Array], list[pa.Array]]:
        """What turns a piece of a column into bytes to be put one after the other."""
        if pa.types.is_dictionary(column.type):
            return partial(_of_dictionary, self._dictionary_fields(column.dictionary))
        return _of_text if _is_text(column.type) else _of_numbers

    def _dictionary_fields(self, dictionary: pa.Array) -> pa.Array:
        """The fields of the m texts of a dictionary, and of null; kept for large ones."""
        address = dictionary.buffers()[-1].address
        if address not in self._fields:
            length, text = _of_text(pa.concat_arrays([dictionary, pa.nulls(1, dictionary.type)]))
            fields = pc.binary_join_element_wise(length, text, pa.scalar(b"", pa.large_binary()))
            if len(dictionary) < _PIECE_ROWS:
                return fields
            # With the dictionary, whose memory must not become another one's.
            self._fields[address] = dictionary, fields
        return self._fields[address][1]


class _Stream:
    """Pieces of bytes as a file that the driver reads."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int) -> bytes:
        """The next piece, longer than what was asked for: the driver takes what it gets."""
        return next(self._pieces, b"")


def _rows(fields: list[list[pa.Array]]) -> bytes:
    """Rows, one after the other: the number of fields, then the fields."""
    count = np.full(len(fields[0][0]), len(fields), np.int16)
    parts = [_bytes(_big_endian(pa.array(count))), *(part for field in fields for part in field)]
    joined = pc.binary_join_element_wise(*parts, pa.scalar(b"", pa.large_binary()))
    data: bytes = joined.buffers()[2].to_pybytes()
    return data


def _is_text(kind: pa.DataType) -> bool:
    tests: list[Callable[[pa.DataType], bool]] = [
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_binary,
        pa.types.is_large_binary,
        pa.types.is_fixed_size_binary,
    ]
    return any(test(kind) for test in tests)


def _of_text(column: pa.Array) -> list[pa.Array]:
    """Lengths, and the texts themselves."""
    lengths = pc.fill_null(pc.binary_length(column).cast(pa.int32()), -1)
    empty = pa.scalar(b"", pa.large_binary())
    return [_bytes(_big_endian(lengths)), pc.fill_null(column.cast(pa.large_binary()), empty)]


def _of_dictionary(fields: pa.Array, column: pa.DictionaryArray) -> list[pa.Array]:
    """The fields that the indices of a column refer to."""
    return [fields.take(pc.fill_null(column.indices, len(fields) - 1))]


def _of_numbers(column: pa.Array) -> list[pa.Array]:
    """Length and value of numbers, days and moments."""
    values = _big_endian(column)
    width = values.shape[1]
    fields = np.empty((len(values), 4 + width), np.uint8)
    fields[:, :4] = np.frombuffer(np.array(width, ">i4").tobytes(), np.uint8)
    fields[:, 4:] = values
    if not column.null_count:
        return [_bytes(fields)]
    null = np.asarray(column.is_null())
    fields[null, :4] = _NULL
    kept = np.ones(fields.shape, bool)
    kept[null, 4:] = False
    offsets = np.concatenate([[0], np.cumsum(np.where(null, 4, 4 + width))])
    return [_binary(fields[kept], offsets)]


def _big_endian(column: pa.Array) -> Bytes:
    """Every value as a row of bytes, counted from where PostgreSQL counts; nulls are anything."""
    kind = column.type
    values: npt.NDArray[Any]
    if pa.types.is_boolean(kind):
        values = np.asarray(column.fill_null(False)).astype(np.uint8)
        return values.reshape(-1, 1)
    if pa.types.is_timestamp(kind):
        values = np.asarray(column.cast(pa.int64()).fill_null(0)) - _EPOCH_US
    elif pa.types.is_date(kind):
        values = (np.asarray(column.cast(pa.int32()).fill_null(0)) - _EPOCH_DAYS).astype(np.int32)
    else:
        values = np.asarray(column.fill_null(0) if column.null_count else column)
    turned = np.ascontiguousarray(values.astype(values.dtype.newbyteorder(">")))
    return turned.view(np.uint8).reshape(len(values), -1)


def _bytes(rows: Bytes) -> pa.Array:
    """Rows of as many bytes each."""
    offsets = np.arange(len(rows) + 1, dtype=np.int64) * rows.shape[1]
    return _binary(rows, offsets)


def _binary(data: Bytes, offsets: npt.NDArray[np.int64]) -> pa.Array:
    """An array of bytes from its buffers."""
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(data))]
    return pa.Array.from_buffers(pa.large_binary(), len(offsets) - 1, buffers)
