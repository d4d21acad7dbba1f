"""What groups of peers, verdicts and beginnings are called."""

from __future__ import annotations

from math import isinf

from dashboard.peers.answers import Group, Since
from dashboard.peers.kinds import UNKNOWN
from dashboard.text import Text
from dashboard.visit import Visit


def kind_names(_: Text) -> dict[str, str]:
    """Name the kinds of areas, in the plural."""
    return {
        "prefecture": _("prefectures"),
        "district": _("urban districts"),
        "county": _("counties"),
        "county_city": _("county-level cities"),
        "subdistrict": _("subdistricts"),
        "town": _("towns"),
        "township": _("townships"),
        "other": _("township-like units"),
        "community": _("communities"),
        "village": _("villages"),
        "basic-urban": _("cells in town"),
        "basic-rural": _("cells in the country"),
        "special-urban": _("special cells in town"),
        "special-rural": _("special cells in the country"),
        f"basic-{UNKNOWN}": _("cells"),
        f"special-{UNKNOWN}": _("special cells"),
        "special": _("special areas"),
    }


def verdict_words(_: Text) -> dict[str, str]:
    """Say what an area is against its peers."""
    return {
        "above": _("▲ above its peers"),
        "below": _("▼ below its peers"),
        "alike": _("not distinguishable from its peers"),
        "few": _("too few incidents to judge"),
        "alone": _("nothing to compare with"),
    }


def group_title(visit: Visit, group: Group) -> str:
    """Name a group by kind and size, such as ``small towns``."""
    _ = visit.text
    level = visit.hierarchy.at(group.slot)
    plain = _.term(level) if level else ""
    kind = plain if group.kind == UNKNOWN else kind_names(_).get(group.kind, group.kind)
    if group.band is None:
        return kind
    sizes = {
        "small": _("small {kind}", kind=kind),
        "medium": _("medium-sized {kind}", kind=kind),
        "large": _("large {kind}", kind=kind),
    }
    return sizes[group.band]


def people_words(_: Text, group: Group, per: str) -> str:
    """Say how many areas a group has, and from how many people to how many."""
    areas = _("{n} areas", n=_.number(len(group.peers)))
    least, most = _.number(group.people_from), _.number(group.people_to)
    people = (
        _("{least} to {most} people", least=least, most=most)
        if per == "people"
        else _("{least} to {most} households", least=least, most=most)
    )
    return f"{areas} · {people}"


def since_words(_: Text, since: Since) -> str:
    """Say since when an area is above its peers, or that it was so all along, by which months."""
    first, last = (f"{day:%Y-%m}" for day in (since.first_day, since.last_month))
    after, before = (
        "∞" if isinf(ratio) else _.number(ratio, 1) for ratio in (since.after, since.before)
    )
    if since.day is None:
        return _(
            "In all {n} whole months from {first} to {last}: {after} times.",
            n=_.number(since.months),
            first=first,
            last=last,
            after=after,
        )
    return _(
        "Since {day} {after} times, before that {before} times (whole months {first} to {last}).",
        day=_.day(since.day),
        after=after,
        before=before,
        first=first,
        last=last,
    )
