"""Run our SQL files, and COPY Arrow tables into temporary tables."""

import struct
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import shapely
from sqlalchemy import Connection, CursorResult, text

from geo.crs import Floats, Geometries
from geo.database import copy_rows, read_sql_file

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
