"""Since when an area departs from what is expected, in sentences with their numbers."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.text import Text
from dashboard.timing.answers import Departure, Standing

_PAST = 2
"""So many departures that have ended are told."""


def departed_block(found: Standing | None, _: Text) -> list[Any]:
    """Build what is said about the last year against what was expected of it."""
    title = html.H2(_("Against what is expected"), className="block-title")
    head = html.Div(title, className="block-head")
    if found is None:
        return [head, html.P(too_little(_), className="quiet")]
    lasting = found.lasting
    first = (
        html.P(departure_sentence(lasting, _), className=f"time-now {_look(lasting, found)}")
        if lasting
        else html.P(_("It is now as expected: no departure lasts."), className="time-now")
    )
    past = [each for each in found.departures if not each.is_lasting][:_PAST]
    return [head, first, *[_past(each, _) for each in past], _basis(found, _)]


def departure_sentence(found: Departure, _: Text) -> str:
    """Say when, how many, how many were expected, and how sure it is."""
    values = {
        "since": _.day(found.days.since),
        "days": _.days(found.days),
        "observed": _.number(found.observed),
        "expected": _.number(found.expected, 0 if found.expected >= 10 else 1),
        "chance": _.percent(found.p),
    }
    if found.is_lasting and found.is_more:
        message = _(
            "Since {since} more than expected: {observed} incidents where {expected} were"
            " expected (probability by chance {chance}).",
            **values,
        )
    elif found.is_lasting:
        message = _(
            "Since {since} fewer than expected: {observed} incidents where {expected} were"
            " expected (probability by chance {chance}).",
            **values,
        )
    elif found.is_more:
        message = _(
            "{days} more than expected, now over: {observed} incidents where {expected} were"
            " expected (probability by chance {chance}).",
            **values,
        )
    else:
        message = _(
            "{days} fewer than expected, now over: {observed} incidents where {expected} were"
            " expected (probability by chance {chance}).",
            **values,
        )
    return message


def too_little(_: Text) -> str:
    """Say why nothing is expected."""
    return _(
        "Too little earlier data to expect anything: 8 weeks before the days judged are needed."
    )


def _past(found: Departure, _: Text) -> Markup:
    return html.P(departure_sentence(found, _), className="quiet")


def _basis(found: Standing, _: Text) -> Markup:
    names = {"weekday": _("weekday"), "season": _("season"), "trend": _("trend")}
    known = [names[part] for part in found.parts]
    words = _(
        "Searched: {searched}. Expected from {learned} by {known}; moving holidays are not known.",
        searched=_.days(found.searched),
        learned=_.days(found.learned),
        known=_.joined(known or [_("their mean alone")]),
    )
    return html.P(
        words if found.knows_season else f"{words} {_season(_)}", className="quiet time-note"
    )


def _season(_: Text) -> str:
    return _(
        "The season is not known: it takes a whole year of earlier data, and enough incidents."
        " What departs may be a time of the year that is always so."
    )


def _look(departure: Departure, found: Standing) -> str:
    if not found.knows_season:
        return "alike"
    return "worse" if departure.is_more else "better"
