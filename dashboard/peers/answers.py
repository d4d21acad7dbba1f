"""What is known of areas among their peers: plain values, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from geo.rates import PER


@dataclass(frozen=True)
class Since:
    """Since when an area differs from its peers.

    Attributes:
        day: first day of the month at which its share of their incidents last changed; ``None``
            where no change is found in the months looked at: it differed throughout.
        months: how many were looked at, up to the last one that was over by the period's end.
        first_day: where the first of them begins.
        before: times its peers' rate from the change before it, or the first month, up to then.
        after: the same since then; where there was no change both are that of all months.
        p: probability by chance of so clear a change; where there was none, of being above.
    """

    day: date | None
    months: int
    first_day: date
    before: float
    after: float
    p: float

    @property
    def last_month(self) -> date:
        """The first day of the last month that was looked at."""
        year, month = divmod(self.first_day.year * 12 + self.first_day.month + self.months - 2, 12)
        return date(year, month + 1, 1)


@dataclass(frozen=True)
class Peer:
    """An area among its peers.

    Attributes:
        area_id, code, name, name_en: which one.
        count: its incidents in the period.
        people: people, or households, that its rate is of.
        rank: its place by rate, 1 for the highest; areas of the same rate share it.
        rank_low, rank_high: first and last place of the interval (95 %).
        expected: incidents it would have at the rate of its peers, itself left out.
        ratio: ``count / expected``; infinite or ``NaN`` where its peers have none.
        ratio_low, ratio_high: the exact interval of the ratio (95 %).
        p: of so large a difference by chance, corrected for as many areas as the group has.
        verdict: ``above`` or ``below`` its peers where the interval leaves out 1 and the
            correction lets it stand; ``few``, fewer than 20 incidents and no difference;
            ``alone``, nobody to compare it with; else ``alike``.
        since: for those above, since when; ``None`` where that cannot be told.
    """

    area_id: int
    code: str
    name: str
    name_en: str | None
    count: int
    people: float
    rank: int
    rank_low: int
    rank_high: int
    expected: float
    ratio: float
    ratio_low: float
    ratio_high: float
    p: float
    verdict: str
    since: Since | None = None

    @property
    def rate(self) -> float:
        """Incidents per 1,000 people, or households, over the period."""
        return PER * self.count / self.people


@dataclass(frozen=True)
class Group:
    """Areas of one kind and size; a single one has no peers and no place.

    Attributes:
        slot: of their level.
        kind: see ``dashboard.peers.kinds``.
        band: one of ``BANDS``; ``None`` where areas of the kind are not divided by size.
        people_from, people_to: the smallest and the largest number of people among them.
        within: code of the area in which they are looked for.
        peers: the highest rate first.
    """

    slot: int
    kind: str
    band: str | None
    people_from: float
    people_to: float
    within: str
    peers: tuple[Peer, ...]

    def peer(self, code: str) -> Peer | None:
        """Find an area of the group."""
        return next((peer for peer in self.peers if peer.code == code), None)


@dataclass(frozen=True)
class Peers:
    """An area and its children, each among comparable areas.

    Attributes:
        per: what rates are of: ``people`` or ``households``.
        own: the group of the area itself in the viewer's scope; ``None`` at its top.
        groups: its children in groups, those of the most areas first.
        unknown: children of which nobody counted the people: they have no rate.
    """

    per: str
    own: Group | None
    groups: tuple[Group, ...]
    unknown: int

    @property
    def above(self) -> list[Peer]:
        """Children above their peers, the largest certain excess first."""
        found = [peer for group in self.groups for peer in group.peers if peer.verdict == "above"]
        return sorted(found, key=lambda peer: (-peer.ratio_low, peer.code))
