"""What the pages about campaigns show: plain values for their templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.campaigns.campaign import Campaign, Problem
from dashboard.campaigns.chart import chart_of
from dashboard.campaigns.effect import PHASES, Course, Effect, effect_of
from dashboard.campaigns.words import effect_sentences
from dashboard.entry.look import Look
from dashboard.entry.notices import Notice
from dashboard.picture import of_one_picture
from dashboard.source import Source
from dashboard.text import Text
from geo.errors import NotFoundError

MOST_AREAS = 400
"""So many areas are offered; a narrower one comes along from the map."""


def listed(campaigns: list[Campaign], source: Source, look: Look) -> list[dict[str, Any]]:
    """Describe every campaign in a line."""
    return [_line(each, source, look) for each in campaigns]


def choices(source: Source, given: Mapping[str, str], look: Look) -> dict[str, Any]:
    """Describe the form: areas and terms to choose from, and what is filled in."""
    areas = _areas(source, look.text)
    wanted = given.get("area", "")
    if wanted and wanted not in [area["code"] for area in areas]:
        try:
            area = source.area(wanted)
            areas.append({"code": area.code, "name": look.text.name(area)})
        except NotFoundError:
            pass
    return {
        "areas": areas,
        "categories": _terms(source, "category", look.text),
        "channels": _terms(source, "channel", look.text),
        "given": {name: given.get(name, "") for name in _FIELDS},
    }


_FIELDS = ("name", "area", "from", "to", "category", "channel")


def problem_notice(problem: Problem, _: Text) -> Notice:
    """Say what is wrong with a form, and what was expected."""
    words = {
        "name": _("A name of 1 to 80 letters is needed."),
        "area": _("Choose an area in your scope."),
        "days": _("Give the first and the last day, at most three years apart."),
        "terms": _("Choose a category and a channel from the lists."),
    }
    return Notice("bad", _("The campaign was not added"), words[problem])


@of_one_picture
def described(campaign: Campaign, source: Source, look: Look) -> dict[str, Any]:
    """Describe one campaign with what it changed."""
    _ = look.text
    line = _line(campaign, source, look)
    try:
        effect = effect_of(source, campaign)
    except NotFoundError:
        return line | {"missing": _("Its area is no longer in force.")}
    if effect is None:
        return line | {"missing": _("No day of the campaign has data, or its terms are gone.")}
    return line | _found(line["area"], effect, _)


def _found(area: str, effect: Effect, _: Text) -> dict[str, Any]:
    against, course = effect.against, effect.course
    return {
        "missing": "",
        "sentences": effect_sentences(area, effect, _),
        "parent": _.name(effect.parent) if effect.parent else "",
        "chart": chart_of(course),
        "day": _.day,
        "phases": _phases(course, _),
        "scatter": _scatter(against.dispersion if against else None, _),
        "step_days": max(len(step) for step in course.steps),
    }


def _scatter(dispersion: float | None, _: Text) -> str:
    """How many times chance the counts scatter; nothing where they scatter no more."""
    return _.number(dispersion, 1) if dispersion and dispersion > 1 else ""


def _phases(course: Course, _: Text) -> list[dict[str, str]]:
    names = (_("Before"), _("During"), _("After"))
    rows = []
    for phase, name in zip(PHASES, names, strict=True):
        own = [step for step, of in zip(course.steps, course.phase, strict=True) if of == phase]
        days, (inside, outside) = course.days(phase), course.total(phase)
        rows.append(
            {
                "name": name,
                "days": f"{_.day(own[0].since)} – {_.day(own[-1].last)}" if own else "–",
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
    try:
        area = _.name(source.area(campaign.area_code))
    except NotFoundError:
        area = campaign.area_code
    return {
        "number": campaign.campaign_id,
        "name": campaign.name,
        "area": area,
        "area_code": campaign.area_code,
        "days": _.days(campaign.days),
        "terms": " · ".join(names.get(code, code) for code in codes) or _("all incidents"),
        "author": campaign.author,
        "closed": campaign.closed_at is not None,
        "href": look.address(f"/campaigns/{campaign.campaign_id}"),
    }


def _areas(source: Source, _: Text) -> list[dict[str, str]]:
    """The viewer's own area and those of the two levels below it, as many as can be offered."""
    lineage, hierarchy = source.picture.lineage, source.hierarchy
    home = lineage.row(source.home)
    rows = [home]
    for slot in lineage.below(home)[:2]:
        inside = lineage.features(slot, home).tolist()
        rows += inside if len(rows) + len(inside) <= MOST_AREAS else []
    found = [source.areas.found(row) for row in dict.fromkeys(rows)]
    return [
        {"code": area.code, "name": f"{_.name(area)} · {_.term(hierarchy.level(area.level))}"}
        for area in found
    ]


def _terms(source: Source, kind: str, _: Text) -> list[dict[str, str]]:
    return [{"code": term.code, "name": _.term(term)} for term in source.terms(kind)]
