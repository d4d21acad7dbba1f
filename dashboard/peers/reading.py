"""An area and its children among comparable areas, from the source's counts."""

from __future__ import annotations

from dataclasses import replace

from dashboard.filters import Filters
from dashboard.lineage import Lineage
from dashboard.peers.answers import Group, Peer, Peers
from dashboard.peers.field import Field, Members
from dashboard.peers.since import since_when
from dashboard.peers.standing import VERDICTS, standings
from dashboard.source import Source
from geo.hierarchy import COUNTY, VILLAGE


def peers_of(source: Source, code: str, filters: Filters, per: str = "people") -> Peers | None:
    """Compare an area and its children with their peers.

    Args:
        source: what the viewer may see.
        code: the area.
        filters: what is counted.
        per: what rates are of: ``people`` or ``households``.

    Returns:
        ``None`` when no day of the period has data.
    """
    row = source.picture.lineage.row(code)
    slot = source.areas.child_slot(row)
    own = _own(source, row, filters, per)
    if slot is None:
        return Peers(per, own, (), 0)
    field = Field(source, code, slot, filters, per)
    if not field.has_data:
        return None
    return Peers(per, own, tuple(_group(field, each) for each in field.groups), field.unknown)


def _own(source: Source, row: int, filters: Filters, per: str) -> Group | None:
    """The group of an area in the field where its peers are looked for."""
    lineage = source.picture.lineage
    top = lineage.row(source.home)
    if row == top:
        return None
    slot, around = int(lineage.slots[row]), top
    if slot >= VILLAGE:
        # Thousands of villages of a province would leave no place certain.
        county = int(lineage.above[COUNTY][row])
        inside = county >= 0 and lineage.slots[county] > lineage.slots[top]
        around = county if inside else top
    field = Field(source, lineage.text("code", around) or "", slot, filters, per)
    members = next((each for each in field.groups if row in each.rows), None)
    return _group(field, members, only=row) if members else None


def _group(field: Field, members: Members, only: int | None = None) -> Group:
    """Compare the areas of a group; ``only`` is the row of which alone more is asked."""
    lineage = field.source.picture.lineage
    peers = _peers(lineage, members) if len(members.rows) > 1 else [_alone(lineage, members)]
    dated = [
        _dated(field, members, at, peer) if only in (None, members.rows[at]) else peer
        for at, peer in enumerate(peers)
    ]
    return Group(
        field.slot,
        members.kind,
        members.band,
        float(members.people.min()),
        float(members.people.max()),
        field.code,
        tuple(sorted(dated, key=lambda peer: (-peer.rate, peer.code))),
    )


def _peers(lineage: Lineage, members: Members) -> list[Peer]:
    found = standings(members.counts, members.people)
    ranks, ratios = found.ranks, found.ratios
    return [
        Peer(
            *_named(lineage, row),
            count=int(members.counts[at]),
            people=float(members.people[at]),
            rank=int(ranks.observed[at]),
            rank_low=int(ranks.low[at]),
            rank_high=int(ranks.high[at]),
            expected=float(found.expected[at]),
            ratio=float(ratios.ratio[at]),
            ratio_low=float(ratios.low[at]),
            ratio_high=float(ratios.high[at]),
            p=float(found.p[at]),
            verdict=VERDICTS[int(found.verdicts[at])],
        )
        for at, row in enumerate(members.rows.tolist())
    ]


def _alone(lineage: Lineage, members: Members) -> Peer:
    """Describe an area without peers: it has a rate and nothing to hold it against."""
    named, nan = _named(lineage, int(members.rows[0])), float("nan")
    count, people = int(members.counts[0]), float(members.people[0])
    return Peer(*named, count, people, 1, 1, 1, nan, nan, nan, nan, nan, "alone")


def _dated(field: Field, members: Members, at: int, peer: Peer) -> Peer:
    """Add since when an area is above its peers; nobody asks it of the others."""
    history = field.history if peer.verdict == "above" else None
    if history is None:
        return peer
    since = since_when(history.starts, history.of(members.rows), at, members.people)
    return replace(peer, since=since)


def _named(lineage: Lineage, row: int) -> tuple[int, str, str, str | None]:
    code, name = lineage.text("code", row) or "", lineage.text("name", row) or ""
    return int(lineage.area_ids[row]), code, name, lineage.text("name_en", row)
