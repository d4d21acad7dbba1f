"""Which area lies in which, as numbers."""

import numpy as np
import numpy.typing as npt

from etl.places import TEXTS, Places
from geo.assignment import UNASSIGNED
from geo.hierarchy import CITY, SLOTS

Nesting = npt.NDArray[np.int32]
"""For each row of ``Places.frame`` the rows of the areas it lies in, by slot."""


def nesting_of(places: Places) -> Nesting:
    """Number the areas that each area lies in.

    Returns:
        m rows of 6: at each slot the row of ``Places.frame`` of the area around, the area
        itself at its own slot, and ``UNASSIGNED`` where the hierarchy has none.
    """
    codes = places.frame["code"]
    rows = dict(zip(codes, range(len(codes)), strict=True))
    above = np.full((len(codes), len(SLOTS)), UNASSIGNED, dtype=np.int32)
    for slot, name in enumerate(TEXTS, start=CITY):
        above[:, slot] = places.frame[name].map(rows).fillna(UNASSIGNED)
    above[:, 0] = rows[places.root]
    level = places.frame["level"].to_numpy(np.int64)
    # An area without a county of its own counts under a wider one's code: that is not its level.
    for slot in range(len(SLOTS)):
        wider = (above[:, slot] != UNASSIGNED) & (level[above[:, slot]] != slot)
        above[wider, slot] = UNASSIGNED
    above[np.arange(len(codes)), level] = np.arange(len(codes))
    return above
