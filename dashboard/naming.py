"""Which areas keep their names where names on a map collide."""

from __future__ import annotations

import pandas as pd

from dashboard.components.ranking import ranked
from dashboard.visit import Visit

WORST_NAMED = 3


def worst_first(visit: Visit, found: pd.DataFrame, layer: str) -> pd.DataFrame:
    """Put the areas at the head of the ranking before the most important ones.

    Args:
        visit: what is looked at.
        found: the areas to name, with their codes, the most important first.
        layer: key of their level; of another level than the ranking's nothing is changed.
    """
    if layer != visit.area.child_level:
        return found
    children = visit.source.children(visit.area.code, visit.filters)
    worst = ranked(children, None, visit.state.metric).dropna(subset=[visit.state.metric])
    is_worst = found["code"].isin(worst["code"].head(WORST_NAMED))
    return pd.concat([found[is_worst], found[~is_worst]])
