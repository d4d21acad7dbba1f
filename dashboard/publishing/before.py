"""What a published period is compared with: the month, quarter or year before it."""

from __future__ import annotations

import numpy as np

from dashboard.counts import Floats
from dashboard.publishing.lattice import Span, span_of
from dashboard.publishing.source import PublishedSource, published
from dashboard.visit import Visit


def neighbours(span: Span | None, source: PublishedSource) -> tuple[Span | None, Span | None]:
    """Return the published periods just before and just after one."""
    offered = source.offered(span.unit) if span else []
    if span not in offered:
        return None, None
    at = offered.index(span)
    before = offered[at + 1] if at + 1 < len(offered) else None
    return before, offered[at - 1] if at else None


def published_before(visit: Visit) -> Floats:
    """Count the areas shown over the period before; NaN where nothing is published of it."""
    source = published(visit.source)
    before = neighbours(span_of(visit.days), source)[0]
    days = before.days if before else visit.days
    found = source.children(visit.area.code, visit.filters.during(days), visit.layer.key)
    counts: Floats = found["count"].to_numpy(np.float64)
    return counts if before else np.full(len(counts), np.nan)
