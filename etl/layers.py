"""Display layers: for every level a complete coverage of the root.

Where a level is missing, the area that stands in for it is shown: the layer of
counties holds a city without counties, the layer of cells a place without cells.
"""

from collections import defaultdict

import numpy as np
import numpy.typing as npt
import pandas as pd

Positions = npt.NDArray[np.int64]
"""Rows of the frame of areas."""


def layer_members(areas: pd.DataFrame, slots: list[int]) -> list[Positions]:
    """The areas shown in the layers of some levels.

    From the root downwards, an area is replaced by those below it as long as it is
    wider than the level and at least one of those below is not narrower.

    Args:
        areas: every current area, indexed 0…n-1: code, level, parent_code.
        slots: the levels.

    Returns:
        For each level rows of ``areas``, ascending; they cover the root exactly once.
    """
    levels = areas["level"].tolist()
    children = _children(areas)
    roots = np.flatnonzero(areas["parent_code"].isna()).tolist()
    return [_descend(roots, levels, children, slot) for slot in slots]


def _descend(
    roots: list[int], levels: list[int], children: dict[int, list[int]], slot: int
) -> Positions:
    """The members of one layer."""
    members, open_areas = [], list(roots)
    while open_areas:
        area = open_areas.pop()
        below = children.get(area, [])
        if levels[area] < slot and any(levels[child] <= slot for child in below):
            open_areas.extend(below)
        else:
            members.append(area)
    return np.sort(np.array(members, dtype=np.int64))


def _children(areas: pd.DataFrame) -> dict[int, list[int]]:
    """The rows below each row."""
    parents = pd.Index(areas["code"]).get_indexer(areas["parent_code"])
    children: dict[int, list[int]] = defaultdict(list)
    for child, parent in enumerate(parents.tolist()):
        if parent >= 0:
            children[parent].append(child)
    return children


def members_above(areas: pd.DataFrame, members: Positions, wider: Positions) -> Positions:
    """For each member of a layer, the member of a wider layer it lies in.

    Args:
        areas: every current area, indexed 0…n-1: code, parent_code.
        members: rows shown in one layer.
        wider: rows shown in a wider layer.

    Returns:
        One position in ``wider`` a member.
    """
    parents = pd.Index(areas["code"]).get_indexer(areas["parent_code"])
    place = np.full(len(areas), -1, dtype=np.int64)
    place[wider] = np.arange(len(wider))
    at = members.copy()
    while (lost := place[at] < 0).any():
        at[lost] = parents[at[lost]]
    found: Positions = place[at]
    return found
