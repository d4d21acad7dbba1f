"""The form for a campaign: what it offers, what is filled in, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.campaigns.campaign import LONGEST_NAME, Problem
from dashboard.entry.look import Look
from dashboard.names import IN_A_LIST, shortened
from dashboard.source import Source
from dashboard.text import Text
from geo.errors import NotFoundError

FIELDS = ("name", "area", "from", "to", "category", "channel")
MOST_AREAS = 400
"""So many areas are offered; a narrower one comes along from the map."""

_FIELD_OF: dict[Problem, str] = {"order": "to", "length": "to"}


def form_of(
    source: Source, given: Mapping[str, str], problem: Problem | None, look: Look
) -> dict[str, Any]:
    """Describe the form.

    Args:
        source: what there is to choose from.
        given: what was filled in, also by a link from the map.
        problem: what is wrong with it.
        look: language and theme.
    """
    _ = look.text
    groups = _groups(source, _)
    wanted = given.get("area", "")
    if wanted and wanted not in [area["code"] for group in groups for area in group["areas"]]:
        try:
            area = source.area(wanted)
            groups[0]["areas"].append(_option(area.code, _.name(area)))
        except NotFoundError:
            # Another than the one asked for is chosen by somebody, not by a browser.
            choose = _("Choose an area in your scope.")
            groups[0]["areas"].insert(0, {"code": "", "name": choose, "short": choose})
    return {"groups": groups} | own_form(source, given, problem, look)


def own_form(
    source: Source, given: Mapping[str, str], problem: Problem | None, look: Look
) -> dict[str, Any]:
    """Describe the form for a campaign whose area is settled; arguments as of ``form_of``."""
    words = problem_words(problem, look.text) if problem else ""
    return {
        "categories": _terms(source, "category", given, look.text),
        "channels": _terms(source, "channel", given, look.text),
        "given": {name: given.get(name, "") for name in FIELDS},
        "longest_name": LONGEST_NAME,
        "wrong": {_FIELD_OF.get(problem, problem): words} if problem else {},
    }


def filled(given: Mapping[str, str]) -> dict[str, str]:
    """Return what was filled in, to be kept in an address."""
    return {name: given[name] for name in FIELDS if given.get(name)}


def problem_words(problem: Problem, _: Text) -> str:
    """Say what is wrong with a field, and what was expected."""
    day = _("Write a date from 1990 to 2199 as year-month-day, for example 2026-03-01.")
    return {
        "name": _("Write a name of 1 to 80 letters, without control characters."),
        "area": _("Choose an area in your scope."),
        "from": day,
        "to": day,
        "order": _("The last day is before the first day."),
        "length": _("A campaign lasts at most three years: choose days closer to each other."),
        "category": _("Choose a category from the list."),
        "channel": _("Choose a channel from the list."),
    }[problem]


def _groups(source: Source, _: Text) -> list[dict[str, Any]]:
    """The viewer's own area with the level below it, and the next level under each of those.

    Areas of one name are told apart by their group.
    """
    near, further = _offered(source)
    first = []
    for row in near:
        area = source.areas.found(row)
        level = _.term(source.hierarchy.level(area.level))
        first.append(_option(area.code, _.name(area), level))
    groups: dict[int, list[dict[str, str]]] = {}
    for row in further:
        area = source.areas.found(row)
        parent = source.picture.lineage.path(row)[-1]
        groups.setdefault(parent, []).append(_option(area.code, _.name(area)))
    return [
        {"name": "", "areas": first},
        *(
            {"name": shortened(_.name(source.areas.found(parent)), IN_A_LIST), "areas": areas}
            for parent, areas in groups.items()
        ),
    ]


def _offered(source: Source) -> tuple[list[int], list[int]]:
    """Rows of the viewer's area and of the level below, and of the one below that.

    A level is left out with which there would be too many.
    """
    lineage = source.picture.lineage
    home = lineage.row(source.home)
    near, further = [home], []
    for depth, slot in enumerate(lineage.below(home)[:2]):
        # What stands in for a missing level was offered with the level it is of.
        inside = [row for row in lineage.features(slot, home).tolist() if row not in near]
        if len(near) + len(inside) > MOST_AREAS:
            break
        if depth == 0:
            near += inside
        else:
            further = inside
    return near, further


def _option(code: str, name: str, level: str = "") -> dict[str, str]:
    short = shortened(name, IN_A_LIST)
    return {"code": code, "name": name, "short": f"{short} · {level}" if level else short}


def _terms(source: Source, kind: str, given: Mapping[str, str], _: Text) -> list[dict[str, str]]:
    """The terms to choose from; one that is gone stays chosen, so that nobody saves "all"."""
    terms = [{"code": term.code, "name": _.term(term)} for term in source.terms(kind)]
    chosen = given.get(kind, "")
    if chosen and chosen not in [term["code"] for term in terms]:
        terms.append({"code": chosen, "name": chosen})
    return terms
