"""Small lists that operators keep as CSV: read as text, UTF-8 or GB18030."""

import csv
import io
from pathlib import Path

import pandas as pd

from geo.errors import InputError


def read_plain_table(
    file: Path, required: tuple[str, ...], optional: tuple[str, ...]
) -> pd.DataFrame:
    """Read a list whose first line names its columns; other columns are left alone.

    Args:
        file: CSV, comma-separated.
        required: columns that must be there and filled in every row.
        optional: columns that may be there.

    Returns:
        Texts without spaces around them, missing where blank; indexed by line number.

    Raises:
        InputError: names the file, the line and what is missing.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {file}: {error.strerror}") from error
    rows = csv.DictReader(io.StringIO(_decoded(content, file.name)))
    header = rows.fieldnames or []
    if missing := [name for name in required if name not in header]:
        raise InputError(
            f"{file.name} has no column {', '.join(missing)} but {', '.join(header) or 'none'}:"
            f" expected {', '.join(required)} and, where known, {', '.join(optional)}"
        )
    kept = [name for name in (*required, *optional) if name in header]
    values = [{name: (row[name] or "").strip() or None for name in kept} for row in rows]
    lines = pd.RangeIndex(2, 2 + len(values), name="line")
    frame = pd.DataFrame(values, columns=kept, index=lines, dtype="str")
    for name in required:
        blank = frame[name].isna()
        if blank.any():
            raise InputError(f"{file.name}, line {blank.idxmax()}: no {name}")
    return frame.reindex(columns=[*required, *optional]).astype("str")


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{name} is neither UTF-8 nor GB18030: save it as UTF-8")
