"""What readers of incidents yield."""

from dataclasses import dataclass

import pandas as pd

CHUNK_ROWS = 40_000
"""Rows read at once: what is kept in memory does not depend on the length of the file."""


@dataclass(frozen=True)
class Chunk:
    """Consecutive rows of a file.

    Attributes:
        frame: at most ``CHUNK_ROWS`` rows with the file's own columns, numbered from 0; those of
            text formats are all text.
        first_row: number of the first of them; the first row of the file, not counting its
            header, is 1.
    """

    frame: pd.DataFrame
    first_row: int
