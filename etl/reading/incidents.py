"""Read incidents in chunks, whatever holds them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa

from etl.profiles import Incidents
from etl.reading import chunks
from etl.reading.archives import Kind, Opened, opened, shown_file
from etl.reading.chunks import Chunk
from etl.reading.delimited import read_delimited
from etl.reading.forms import Form, Reading
from etl.reading.json_lines import read_json
from etl.reading.parquet import read_parquet
from etl.reading.postgres import is_database, open_table, shown
from etl.reading.returned import restore_exported
from etl.reading.workbooks import read_workbook

_NULLABLE = {
    f"{sign}int{bits}": pd.api.types.pandas_dtype(f"{sign.upper()}Int{bits}")
    for sign in ("", "u")
    for bits in (8, 16, 32, 64)
}
"""By Arrow's type of whole numbers, the one of pandas that can miss some."""

_SAMPLE_BYTES = 2**20

_READERS: dict[Kind, Callable[[Opened, Form], Reading]] = {
    "csv": read_delimited,
    "json": read_json,
    "parquet": read_parquet,
    "workbook": read_workbook,
}


def source_name(source: str | Path) -> str:
    """What to call a source in messages, batches and reports: never with a password in it."""
    return shown(str(source)) if is_database(source) else shown_file(Path(source))


def count_incidents(source: str | Path) -> int | None:
    """The number of rows where the file says it, for a progress bar."""
    if is_database(source):
        return None
    with opened(Path(source)) as file:
        return read_parquet(file, Form()).rows if file.kind == "parquet" else None


def estimate_incidents(source: str | Path) -> int | None:
    """About how many rows a text has, by the length of its first lines; None for other files."""
    if is_database(source):
        return None
    with opened(Path(source)) as file:
        if file.size is None or file.kind not in ("csv", "json"):
            return None
        start = file.stream.read(_SAMPLE_BYTES)
        return round(start.count(b"\n") * file.size / len(start))


def read_incidents(
    source: str | Path, rules: Incidents, name: str | None = None
) -> Iterator[Chunk]:
    """Read incidents in chunks; what is held does not grow with the source.

    Args:
        source: a delimited text, JSON (an object a line, or an array), Parquet or a workbook,
            also within gzip or zip: told apart by content, not by name; or the address of a
            database, ``postgresql://…?table=schema.name``.
        rules: which columns there must be, which are left out, and what is said about the form.
        name: what to call a file in messages, if not by its own name.

    Yields:
        All columns except those left out. Rows without any content are passed over.

    Raises:
        InputError: the source cannot be read or lacks a column; the message names the line.
    """
    with open_source(source, Form.of(rules), name) as reading:
        first = 1
        for table in _regrouped(reading.tables):
            yield Chunk(_frame(table), first)
            first += table.num_rows


@contextmanager
def open_source(source: str | Path, form: Form, name: str | None = None) -> Iterator[Reading]:
    """Open a source and read its header; its rows can be read while it is open.

    Raises:
        InputError: as ``read_incidents``.
    """
    if is_database(source):
        with open_table(str(source), form) as reading:
            yield reading
    else:
        with opened(Path(source), name) as file:
            yield _READERS[file.kind](file, form)


def first_rows(reading: Reading, rows: int) -> pd.DataFrame:
    """The first rows of a source, at most so many."""
    gathered: list[pa.Table] = []
    for table in reading.tables:
        gathered.append(table)
        if sum(part.num_rows for part in gathered) >= rows:
            break
    joined = pa.concat_tables(gathered) if gathered else pa.table({})
    return _frame(joined.slice(0, rows))


def _regrouped(tables: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Tables of ``CHUNK_ROWS`` rows; the last one may be shorter."""
    held: list[pa.Table] = []
    rows = 0
    for table in tables:
        held.append(table)
        rows += table.num_rows
        while rows >= chunks.CHUNK_ROWS:
            joined = pa.concat_tables(held)
            yield joined.slice(0, chunks.CHUNK_ROWS)
            rows -= chunks.CHUNK_ROWS
            held = [joined.slice(chunks.CHUNK_ROWS)]
    if rows:
        yield pa.concat_tables(held)


def _frame(table: pa.Table) -> pd.DataFrame:
    """The table for pandas; whole numbers stay whole where some are missing."""
    integers = {kind: _NULLABLE[str(kind)] for kind in table.schema.types if str(kind) in _NULLABLE}
    return restore_exported(table.to_pandas(types_mapper=integers.get))
