"""What the pages about campaigns show: plain values for their templates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboard.campaigns.campaign import Campaign
from dashboard.campaigns.chart import NARROW, WIDE, chart_of
from dashboard.campaigns.effect import PHASES, Course, Effect, effect_of
from dashboard.campaigns.words import Outcome, effect_sentences, outcome
from dashboard.entry.look import Look
from dashboard.names import shortened
from dashboard.picture import of_one_picture
from dashboard.source import Source
from dashboard.text import Text
from geo.errors import NotFoundError

MOST_JUDGED = 20
"""Of so many campaigns the list says what changed: the work is bounded."""

_WIDTHS = (("wide", WIDE), ("narrow", NARROW))


@of_one_picture
def listed(
    campaigns: list[Campaign], sources: Callable[[], Source], look: Look
) -> list[dict[str, Any]]:
    """Describe every campaign in a line, the first of them with what changed while they ran."""
    _, source = look.text, sources()
    lines = []
    for at, each in enumerate(campaigns):
        found = _outcome(each, source, look) if at < MOST_JUDGED else None
        unknown = not_judged(each, source, _) if at < MOST_JUDGED else _("see its page")
        lines.append(_line(each, source, look) | {"outcome": found, "unknown": unknown})
    return lines


def not_judged(campaign: Campaign, source: Source, _: Text) -> str:
    """Say in a few words why nothing is known of what a campaign changed."""
    if in_force(campaign, source):
        return _("too little data to judge it")
    return _("its area is no longer in force")


def _outcome(campaign: Campaign, source: Source, look: Look) -> Outcome | None:
    effect = effect_of(source, campaign) if in_force(campaign, source) else None
    return outcome(effect, look.text) if effect else None


@of_one_picture
def described(campaign: Campaign, sources: Callable[[], Source], look: Look) -> dict[str, Any]:
    """Describe one campaign with what it changed."""
    _, source = look.text, sources()
    line = _line(campaign, source, look)
    if not in_force(campaign, source):
        return line | {"missing": _("Its area is no longer in force.")}
    effect = effect_of(source, campaign)
    if effect is None:
        return line | {"missing": _without_figures(campaign, source, _)}
    return line | _found(line["area"], effect, _)


def in_force(campaign: Campaign, source: Source) -> bool:
    """Whether its area is: the database lets nobody alter a campaign of one that is not."""
    try:
        source.area(campaign.area_code)
    except NotFoundError:
        return False
    return True


def _without_figures(campaign: Campaign, source: Source, _: Text) -> str:
    """Say why there is nothing to compare."""
    covered = source.coverage()
    if covered is None or campaign.days.since > covered.last:
        reach = _.day(covered.last) if covered else "–"
        return _("It has not begun yet: the data reach to {day}.", day=reach)
    if not campaign.days.clipped(covered):
        return _("It was over before the data begin, on {day}.", day=_.day(covered.since))
    return _("Its category or channel is no longer in the lists.")


def _found(area: str, effect: Effect, _: Text) -> dict[str, Any]:
    against, course = effect.against, effect.course
    parent = _.name(effect.parent) if effect.parent else ""
    return {
        "missing": "",
        "sentences": effect_sentences(area, effect, _),
        "parent": parent,
        "short_parent": shortened(parent),
        "charts": [(name, chart_of(course, width)) for name, width in _WIDTHS],
        "day": _.day,
        "phases": _phases(course, _),
        "scatter": _scatter(against.dispersion if against else None, _),
        "step_days": max(len(step) for step in course.steps),
    }


def _scatter(dispersion: float | None, _: Text) -> str:
    """How many times chance the counts scatter; nothing where they scatter no more."""
    return _.number(dispersion, 1) if dispersion and dispersion > 1 else ""


def _phases(course: Course, _: Text) -> list[dict[str, Any]]:
    names = (_("Before"), _("During"), _("After"))
    rows = []
    for phase, name in zip(PHASES, names, strict=True):
        own = [step for step, of in zip(course.steps, course.phase, strict=True) if of == phase]
        days, (inside, outside) = course.days(phase), course.total(phase)
        rows.append(
            {
                "name": name,
                "days": (_.day(own[0].since), _.day(own[-1].last)) if own else (),
                "length": _.number(days),
                "inside": _.number(inside) if days else "–",
                "inside_a_day": _.number(inside / days, 2) if days else "–",
                "outside": _.number(outside) if days else "–",
                "outside_a_day": _.number(outside / days, 2) if days else "–",
            }
        )
    return rows


def _line(campaign: Campaign, source: Source, look: Look) -> dict[str, Any]:
    _, terms = look.text, source.picture.basics.terms
    names = {
        term.code: _.term(term)
        for kind in ("category", "channel")
        for term in terms.by_kind.get(kind, ())
    }
    codes = (*campaign.categories, *campaign.channels)
    days = campaign.days.parameters("from", "to")
    known = in_force(campaign, source)
    area = _.name(source.area(campaign.area_code)) if known else campaign.area_code
    return {
        "number": campaign.campaign_id,
        "name": campaign.name,
        "area": area,
        "short_area": shortened(area),
        "days": (_.day(campaign.days.since), _.day(campaign.days.last)),
        "state": _state(campaign, source, _),
        "terms": " · ".join(names.get(code, code) for code in codes) or _("all incidents"),
        "author": campaign.author,
        "added": _.day(campaign.created_at.astimezone(source.hierarchy.time_zone).date()),
        "map": look.address(f"/map/{campaign.area_code}", tab="time", **days) if known else "",
        "closed": campaign.closed_at is not None,
        "href": look.address(f"/campaigns/{campaign.campaign_id}"),
    }


def _state(campaign: Campaign, source: Source, _: Text) -> str:
    """Say how far it is, by the last day with data."""
    if campaign.closed_at is not None:
        return _("closed")
    covered = source.coverage()
    if covered is None or campaign.days.since > covered.last:
        return _("not begun")
    return _("under way") if campaign.days.last > covered.last else _("over")


def given_of(campaign: Campaign) -> dict[str, str]:
    """Return what a form says that makes such a campaign."""
    terms = {"category": campaign.categories, "channel": campaign.channels}
    chosen = {kind: codes[0] for kind, codes in terms.items() if codes}
    days = campaign.days.parameters("from", "to")
    return {"name": campaign.name, "area": campaign.area_code, **days, **chosen}


def again(campaign: Campaign, look: Look) -> str:
    """Return the address of the form filled in with what a campaign says."""
    return look.address("/campaigns", **given_of(campaign)) + "#new-title"
