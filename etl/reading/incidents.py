"""Read incidents in chunks, whatever holds them."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from etl.profiles import Incidents
from etl.reading import chunks
from etl.reading.chunks import Chunk
from geo.errors import InputError


def count_incidents(source: str | Path) -> int | None:
    """The number of rows where the file says it, for a progress bar."""
    path = Path(source)
    if path.suffix == ".parquet" and path.is_file():
        return int(pa.parquet.ParquetFile(path).metadata.num_rows)
    return None


def read_incidents(source: str | Path, rules: Incidents) -> Iterator[Chunk]:
    """Read incidents in chunks.

    Args:
        source: Parquet or CSV (UTF-8, with a header).
        rules: which columns there must be, and which are left out.

    Yields:
        All columns of the file except those left out.

    Raises:
        InputError: the file cannot be read, or lacks a column.
    """
    path = Path(source)
    if not path.is_file():
        raise InputError(f"no such file: {path}")
    first = 1
    try:
        for batch in _parquet(path, rules) if path.suffix == ".parquet" else _csv(path, rules):
            yield Chunk(batch.to_pandas(), first)
            first += batch.num_rows
    except pa.ArrowInvalid as error:
        raise InputError(f"{path.name} cannot be read: {error}") from error


def _wanted(rules: Incidents, present: list[str], file_name: str) -> list[str]:
    """The columns to read, in the order of the file."""
    if missing := sorted(set(rules.columns) - set(present)):
        raise InputError(f"{file_name} has no column {', '.join(missing)}; it has {present}")
    return [name for name in present if name not in rules.leave_out]


def _parquet(path: Path, rules: Incidents) -> Iterator[pa.RecordBatch]:
    """Batches of a Parquet file."""
    with pa.parquet.ParquetFile(path) as file:
        columns = _wanted(rules, file.schema_arrow.names, path.name)
        yield from file.iter_batches(batch_size=chunks.CHUNK_ROWS, columns=columns)


def _csv(path: Path, rules: Incidents) -> Iterator[pa.Table]:
    """Tables of a CSV file, everything as text."""
    with pa.csv.open_csv(path) as header:
        columns = _wanted(rules, header.schema.names, path.name)
    options = pa.csv.ConvertOptions(
        include_columns=columns,
        column_types=dict.fromkeys(columns, pa.string()),
        strings_can_be_null=True,
    )
    with pa.csv.open_csv(path, convert_options=options) as reader:
        gathered: list[pa.RecordBatch] = []
        for batch in reader:
            gathered.append(batch)
            if sum(part.num_rows for part in gathered) >= chunks.CHUNK_ROWS:
                yield pa.Table.from_batches(gathered)
                gathered = []
        if gathered:
            yield pa.Table.from_batches(gathered)
