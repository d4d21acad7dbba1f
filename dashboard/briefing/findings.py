"""What stands out in a period: a few sentences, each with what proves it, the best proven first.

A sentence says of a difference only what its interval says. What chance explains is no finding,
however large it looks. Where many areas are looked at, probabilities are corrected for that
(Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, J. R. Statist. Soc.
B 57, 289-300).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.stats import false_discovery_control, fisher_exact

from dashboard.components.peers_words import group_title, since_words
from dashboard.handling.answers import Handler, Handling, Outcome
from dashboard.lineage import Rows
from dashboard.names import shortened
from dashboard.peers.answers import Group, Peer, Peers
from dashboard.period import Days
from dashboard.signals.answers import Emerging
from dashboard.signals.sentences import probability, sentence
from dashboard.text import Text
from dashboard.timing.reading import changes, standing
from dashboard.visit import Visit
from geo.emerging import Pattern
from geo.hierarchy import COUNTY
from geo.onset import WEEK_DAYS
from geo.proportions import Difference, share_difference
from geo.ratios import Ratio, rate_ratios

SHOWN = 3
LEVEL = 0.05
_RISING = (Pattern.NEW, Pattern.CONSECUTIVE, Pattern.INTENSIFYING)
_MOST_AREAS = 5_000


@dataclass(frozen=True)
class Finding:
    """One thing that stands out.

    Attributes:
        kind: ``peers``, ``spot``, ``change``, ``since`` or ``late``; one of each is shown.
        title: which area, and what of it.
        words: the sentence.
        evidence: the numbers that prove it.
        p: of the like by chance, corrected where many areas were looked at.
        code: the area.
    """

    kind: str
    title: str
    words: str
    evidence: str
    p: float
    code: str


def findings(visit: Visit, peers: Peers | None, late: Handling | None) -> tuple[Finding, ...]:
    """Find what stands out in a visit; fewer than ``SHOWN`` where chance explains the rest."""
    candidates = chain(
        _above_peers(visit, peers),
        _new_spot(visit),
        _largest_change(visit),
        _lasting(visit),
        _most_late(visit, late),
    )
    return strongest(candidates)


def strongest(candidates: Iterator[Finding]) -> tuple[Finding, ...]:
    """Leave the best proven of each kind, and of these the first few."""
    best: dict[str, Finding] = {}
    for each in sorted(candidates, key=lambda finding: (finding.p, finding.kind, finding.code)):
        if each.p < LEVEL:
            best.setdefault(each.kind, each)
    return tuple(best.values())[:SHOWN]


def _above_peers(visit: Visit, peers: Peers | None) -> Iterator[Finding]:
    """The child that is certainly highest above comparable ones."""
    _ = visit.text
    for peer in peers.above[:1] if peers else []:
        group = next(each for each in (peers.groups if peers else ()) if each.peer(peer.code))
        words = _rate_words(len(group.peers) - 1, _).format(
            rate=_.number(peer.rate, 2),
            people=_("households") if peers and peers.per == "households" else _("people"),
            ratio=_.number(peer.ratio, 1),
            n=_.number(len(group.peers) - 1),
            group=group_title(visit, group),
        )
        since = f" {since_words(_, peer.since)}" if peer.since else ""
        title = _("{area}: above its peers", area=_named(visit, peer))
        evidence = _peer_evidence(peer, group, _)
        yield Finding("peers", title, f"{words}{since}", evidence, peer.p, peer.code)


def _rate_words(others: int, _: Text) -> str:
    if others == 1:
        return _(
            "{rate} incidents per 1,000 {people}, {ratio} times the rate of the only other of"
            " {group}."
        )
    return _(
        "{rate} incidents per 1,000 {people}, {ratio} times the rate of the other {n} {group}."
    )


def _peer_evidence(peer: Peer, group: Group, _: Text) -> str:
    return _(
        "{count} incidents, {expected} expected at the peers' rate; ratio 95% {low} to {high};"
        " place {places} of {all}; {p}",
        count=_.number(peer.count),
        expected=_.number(peer.expected, 1),
        low=_.number(peer.ratio_low, 2),
        high=_.number(peer.ratio_high, 2),
        places=places_words(peer),
        all=_.number(len(group.peers)),
        p=probability(peer.p, _),
    )


def places_words(peer: Peer) -> str:
    """Write a place with its interval: one number, or from and to."""
    return span_words(peer.rank_low, peer.rank_high)


def span_words(low: int, high: int) -> str:
    """Write one place, or from and to."""
    return str(low) if low == high else f"{low}–{high}"


def _new_spot(visit: Visit) -> Iterator[Finding]:
    """The hot spot that came about last, among the children and, in a county, the finest areas."""
    lineage = visit.source.picture.lineage
    row = lineage.row(visit.area.code)
    own = int(lineage.slots[lineage.row(visit.source.home)])
    keys = [visit.area.child_level] if visit.area.child_level else []
    if own >= COUNTY and visit.area.layers:
        keys.append(visit.area.layers[-1])
    for key in dict.fromkeys(keys):
        slot = visit.source.areas.slot(key)
        if visit.area.areas_per_layer.get(key, 0) > _MOST_AREAS:
            continue
        found = visit.source.emerging(slot, visit.filters, visit.state.per)
        yield from _latest(visit, found, lineage.features(slot, row), key)


def _latest(visit: Visit, found: Emerging, rows: Rows, key: str) -> Iterator[Finding]:
    if not found.steps:
        return
    at = found.at(rows)
    rising = np.isin(found.classes[at], [int(pattern) for pattern in _RISING])
    rising &= found.p[at] < LEVEL
    places = at[rising]
    if not len(places):
        return
    _ = visit.text
    # The youngest first, of these the clearest.
    order = np.lexsort((found.p[places], found.run[places]))
    first = int(places[order[0]])
    area = visit.source.areas.step(int(found.rows[first]))
    level = _.term(visit.hierarchy.level(key))
    words = sentence(found, first, _)
    title = _("{area} (level: {level})", area=_within(visit, int(found.rows[first])), level=level)
    evidence = _(
        "space-time Gi* over {months} months of {n} areas of this level; {more} more of them are"
        " new or growing",
        months=_.number(len(found.steps)),
        n=_.number(len(rows)),
        more=_.number(len(places) - 1),
    )
    yield Finding("spot", title, words, evidence, float(found.p[first]), area.code)


def _largest_change(visit: Visit) -> Iterator[Finding]:
    """What changed most clearly: the area against two periods, or a child against the year before.

    Under a week nothing is said: a Saturday has other numbers than a Friday in any year.
    """
    _, source, filters = visit.text, visit.source, visit.filters
    days = visit.days_with_data
    if len(days) < WEEK_DAYS:
        return
    for each in changes(source, visit.area.code, filters):
        if each.then is not None and each.ratio and each.ratio.is_distinct:
            then = (each.then, each.then_days)
            name = shortened(_.name(visit.area))
            yield _changed(visit, name, visit.area.code, each.now, then, each.ratio)
    before = days.year_before()
    if before.since < visit.coverage.since or not visit.area.child_level:
        return
    now = source.children(visit.area.code, filters)
    then_counts = source.children(visit.area.code, filters.during(before))["count"]
    counted = now["count"].to_numpy(), then_counts.to_numpy()
    if not len(now) or np.isnan(counted[0]).any() or np.isnan(counted[1]).any():
        return
    found = rate_ratios(*counted, len(days), len(before))
    chance = np.nan_to_num(found.p, nan=1.0)
    # The correction makes some of them equal: the clearest is told by what it is made of.
    p, at = false_discovery_control(chance), int(np.argmin(chance))
    ratio = Ratio(float(found.ratio[at]), float(found.low[at]), float(found.high[at]), float(p[at]))
    if ratio.is_distinct:
        name = _within(visit, source.picture.lineage.row(now["code"][at]))
        numbers = int(counted[0][at]), (int(counted[1][at]), before)
        yield _changed(visit, name, now["code"][at], *numbers, ratio)


def _changed(
    visit: Visit, name: str, code: str, now: int, then: tuple[int, Days], ratio: Ratio
) -> Finding:
    _ = visit.text
    count, days = then
    more = ratio.ratio > 1
    words = _(
        "{now} incidents in {days}, {count} in {before}.",
        now=_.number(now),
        days=_.days(visit.days_with_data),
        count=_.number(count),
        before=_.days(days),
    )
    evidence = _(
        "a day {ratio} times as many, 95% {low} to {high}; {p}",
        ratio=_times(ratio.ratio, _),
        low=_times(ratio.low, _),
        high=_times(ratio.high, _),
        p=probability(ratio.p, _),
    )
    title = (
        _("{area}: clearly more than before", area=name)
        if more
        else _("{area}: clearly fewer than before", area=name)
    )
    return Finding("change", title, words, evidence, ratio.p, code)


def _lasting(visit: Visit) -> Iterator[Finding]:
    """Since when the area itself has other numbers than expected."""
    _, found = visit.text, standing(visit.source, visit.area.code, visit.filters)
    # Without the season, a summer like every summer would be a finding.
    lasting = found.lasting if found and found.knows_season else None
    if found is None or lasting is None:
        return
    words = _(
        "{observed} incidents since then, {expected} expected from the time before.",
        observed=_.number(lasting.observed),
        expected=_.number(lasting.expected),
    )
    values = {"area": shortened(_.name(visit.area)), "day": _.day(lasting.days.since)}
    title = (
        _("{area}: more than expected since {day}", **values)
        if lasting.is_more
        else _("{area}: fewer than expected since {day}", **values)
    )
    evidence = _(
        "weekly pattern and level learned from {learned}; {p} in the time searched, {searched}",
        learned=_.days(found.learned),
        searched=_.days(found.searched),
        p=probability(lasting.p, _),
    )
    yield Finding("since", title, words, evidence, lasting.p, visit.area.code)


def _most_late(visit: Visit, late: Handling | None) -> Iterator[Finding]:
    """The child where the largest share of what is open is overdue, beyond chance."""
    areas = [each for each in late.areas if _due(each.outcome)] if late else []
    if late is None or len(areas) < 2:
        return
    chance = [_p_late(each.outcome, late.total) for each in areas]
    first = int(np.argmin(chance))
    each, p = areas[first], float(false_discovery_control(chance)[first])
    due, rest = _due(each.outcome), _due(late.total) - _due(each.outcome)
    elsewhere = late.total.overdue - each.outcome.overdue
    by = share_difference(each.outcome.overdue, due, elsewhere, rest)
    if by.is_distinct and by.by > 0:
        shares = each.outcome.overdue / due, elsewhere / rest
        yield _late(visit, each, shares, by, p)


def _late(
    visit: Visit, each: Handler, shares: tuple[float, float], by: Difference, p: float
) -> Finding:
    _ = visit.text
    words = _(
        "{overdue} of {open} open incidents with a deadline are past it ({share}), elsewhere"
        " {other}.",
        overdue=_.number(each.outcome.overdue),
        open=_.number(_due(each.outcome)),
        share=_.percent(shares[0]),
        other=_.percent(shares[1]),
    )
    evidence = _(
        "{by} points more, 95% {low} to {high}; {p}",
        by=_.number(100 * by.by),
        low=_.number(100 * by.low),
        high=_.number(100 * by.high),
        p=probability(p, _),
    )
    name = shortened(_.within((_.lang == "en" and each.name_en) or each.name or "", visit.area))
    title = _("{area}: late more often than elsewhere", area=name)
    return Finding("late", title, words, evidence, p, each.code or "")


def _due(outcome: Outcome) -> int:
    """Open incidents that have a deadline."""
    return outcome.open - outcome.no_deadline


def _p_late(each: Outcome, total: Outcome) -> float:
    """How probable so large a share is by chance, or a larger one: one side, as it is sought."""
    due, rest = _due(each), _due(total) - _due(each)
    late = each.overdue, total.overdue - each.overdue
    table = np.array([[late[0], due - late[0]], [late[1], rest - late[1]]])
    return float(fisher_exact(table, alternative="greater").pvalue) if rest else 1.0


def _named(visit: Visit, peer: Peer) -> str:
    return shortened(visit.text.within(visit.text.name(peer), visit.area))


def _within(visit: Visit, row: int) -> str:
    step = visit.source.areas.step(row)
    return shortened(visit.text.within(visit.text.name(step), visit.area))


def _times(value: float, _: Text) -> str:
    return _.number(value, 2) if np.isfinite(value) else "∞"
