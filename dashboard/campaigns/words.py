"""What a campaign changed, in sentences that say no more than the interval does."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashboard.campaigns.effect import Effect
from dashboard.components.timing.changed import signed_percent, verdict
from dashboard.names import shortened
from dashboard.text import Text
from geo.ratios import Ratio


@dataclass(frozen=True)
class Outcome:
    """What changed while a campaign ran, in a few words.

    Attributes:
        change: against the surroundings, or against the time before where none are in view.
        limits: of its interval.
        verdict: whether chance explains it.
        look: ``worse``, ``better`` or ``alike``.
    """

    change: str
    limits: str
    verdict: str
    look: str


def outcome(effect: Effect, _: Text) -> Outcome | None:
    """Say what changed while it ran; ``None`` where that cannot be judged."""
    is_alone = effect.against is None
    ratio = effect.plain if effect.against is None else effect.against.during
    if ratio is None or math.isnan(ratio.ratio):
        return None
    limits = _(
        "(95% interval {low} to {high})",
        low=signed_percent(ratio.low, _),
        high=signed_percent(ratio.high, _),
    )
    look = "worse" if ratio.low > 1 else "better" if ratio.high < 1 else "alike"
    said = verdict(ratio, _)
    if is_alone:
        said = _("{verdict}, against the time before alone", verdict=said)
    return Outcome(signed_percent(ratio.ratio, _), limits, said, look)


def fixed_words(_: Text) -> str:
    """Say why a campaign of an area that is no longer in force stays what it is."""
    return _(
        "Its area is no longer in force, so it can be neither changed nor closed. To go on with"
        " it, add another like this for an area that is."
    )


def effect_sentences(area: str, effect: Effect, _: Text) -> list[str]:
    """Say what changed during and after, and what stands against believing it."""
    if effect.parent is None or effect.against is None:
        return [*_alone(area, effect, _)]
    said = [
        _during(area, _.name(effect.parent), effect.against.during, _),
        _after(area, _.name(effect.parent), effect.against.after, _),
    ]
    return [*said, *_doubts(effect, _)]


def _during(area: str, parent: str, ratio: Ratio | None, _: Text) -> str:
    if ratio is None:
        return _("Too few incidents, or too little time before, to judge the time of the campaign.")
    return _(
        "While it ran, incidents in {area} changed by {change} against the rest of {parent} (95%"
        " interval {low} to {high}). {verdict}.",
        **_values(area, parent, ratio, _),
    )


def _after(area: str, parent: str, ratio: Ratio | None, _: Text) -> str:
    if ratio is None:
        return _("Too few incidents, or too little time after, to judge what stayed.")
    return _(
        "After it, incidents in {area} stood at {change} against the rest of {parent} (95% interval"
        " {low} to {high}). {verdict}.",
        **_values(area, parent, ratio, _),
    )


def _alone(area: str, effect: Effect, _: Text) -> list[str]:
    nothing = _("Nothing outside this area is in your view: the general trend is not taken away.")
    if effect.plain is None or effect.plain.ratio != effect.plain.ratio:
        return [nothing]
    changed = _(
        "While it ran, incidents a day in {area} changed by {change} against the time before (95%"
        " interval {low} to {high}). {verdict}.",
        **_values(area, "", effect.plain, _),
    )
    return [changed, nothing]


def _doubts(effect: Effect, _: Text) -> list[str]:
    found = effect.against
    if found is None or found.drift is None or not found.drift.is_distinct:
        return []
    drift = _(
        "Beware: already before, the area moved by {change} a step against the rest; the"
        " difference may be no more than that going on.",
        change=signed_percent(found.drift.ratio, _),
    )
    return [drift]


def _values(area: str, parent: str, ratio: Ratio, _: Text) -> dict[str, str]:
    return {
        "area": shortened(area),
        "parent": shortened(parent),
        "change": signed_percent(ratio.ratio, _),
        "low": signed_percent(ratio.low, _),
        "high": signed_percent(ratio.high, _),
        "verdict": verdict(ratio, _),
    }
