"""What is copied in binary is what was there."""

from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from etl.binary_copy import BinaryCopy
from etl.statements import point_bytes

CREATE = """
    CREATE TEMPORARY TABLE copied (small smallint, number integer, large bigint, share real,
        exact double precision, yes boolean, day date, moment timestamptz, text text, code text,
        geom geometry(Point, 4326))"""
TYPES = {
    "small": pa.int16(),
    "number": pa.int32(),
    "large": pa.int64(),
    "share": pa.float32(),
    "exact": pa.float64(),
    "yes": pa.bool_(),
    "day": pa.date32(),
    "moment": pa.timestamp("us", "UTC"),
    "text": pa.string(),
}
MOMENTS = st.datetimes(datetime(1901, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=9)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "small": st.none() | st.integers(-(2**15), 2**15 - 1),
            "number": st.none() | st.integers(-(2**31), 2**31 - 1),
            "large": st.none() | st.integers(-(2**63), 2**63 - 1),
            "share": st.none() | st.floats(width=32, allow_nan=False),
            "exact": st.none() | st.floats(allow_nan=False),
            "yes": st.none() | st.booleans(),
            "day": st.none() | st.dates(date(1901, 1, 1), date(2100, 1, 1)),
            "moment": st.none() | MOMENTS,
            "text": st.none() | TEXTS,
            "code": st.none() | TEXTS,
            "at": st.none() | st.tuples(st.floats(-180, 180), st.floats(-90, 90)),
        }
    ),
    max_size=12,
)


def table_of(rows: list[dict[str, object]]) -> pa.Table:
    columns = {name: pa.array([row[name] for row in rows], kind) for name, kind in TYPES.items()}
    columns["code"] = pa.array([row["code"] for row in rows], pa.string()).dictionary_encode()
    at = np.array([row["at"] or (np.nan, np.nan) for row in rows], np.float64).reshape(-1, 2)
    return pa.table(columns | {"geom": point_bytes(at[:, 0], at[:, 1])})


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=ROWS, second=ROWS)
def test_rows_come_back_as_they_went(
    admin_engine: Engine, first: list[dict[str, object]], second: list[dict[str, object]]
) -> None:
    # As text a real is shortened to its seven digits.
    columns = ", ".join([*TYPES, "code"]).replace("share", "CAST(share AS double precision)")
    query = text(f"SELECT {columns}, ST_X(geom), ST_Y(geom) FROM copied ORDER BY ctid")  # noqa: S608
    with admin_engine.connect() as connection:
        connection.execute(text(CREATE))
        copying = BinaryCopy()
        for rows in (first, second):
            assert copying.copy(connection, "copied", table_of(rows)) == len(rows)
        found = [tuple(row) for row in connection.execute(query)]
    wanted = [
        (*(row[name] for name in (*TYPES, "code")), *(row["at"] or (None, None)))
        for row in [*first, *second]
    ]
    assert found == wanted


def test_sliced_filtered_and_long_tables(admin_engine: Engine) -> None:
    """Pieces, offsets into larger arrays, and dictionaries longer than a piece."""
    codes = pa.array([f"code {n}" for n in range(20_000)])
    indices = pa.array(np.arange(50_000) % 20_000, pa.int32())
    table = pa.table(
        {
            "large": pa.array(range(50_000), pa.int64()),
            "text": pa.array([f"text {n}" if n % 3 else None for n in range(50_000)]),
            "code": pa.DictionaryArray.from_arrays(indices, codes),
        }
    )
    kept = np.arange(50_000) % 7 > 0
    some = table.filter(pa.array(kept)).slice(11)
    with admin_engine.connect() as connection:
        connection.execute(text(CREATE))
        copying = BinaryCopy()
        for _ in range(2):
            copying.copy(connection, "copied", some)
        query = text("SELECT large, text, code FROM copied ORDER BY ctid")
        found = [tuple(row) for row in connection.execute(query)]
    columns = [some[name].to_pylist() for name in ("large", "text", "code")]
    assert found == 2 * list(zip(*columns, strict=True))
