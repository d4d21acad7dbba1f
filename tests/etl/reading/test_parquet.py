"""Parquet: every plain type arrives exactly, others are refused."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.reading.forms import Form
from etl.texts import as_text
from geo.errors import InputError
from tests.etl.reading.sources import read, write_bytes

CODE = 620102001001


def write(path: Path, **columns: pa.Array) -> Path:
    pq.write_table(pa.table(columns), path)
    return path


@pytest.mark.parametrize(
    "kind", [pa.int64(), pa.uint64(), pa.decimal128(20, 0), pa.float64(), pa.string()]
)
def test_codes_survive_every_type_and_gaps(tmp_path: Path, kind: pa.DataType) -> None:
    array = pa.array([CODE, None]).cast(pa.string()).cast(kind)
    frame = read(write(tmp_path / "a", code=array))
    assert as_text(frame["code"]).fillna("-").tolist() == [str(CODE), "-"]


def test_plain_types(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a",
        small=pa.array([1, None], pa.int8()),
        price=pa.array([Decimal("1.10"), None]),
        word=pa.array(["x", None]).dictionary_encode(),
        nothing=pa.nulls(2),
        day=pa.array([date(2024, 3, 5), None]),
        truth=pa.array([True, None]),
    )
    frame = read(path)
    texts = {name: as_text(frame[name]).fillna("-").tolist()[0] for name in frame}
    assert texts == {
        "small": "1",
        "price": "1.10",
        "word": "x",
        "nothing": "-",
        "day": "2024-03-05",
        "truth": "True",
    }


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
@pytest.mark.parametrize("zone", [None, "UTC", "Asia/Shanghai"])
def test_moments(tmp_path: Path, unit: str, zone: str | None) -> None:
    moment = datetime(2024, 3, 5, 6, 30, tzinfo=UTC)
    given = moment if zone else moment.replace(tzinfo=None)
    array = pa.array([given, None], pa.timestamp(unit, zone))
    frame = read(write(tmp_path / "a", t=array))
    assert pd.api.types.is_datetime64_any_dtype(frame["t"])
    assert frame["t"][0] == pd.Timestamp(given)


@pytest.mark.parametrize("value", [[1], {"a": 1}, b"x"])
def test_columns_that_are_not_plain_are_refused_unless_left_out(
    tmp_path: Path, value: object
) -> None:
    path = write(tmp_path / "a", id=pa.array(["x"]), odd=pa.array([value]))
    with pytest.raises(InputError, match=r"a: column odd holds .*leave_out"):
        read(path)
    assert list(read(path, Form(leave_out=("odd",))).columns) == ["id"]


def test_damaged_files(tmp_path: Path) -> None:
    whole = write(tmp_path / "a", id=pa.array(["x" * 50] * 10_000)).read_bytes()
    with pytest.raises(InputError, match="b cannot be read as Parquet"):
        read(write_bytes(tmp_path / "b", whole[:-10]))


def test_what_pandas_keeps_as_an_index_is_a_column(tmp_path: Path) -> None:
    pd.DataFrame({"n": [1, 2]}, index=pd.Index(["x", "y"], name="id")).to_parquet(tmp_path / "a")
    assert read(tmp_path / "a")["id"].tolist() == ["x", "y"]
