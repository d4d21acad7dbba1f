"""Read Parquet."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet

from etl.reading import chunks
from etl.reading.archives import Opened
from etl.reading.forms import Form, Reading
from geo.errors import InputError


def read_parquet(opened: Opened, form: Form) -> Reading:
    """Read the schema; the rows follow on demand.

    Returns:
        Tables with the file's own types; decimals as text, which keeps them exact.

    Raises:
        InputError: now or while rows are read: the file is damaged, or a column holds lists,
            structures or bytes.
    """
    try:
        file = pa.parquet.ParquetFile(opened.stream)
        schema = file.schema_arrow
        names = list(schema.names)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{opened.name} cannot be read as Parquet: {error}") from error
    wanted = form.wanted(names, opened.name)
    odd = [name for name in wanted if not _is_plain(schema.field(name).type)]
    if odd:
        raise InputError(
            f"{opened.name}: column {', '.join(odd)} holds {schema.field(odd[0]).type}: only plain"
            " values are read; name the column in leave_out if it is not needed"
        )

    def tables() -> Iterator[pa.Table]:
        try:
            for batch in file.iter_batches(batch_size=chunks.CHUNK_ROWS, columns=wanted):
                batch.validate(full=True)
                # What pandas notes about indices would hide columns: they are columns here.
                yield _plain(pa.Table.from_batches([batch]).replace_schema_metadata(None))
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{opened.name} is damaged: {error}") from error

    return Reading("parquet", names, tables(), rows=file.metadata.num_rows)


def _is_plain(kind: pa.DataType) -> bool:
    """Whether a column can be shown as one value a row."""
    if pa.types.is_dictionary(kind):
        return _is_plain(kind.value_type)
    odd = pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind)
    return not odd and not pa.types.is_fixed_size_binary(kind)


def _plain(table: pa.Table) -> pa.Table:
    """Without dictionaries and decimals."""
    for at, field in enumerate(table.schema):
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        kind = pa.string() if pa.types.is_decimal(kind) or pa.types.is_null(kind) else kind
        if kind != field.type:
            table = table.set_column(at, pa.field(field.name, kind), table.column(at).cast(kind))
    return table
