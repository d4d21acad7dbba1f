"""Rows of one load with one identifier: equal ones count once, others are refused."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from etl.cleaning import COLUMNS
from etl.reasons import REPEATED, Reasons

Hashes = npt.NDArray[np.uint64]
"""Identifiers, hashed."""

Mask = npt.NDArray[np.bool_]
"""Which rows."""

_SHELVES = 16
_EDGES = np.arange(1, _SHELVES, dtype=np.uint64) << np.uint64(60)


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

    They lie in shelves by their first bits, on each shelf in sorted runs that are at least twice
    as long as the next: n identifiers cost n log n in all however many chunks bring them, and
    merging two runs needs little room. An equal hash only leads to a comparison.
    """

    def __init__(self) -> None:
        self._shelves: list[list[Hashes]] = [[] for _ in range(_SHELVES)]

    def meet(self, identifiers: pa.ChunkedArray) -> Mask:
        """Which of n identifiers came in an earlier call; all are known from now on."""
        hashes = pd.util.hash_array(identifiers.to_pandas().to_numpy(object))
        order = np.argsort(hashes)
        ascending = hashes[order]
        edges = [0, *np.searchsorted(ascending, _EDGES).tolist(), len(hashes)]
        met = np.zeros(len(hashes), dtype=bool)
        for runs, (start, end) in zip(self._shelves, pairwise(edges), strict=True):
            part = ascending[start:end]
            for run in runs:
                at = np.searchsorted(run, part)
                at[at == len(run)] = 0
                met[order[start:end]] |= run[at] == part
            _put(runs, part)
        return met


def _put(runs: list[Hashes], run: Hashes) -> None:
    """Add a sorted run, merged with those that are not twice as long."""
    while runs and len(runs[-1]) < 2 * len(run):
        run = np.concatenate([runs.pop(), run])
        run.sort()
    if len(run):
        runs.append(run.copy())
