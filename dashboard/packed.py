"""Fast ways out of PostgreSQL: columns as numpy or arrow arrays instead of rows of objects.

``COPY (SELECT …) TO STDOUT`` runs under the transaction's role, so row-level security
holds. The binary format repeats the same bytes for every row of fixed-size columns,
which numpy reads as it stands; bytea comes without the detour through hexadecimal text.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from psycopg2 import sql
from pyarrow import csv
from sqlalchemy import Connection

from geo.database import read_sql_file
from geo.driver import driver_cursor

# Signature (11 bytes), flags and length of a header extension.
_HEADER_BYTES = 19
_TRAILER_BYTES = 2
# What a fixed-size PostgreSQL type is in numpy; all of them big-endian on the wire.
_WIRE = {
    "int2": np.dtype(">i2"),
    "int4": np.dtype(">i4"),
    "int8": np.dtype(">i8"),
    "float8": np.dtype(">f8"),
    "point": np.dtype((">f8", 2)),
}

Parameters = Mapping[str, Any]


def read_fixed(
    connection: Connection, name: str, columns: Mapping[str, str], parameters: Parameters
) -> dict[str, NDArray[Any]]:
    """Run a query whose columns have fixed sizes and no NULL.

    Args:
        connection: within a transaction.
        name: SQL file of this package; its parameters are written ``%(name)s``.
        columns: PostgreSQL type of each column, in the query's order.
        parameters: values of the query's parameters.

    Returns:
        One array a column, all equally long; of points, with x and y in the second axis.
    """
    raw = _copy(connection, name, parameters, "binary")
    row: list[tuple[str, Any]] = [("fields", ">i2")]
    for column, kind in columns.items():
        row += [(f"{column} bytes", ">i4"), (column, _WIRE[kind])]
    dtype = np.dtype(row)
    count, rest = divmod(len(raw) - _HEADER_BYTES - _TRAILER_BYTES, dtype.itemsize)
    if rest:
        raise ValueError(f"{name}: the columns are not of the sizes expected")
    rows = np.frombuffer(raw, dtype, count, _HEADER_BYTES)
    if not (rows["fields"] == len(columns)).all():
        raise ValueError(f"{name}: a column is NULL or not of the type expected")
    return {column: rows[column].astype(rows[column].dtype.newbyteorder("=")) for column in columns}


def read_rows(
    connection: Connection, name: str, parameters: Parameters
) -> Iterator[tuple[memoryview, ...]]:
    """Run a query of few rows with large values; each value as the bytes on the wire.

    No column may be NULL. Text is UTF-8, numbers are big-endian, bytea is itself.
    """
    raw = memoryview(_copy(connection, name, parameters, "binary"))
    at = _HEADER_BYTES
    while (fields := struct.unpack_from(">h", raw, at)[0]) >= 0:
        at += 2
        row = []
        for _ in range(fields):
            size = struct.unpack_from(">i", raw, at)[0]
            row.append(raw[at + 4 : at + 4 + size])
            at += 4 + size
        yield tuple(row)


def read_table(
    connection: Connection, name: str, schema: pa.Schema, parameters: Parameters
) -> pa.Table:
    """Run a query into an arrow table; an empty unquoted text is NULL."""
    raw = _copy(connection, name, parameters, "csv")
    if not raw:
        return schema.empty_table()
    return csv.read_csv(
        pa.BufferReader(raw),
        read_options=csv.ReadOptions(column_names=schema.names),
        convert_options=csv.ConvertOptions(
            column_types=schema,
            null_values=[""],
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )


def _copy(connection: Connection, name: str, parameters: Parameters, form: str) -> bytes:
    buffer = io.BytesIO()
    with driver_cursor(connection) as cursor:
        query = cursor.mogrify(read_sql_file("dashboard", name), parameters).decode()
        copy = sql.SQL("COPY ({query}) TO STDOUT WITH (FORMAT {form})").format(
            query=sql.SQL(query), form=sql.SQL(form)
        )
        cursor.copy_expert(copy, buffer)
    return buffer.getvalue()
