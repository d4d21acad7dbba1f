"""Columns of a file as text or numbers, whatever type they come in."""

from collections.abc import Callable, Hashable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geo.errors import InputError

_ROUNDED = r"^\d(\.\d+)?[eE]\+\d+$"
"""How spreadsheets and programs write numbers of too many digits."""

_EXACT = 2**53
"""Up to here floating numbers hold every whole one."""


def as_text(values: pd.Series) -> pd.Series:
    """The values as text without space around it; missing, and blank, is missing.

    Whole numbers have no decimal point, whatever type they come in: a code that passed
    through a spreadsheet or a table with gaps is the same code.
    """
    if pd.api.types.is_float_dtype(values.dtype):
        number = values.to_numpy(np.float64, na_value=np.nan)
        whole = np.isfinite(number) & (number == np.floor(number)) & (np.abs(number) < _EXACT)
        if whole.any():
            text = values.astype("str")
            text[whole] = pd.Series(number[whole].astype(np.int64)).astype("str").array
            return text
    if not isinstance(values.dtype, pd.StringDtype):
        values = values.astype("str")
    array = pa.array(values, pa.large_string(), from_pandas=True)
    trimmed = pc.utf8_trim_whitespace(array)
    blank = pc.equal(trimmed, "")
    if pc.any(blank).as_py():
        trimmed = pc.if_else(blank, pa.scalar(None, pa.large_string()), trimmed)
    elif trimmed.equals(array):
        return values
    return pd.Series(trimmed.to_pandas().array, index=values.index, dtype="str")


def as_code(values: pd.Series) -> pd.Series:
    """The values as text, where each digit counts: identifiers and codes of areas.

    Raises:
        InputError: one has become a rounded number on its way, such as 6.20103E+17.
    """
    text = as_text(values)
    array = pa.array(text, pa.large_string(), from_pandas=True)
    rounded = pc.fill_null(pc.match_substring_regex(array, _ROUNDED), fill_value=False)
    if pc.any(rounded).as_py():
        raise InputError(
            f"column {values.name} holds numbers that have lost digits, written as 6.2E+17 is:"
            " different ones look alike. Format the column as text where it comes from, and"
            " export it again"
        )
    return text


def as_number(values: pd.Series, decimal: str = ".") -> pd.Series:
    """The values as numbers; NaN where missing or not to be read."""
    if pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype):
        return values.astype("float64")
    text = as_text(values)
    if decimal != ".":
        text = text.str.replace(decimal, ".", regex=False)
    try:
        array = pc.cast(pa.array(text, pa.large_string(), from_pandas=True), pa.float64())
    except pa.ArrowInvalid:
        return pd.to_numeric(text, errors="coerce").astype("float64")
    return pd.Series(array.to_numpy(zero_copy_only=False), index=values.index)


def each_value(
    text: pd.Series, change: Callable[[str], Hashable], dtype: str = "object"
) -> pd.Series:
    """Change every different value once; missing stays missing."""
    positions, found = pd.factorize(text)
    changed = pd.Series([*map(change, found), None], dtype=dtype).array
    return pd.Series(changed.take(positions), index=text.index)
