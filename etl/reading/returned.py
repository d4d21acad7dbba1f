"""Refused rows that come back corrected: our own columns go, cells are as they once were."""

import pandas as pd

from etl.spreadsheets import rearm

ROW_COLUMN = "gridboard_row"
"""The column of an exported file with the number that the row had in the file."""

REASON_COLUMN = "gridboard_reason"
"""The column of an exported file that says why the row was refused."""


def restore_exported(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of an exported file as they were in the file they came from; other files as they are.

    Args:
        frame: n rows as they were read.

    Returns:
        n rows without our own columns, cells that were kept from being formulas restored.
    """
    if REASON_COLUMN not in frame.columns:
        return frame
    kept = frame.drop(columns=[REASON_COLUMN, ROW_COLUMN], errors="ignore").rename(columns=_rearmed)
    texts = kept.select_dtypes(["object", "string"]).columns
    quoted = [name for name in texts if kept[name].astype("str").str.startswith("'").any()]
    return kept.assign(**{name: kept[name].map(_rearmed) for name in quoted})


def _rearmed(cell: object) -> object:
    """A cell without our apostrophe."""
    return rearm(cell) if isinstance(cell, str) else cell
