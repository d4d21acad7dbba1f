"""Columns of the files: a name for programs, a heading for people, both with the unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.spreadsheets import disarm

Kind = Literal["text", "whole", "number"]
DECIMALS = 6
"""Of numbers that are not whole: a millionth of any of our units is nothing."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        key: name for programs, with its unit; the same in every language.
        label: heading in the user's language, with its unit.
        kind: what its values are.
        values: one a row; ``None`` or ``NaN`` where nothing is known.
        same: every row says the same; left out where a header says it once.
        digits: decimals of a number on paper; files for programs hold more.
        words: what people read in the place of a value, where that is a key.
    """

    key: str
    label: str
    kind: Kind
    values: Sequence[Any] | NDArray[Any]
    same: bool = False
    digits: int = 1
    words: Mapping[str, str] = field(default_factory=dict)

    def readable(self) -> Column:
        """The same column with words in the place of keys."""
        if not self.words:
            return self
        return replace(self, values=[self.words.get(each, each) for each in self.values])


def as_frame(columns: Sequence[Column], *, labels: bool = False) -> pd.DataFrame:
    """Put columns side by side, typed, no text of them a formula to a spreadsheet.

    Args:
        columns: all equally long.
        labels: whether to head and fill them with what people read.
    """
    if labels:
        return pd.DataFrame({column.label: _series(column.readable()) for column in columns})
    return pd.DataFrame({column.key: _series(column) for column in columns})


def safe_text(value: object) -> str | None:
    """A text that no spreadsheet takes for a formula; ``None`` for nothing."""
    return None if value is None or value == "" else disarm(str(value))


def _series(column: Column) -> pd.Series[Any]:
    if column.kind == "text":
        return pd.Series([safe_text(value) for value in column.values], dtype=object)
    numbers = pd.Series(np.asarray(column.values, np.float64))
    return numbers.astype("Int64") if column.kind == "whole" else numbers.round(DECIMALS)
