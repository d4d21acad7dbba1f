"""Rows of one load with one identifier: equal ones count once, others are refused."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from etl.cleaning import COLUMNS
from etl.reasons import REPEATED, Reasons

Mask = npt.NDArray[np.bool_]
"""Which rows."""


def find_repeats(frame: pd.DataFrame, reasons: Reasons) -> Mask:
    """Find good rows that repeat an earlier row of the chunk; refuse those with other content.

    Args:
        frame: n rows with ``cleaning.COLUMNS``, numbered from 0.
        reasons: n reasons; those of rows refused here are written.

    Returns:
        n; which rows repeat another one exactly.
    """
    good = pd.isna(reasons)
    repeated = np.zeros(len(frame), dtype=bool)
    repeated[good] = frame.loc[good, "incident_id"].duplicated().to_numpy()
    if not repeated.any():
        return repeated
    content = frame[list(COLUMNS)]
    first = content[good & ~repeated].drop_duplicates("incident_id").set_index("incident_id")
    later = content[repeated]
    before = first.loc[later["incident_id"]].reset_index()[list(COLUMNS)]
    after = later.reset_index(drop=True)
    same = ((before == after) | (before.isna() & after.isna())).to_numpy(bool).all(axis=1)
    at = np.flatnonzero(repeated)
    reasons[at[~same]] = REPEATED
    repeated[at[~same]] = False
    return repeated


class Seen:
    """The identifiers a load has met, as 64-bit hashes: 8 bytes each.

    They lie in sorted runs, each at least twice as long as the next, so that n identifiers cost
    n log n in all however many chunks bring them. An equal hash only leads to a comparison.
    """

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.uint64]] = []

    def meet(self, identifiers: pa.ChunkedArray) -> Mask:
        """Which of n identifiers came in an earlier call; all are known from now on."""
        hashes = pd.util.hash_array(identifiers.to_pandas().to_numpy(object))
        order = np.argsort(hashes)
        ascending = hashes[order]
        met = np.zeros(len(hashes), dtype=bool)
        for run in self._runs:
            at = np.searchsorted(run, ascending)
            at[at == len(run)] = 0
            met[order] |= run[at] == ascending
        self._add(ascending)
        return met

    def _add(self, run: npt.NDArray[np.uint64]) -> None:
        """Keep a sorted run, merged with those that are not twice as long."""
        while self._runs and len(self._runs[-1]) < 2 * len(run):
            run = np.concatenate([self._runs.pop(), run])
            run.sort()
        if len(run):
            self._runs.append(run)
