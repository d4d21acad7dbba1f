"""Run our SQL files, and COPY Arrow tables into temporary tables."""

import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import shapely
from psycopg2 import sql
from sqlalchemy import Connection, CursorResult, text

from geo.crs import Floats, Geometries
from geo.database import COPY_BYTES, copy_rows, read_sql_file
from geo.driver import driver_cursor

_POINT = np.dtype([("order", "u1"), ("kind", "<u4"), ("srid", "<u4"), ("x", "<f8"), ("y", "<f8")])


def run(
    connection: Connection, name: str, parameters: Mapping[str, object] | None = None
) -> CursorResult[tuple[object, ...]]:
    """Run the statement in ``sql/<name>.sql``."""
    return connection.execute(text(read_sql_file("etl", f"{name}.sql")), parameters or {})


def read_frame(
    connection: Connection, name: str, parameters: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """The rows of the statement in ``sql/<name>.sql`` as a frame, with or without rows."""
    result = run(connection, name, parameters)
    columns = list(result.keys())
    # Plain tuples: pandas asks each of SQLAlchemy's rows what it is, which takes seconds.
    return pd.DataFrame.from_records([tuple(row) for row in result], columns=columns)


def stream(
    connection: Connection, name: str, parameters: Mapping[str, object] | None = None
) -> Iterator[tuple[Any, ...]]:
    """The rows of the statement in ``sql/<name>.sql``, some thousands in memory at a time."""
    options = {"stream_results": True, "yield_per": 5_000}
    statement = text(read_sql_file("etl", f"{name}.sql"))
    yield from map(
        tuple, connection.execute(statement, parameters or {}, execution_options=options)
    )


def read_table(
    connection: Connection, name: str, parameters: Mapping[str, object] | None = None
) -> pa.Table:
    """The rows of the statement in ``sql/<name>.sql`` by COPY: for very many rows.

    Args:
        connection: within a transaction.
        name: of a query whose parameters are written ``%(name)s``.
        parameters: what they stand for.

    Returns:
        Columns named ``*code`` as text whatever they look like, others as they look.
    """
    sink = BytesIO(_copied(connection, name, "csv, HEADER", parameters))
    names = sink.getvalue().partition(b"\n")[0].decode().split(",")
    codes = dict.fromkeys([name for name in names if name.endswith("code")], pa.string())
    options = pyarrow.csv.ConvertOptions(column_types=codes, strings_can_be_null=True)
    return pyarrow.csv.read_csv(sink, convert_options=options)


def read_values(connection: Connection, name: str) -> Iterator[bytes]:
    """The one column of bytes of the query in ``sql/<name>.sql``, none of them null, by COPY."""
    copied = _copied(connection, name, "binary")
    # A header of 19 bytes; then for each row the number of its fields, a length and the bytes.
    at = 19
    while copied[at : at + 2] == b"\0\1":
        start = at + 6
        at = start + int.from_bytes(copied[at + 2 : start])
        yield copied[start:at]


def _copied(
    connection: Connection, name: str, form: str, parameters: Mapping[str, object] | None = None
) -> bytes:
    """What COPY gives of the query in ``sql/<name>.sql``."""
    query = sql.SQL(read_sql_file("etl", f"{name}.sql").rstrip().rstrip(";"))
    copy = sql.SQL("COPY ({}) TO STDOUT WITH (FORMAT {})").format(query, sql.SQL(form))
    sink = BytesIO()
    with driver_cursor(connection) as cursor:
        bound = cursor.mogrify(copy, parameters).decode() if parameters else copy
        cursor.copy_expert(bound, sink, size=COPY_BYTES)
    return sink.getvalue()


def copy_table(connection: Connection, name: str, table: pa.Table) -> int:
    """COPY an Arrow table into a table of the same columns.

    Moments are written as UTC without saying so, because sessions run in UTC and
    Arrow is twenty times faster at it.

    Returns:
        The number of rows.
    """
    naive = [
        pa.field(column.name, pa.timestamp("us")) if pa.types.is_timestamp(column.type) else column
        for column in table.schema
    ]
    sink = pa.BufferOutputStream()
    plain = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed")
    pyarrow.csv.write_csv(table.cast(pa.schema(naive)), sink, plain)
    return copy_rows(connection, name, table.column_names, pa.BufferReader(sink.getvalue()))


def shape_hex(shapes: Geometries, srid: int) -> pa.Array:
    """Polygons or points as PostGIS reads them: hexadecimal EWKB.

    Args:
        shapes: n geometries, none missing.
        srid: their CRS.

    Returns:
        n texts.
    """
    # shapely writes plain WKB five times faster than hexadecimal EWKB: put the SRID in here.
    stated = "20" + struct.pack("<I", srid).hex()
    plain = (value.hex() for value in shapely.to_wkb(shapes))
    return pa.array([text[:8] + stated + text[10:] for text in plain], pa.large_string())


def point_hex(x: Floats, y: Floats, srid: int = 4326) -> pa.Array:
    """Points as PostGIS reads them: hexadecimal EWKB.

    Args:
        x: n longitudes.
        y: n latitudes.
        srid: their CRS.

    Returns:
        n texts.
    """
    return fixed_hex(_points(x, y, srid))


def point_bytes(x: Floats, y: Floats, srid: int = 4326) -> pa.Array:
    """Points as binary COPY takes them: EWKB; null where a coordinate is not finite.

    Args:
        x: n longitudes.
        y: n latitudes.
        srid: their CRS.

    Returns:
        n values of 25 bytes.
    """
    points = _points(x, y, srid)
    known = np.packbits(np.isfinite(x) & np.isfinite(y), bitorder="little")
    buffers = [pa.py_buffer(known), pa.py_buffer(points.tobytes())]
    return pa.Array.from_buffers(pa.binary(points.dtype.itemsize), len(points), buffers)


def _points(x: Floats, y: Floats, srid: int) -> npt.NDArray[np.void]:
    """EWKB of n points."""
    points = np.zeros(len(x), dtype=_POINT)
    points["order"], points["kind"], points["srid"] = 1, 0x20000001, srid
    points["x"], points["y"] = x, y
    return points


def fixed_hex(records: npt.NDArray[np.void]) -> pa.Array:
    """The bytes of each record in hexadecimal.

    Args:
        records: n records of one size.

    Returns:
        n texts.
    """
    width = 2 * records.dtype.itemsize
    offsets = np.arange(len(records) + 1, dtype=np.int64) * width
    digits = records.tobytes().hex().encode()
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(digits)]
    return pa.Array.from_buffers(pa.large_string(), len(records), buffers)
