"""Whose share of resolved incidents differs from the others', beyond chance.

Fisher, R. A. (1922), On the interpretation of chi-square from contingency tables, Journal of the
Royal Statistical Society 85, 87-94: the exact test of each handler against all others together;
of those named at most 5 % are named by chance (see ``geo.hotspots``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.stats import false_discovery_control, fisher_exact

from dashboard.handling.answers import Handler
from geo.chance import FALSE_DISCOVERIES


def judged(handlers: Sequence[Handler]) -> tuple[Handler, ...]:
    """Say of each handler whether its resolved share is below or above the others'."""
    received = np.array([each.outcome.received for each in handlers], np.int64)
    resolved = np.array([each.outcome.resolved for each in handlers], np.int64)
    if len(handlers) < 2 or not received.sum():
        return tuple(handlers)
    others, elsewhere = resolved.sum() - resolved, received.sum() - received
    tables = np.stack([resolved, received - resolved, others, elsewhere - others], axis=1)
    p = false_discovery_control([fisher_exact(each.reshape(2, 2)).pvalue for each in tables])
    # Of shares a / n and b / m, a * m and b * n tell which is larger, also where one is of none.
    lower = resolved * elsewhere < others * received
    verdicts = np.where(p > FALSE_DISCOVERIES, "alike", np.where(lower, "below", "above"))
    return tuple(
        replace(each, verdict=str(verdict))
        for each, verdict in zip(handlers, verdicts, strict=True)
    )
