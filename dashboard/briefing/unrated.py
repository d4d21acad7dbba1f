"""The areas of a brief that have no rate among peers: they are ranked by their incidents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dashboard.briefing.facts import Facts
from dashboard.text import Text
from dashboard.visit import Visit

Reason = Literal["unknown", "nobody", "level"]


@dataclass(frozen=True)
class Unrated:
    """An area without a rate to be ranked by.

    Attributes:
        code, name, name_en: which one.
        count: its incidents in the period.
        people: those known to live there, or households; ``NaN`` where nobody counted them.
        place_from, place_to: its place by incidents; areas with as many share theirs.
        reason: nobody counted the people, nobody lives there, or it stands in for a level
            that is missing and so is no peer of the others.
    """

    code: str
    name: str
    name_en: str | None
    count: int
    people: float
    place_from: int
    place_to: int
    reason: Reason


def unrated(visit: Visit, facts: Facts) -> tuple[Unrated, ...]:
    """Rank the areas below that are in no group of peers, the most incidents first.

    None where no day of the period has data: nothing can be ranked then.
    """
    if facts.peers is None or facts.children.empty:
        return ()
    lineage = visit.source.picture.lineage
    rated = {peer.code for group in facts.peers.groups for peer in group.peers}
    left = facts.children[~facts.children["code"].isin(rated)]
    left = left.sort_values(["count", "code"], ascending=[False, True])
    counts = left["count"].to_numpy(np.float64)
    people = lineage.numbers("population" if facts.peers.per == "people" else "households")
    return tuple(
        Unrated(
            area["code"],
            area["name"],
            area["name_en"] if isinstance(area["name_en"], str) else None,
            int(area["count"]),
            known := float(people[lineage.row(area["code"])]),
            int((counts > area["count"]).sum()) + 1,
            int((counts >= area["count"]).sum()),
            "unknown" if np.isnan(known) else "level" if known > 0 else "nobody",
        )
        for area in left.to_dict("records")
    )


def unrated_title(_: Text) -> str:
    """Say by what they are ranked."""
    return _("no rate: ranked by incidents")


def ranking_title(facts: Facts, _: Text) -> str:
    """Say what areas are ranked by: rates among peers, or incidents where there is no rate."""
    rated = facts.peers is None or facts.peers.groups
    return _("Ranking among peers") if rated else _("Ranking by incidents")


def unrated_words(visit: Visit, facts: Facts) -> list[str]:
    """Say that a ranking is by incidents, where it is by nothing else."""
    _ = visit.text
    if facts.peers is None or facts.peers.groups or facts.children.empty:
        return []
    return [
        _(
            "By incidents, not by rate: nobody counted the population here, so large areas"
            " come first. Areas with as many share a place."
        )
    ]


def reason_words(_: Text) -> dict[Reason, str]:
    """Say why an area has no rate among peers."""
    return {
        "unknown": _("population unknown: no rate"),
        "nobody": _("nobody lives here: no rate"),
        "level": _("of another level than its neighbours: no peers"),
    }
