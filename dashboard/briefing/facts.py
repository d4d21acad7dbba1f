"""All that a brief tells, asked of the source once."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboard.answers import Summary
from dashboard.briefing.findings import Finding, findings
from dashboard.handling.answers import Handling
from dashboard.peers.answers import Peers
from dashboard.peers.reading import peers_of
from dashboard.timing.answers import Changed
from dashboard.timing.reading import changes
from dashboard.visit import Visit


@dataclass(frozen=True)
class Facts:
    """What a brief tells of a visit.

    Attributes:
        summary: the figures of the period.
        changes: against the year and the period before; empty without data.
        children: the areas below with their counts; see ``Source.children``.
        peers: the areas below among comparable ones; ``None`` without data.
        backlog: what is late now; ``None`` without data.
        findings: what stands out, the best proven first.
    """

    summary: Summary
    changes: tuple[Changed, ...]
    children: pd.DataFrame
    peers: Peers | None
    backlog: Handling | None
    findings: tuple[Finding, ...]


def gather(visit: Visit) -> Facts:
    """Ask for everything."""
    source, code, filters = visit.source, visit.area.code, visit.filters
    peers = peers_of(source, code, filters, visit.state.per) if visit.has_data else None
    late = source.backlog(code, filters) if visit.has_data else None
    children = source.children(code, filters)
    return Facts(
        summary=source.summary(code, filters),
        changes=changes(source, code, filters),
        children=children,
        peers=peers,
        backlog=late,
        findings=findings(visit, peers, late) if visit.has_data else (),
    )
