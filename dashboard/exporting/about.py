"""What the figures of a file are of: area, period, filters, source, and how far the data goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.components.footer import credits_line
from dashboard.location_words import location_lines
from dashboard.publishing.words import notice
from dashboard.state import filter_parameters
from dashboard.text import Text
from dashboard.visit import Visit


@dataclass(frozen=True)
class About:
    """What a table's figures are of.

    Attributes:
        title: of the file.
        as_of: the moment the data speaks of.
        caption: the least of it, on one line above a table.
        notes: what a sheet is called that holds the lines.
        lines: all of it: headings and what they say, for people.
        in_rows: name, heading and value of what each row repeats where there is no header.
    """

    title: str
    as_of: datetime | None
    caption: str
    notes: str
    lines: tuple[tuple[str, str], ...]
    in_rows: tuple[tuple[str, str, str], ...]


def about(visit: Visit) -> About:
    """Say what a visit's figures are of."""
    _ = visit.text
    title = _("{area} by {level}", area=_.name(visit.area), level=_.term(visit.layer))
    return About(
        title,
        visit.source.picture.as_of,
        caption(visit, notes_name(_)),
        notes_name(_),
        tuple(about_lines(visit)),
        tuple(_in_rows(visit)),
    )


def notes_name(_: Text) -> str:
    """Name the sheet that says what the figures of the others are of."""
    return _("About these figures")


def caption(
    visit: Visit, notes: str, remarks: Sequence[str] = (), *, of_all_days: bool = False
) -> str:
    """Say on one line what a table's figures are of: period, filters, and where the rest is said.

    Args:
        visit: the area, the days, and what is counted.
        notes: name of the sheet that says the rest.
        remarks: what else is to be known of the table.
        of_all_days: whether what is counted is what there is as of now, whenever it occurred.
    """
    _ = visit.text
    chosen = filter_parameters(visit.state)
    lines = [
        (_("Data"), as_of_words(visit)) if of_all_days else (_("Period"), _.days(visit.days)),
        *((heading, words) for key, heading, words in filters_in_words(visit) if key in chosen),
        *((_("Remark"), words) for words in remarks),
        *([(_("Publishable"), notice(visit))] if visit.state.publish else []),
        (_("How located, how sure, from where"), _("see the sheet “{name}”", name=notes)),
    ]
    return " | ".join(f"{heading}: {words}" for heading, words in lines)


def about_lines(visit: Visit) -> list[tuple[str, str]]:
    """Say it in lines: area, period, filters, location, data, definitions, origin."""
    _, area = visit.text, visit.area
    path = [*(_.name(step) for step in area.parents), _.name(area)]
    return [
        (_("Area"), f"{' › '.join(path)} ({area.code})"),
        (_("Period"), _.days(visit.days)),
        *((heading, chosen) for _key, heading, chosen in filters_in_words(visit)),
        *((_("Location"), line) for line in location_lines(visit)),
        (_("Data"), as_of_words(visit)),
        *_how_made(visit),
        (_("Origin of the data"), credits_line(visit) or "gridboard"),
    ]


def _how_made(visit: Visit) -> list[tuple[str, str]]:
    """Say how sure the figures are; of publishable ones, how they were rounded and withheld."""
    _ = visit.text
    if visit.state.publish:
        return [(_("Publishable"), notice(visit))]
    limits = _("Exact Poisson limits, 95%, the number of people taken as known.")
    return [(_("Intervals"), limits)]


def as_of_words(visit: Visit) -> str:
    """Say of which moment the data speaks, and over which days there is any."""
    _, as_of = visit.text, visit.source.picture.as_of
    if as_of is None:
        return _("No data yet")
    days = _.days(visit.coverage)
    return _("as of {moment}, covering {days}", moment=_.moment(as_of), days=days)


def filters_in_words(visit: Visit) -> list[tuple[str, str, str]]:
    """Name the terms that are counted: key, heading, and their names or that it is all."""
    _, state = visit.text, visit.state
    kinds: Sequence[tuple[str, str, tuple[str, ...]]] = (
        ("category", _("Category"), state.categories),
        ("channel", _("Channel"), state.channels),
        ("status", _("Status"), state.statuses),
    )
    return [(key, heading, _chosen(visit, key, codes)) for key, heading, codes in kinds]


def _chosen(visit: Visit, kind: str, codes: tuple[str, ...]) -> str:
    _ = visit.text
    if not codes:
        return _("All")
    names = [_.term(term) for term in visit.source.terms(kind) if term.code in codes]
    return " · ".join(names)


def _in_rows(visit: Visit) -> list[tuple[str, str, str]]:
    _, as_of = visit.text, visit.source.picture.as_of
    return [
        ("level", _("Level"), visit.layer.key),
        ("first_day", _("First day"), visit.days.since.isoformat()),
        ("last_day", _("Last day"), visit.days.last.isoformat()),
        *filters_in_words(visit),
        *([("publishable", _("Publishable"), notice(visit))] if visit.state.publish else []),
        ("as_of", _("As of"), as_of.isoformat(timespec="minutes") if as_of else ""),
    ]
