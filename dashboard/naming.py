"""Which areas keep their names where names on a map collide."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboard.scales import metric_values
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
    is_worst = found["code"].isin(_worst(visit, layer))
    return pd.concat([found[is_worst], found[~is_worst]])


def _worst(visit: Visit, layer: str) -> list[str]:
    """Codes of the first areas of the ranking, without building it."""
    source, lineage = visit.source, visit.source.picture.lineage
    slot = visit.hierarchy.level(layer).slot
    rows, counts = source.counts(visit.area.code, slot, visit.filters)
    if counts is None or not len(rows):
        return []
    people, area_km2 = (lineage.numbers(name)[rows] for name in ("population", "area_km2"))
    values = metric_values(visit.state.metric, counts, people, area_km2)
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return []
    tied = np.flatnonzero(values >= known[-WORST_NAMED:][0])
    # As in the ranking, ties go by code.
    ranks = sorted((-values[at], lineage.text("code", int(rows[at])) or "") for at in tied)
    return [code for _, code in ranks[:WORST_NAMED]]
