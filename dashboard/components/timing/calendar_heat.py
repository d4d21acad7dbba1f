"""The hours of the week as a table: how many incidents at which hour of which weekday."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from babel.dates import get_day_names

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.markup import Markup
from dashboard.hours import HOURS, WEEKDAYS, WeekHours
from dashboard.text import Text

CLASSES = 7
MOST_NAMED = 3
"""So many hours that are equally busy are named; where there are more, none stands out."""


def hours_block(found: WeekHours, _: Text) -> list[Any]:
    """Build the table of weekday and hour, the busiest hour in words, and what it leaves out."""
    title = html.H2(
        [_("Weekday and hour"), " ", html.Span(_("incidents"), className="quiet")],
        className="block-title",
    )
    head = html.Div(title, className="block-head")
    if not found.total:
        return [head, html.P(_("Nothing was reported that fits these filters."), className="quiet")]
    table = html.Table(
        [
            html.Thead(html.Tr(_heads(_))),
            html.Tbody([_hour(found, hour, _) for hour in range(HOURS)]),
            *_sums(found, _),
        ],
        className="hours",
        **aria(label=_("Incidents by weekday and hour of the day")),
    )
    return [head, *_busiest(found, _), table, *_without_time(found, _)]


def shade(count: int, largest: int) -> int:
    """Return the class of a count, 1 to ``CLASSES`` in equal steps up to the largest; 0 of none."""
    return math.ceil(CLASSES * count / largest) if count else 0


def _names(_: Text) -> list[str]:
    names = get_day_names("abbreviated", locale=_.locale)
    return [names[day] for day in range(WEEKDAYS)]


def _heads(_: Text) -> list[Markup]:
    hour = html.Th(_("Hour"), scope="col")
    return [hour, *[html.Th(name, scope="col") for name in _names(_)]]


def _hour(found: WeekHours, hour: int, _: Text) -> Markup:
    largest = int(found.counts.max())
    cells = [html.Th(f"{hour:02}", scope="row")]
    for day in range(WEEKDAYS):
        if not found.days[day]:
            cells.append(html.Td("–", className="none", title=_("no such day in the period")))
            continue
        count = int(found.counts[day, hour])
        cells.append(html.Td(_.number(count), className=f"h{shade(count, largest)}"))
    return html.Tr(cells)


def _sums(found: WeekHours, _: Text) -> list[Markup]:
    """Rows below the hours: all of a weekday, how many such days there are, and a day's mean."""
    totals = found.counts.sum(axis=1) + found.without_time
    rows = [
        (_("All"), [_.number(int(each)) for each in totals]),
        (_("Days"), [_.number(int(each)) for each in found.days]),
        (
            _("A day"),
            [
                _.number(total / days, 1) if days else "–"
                for total, days in zip(totals, found.days, strict=True)
            ],
        ),
    ]
    return [
        html.Tbody(
            [
                html.Tr([html.Th(name, scope="row"), *[html.Td(each) for each in cells]])
                for name, cells in rows
            ],
            className="sums",
        )
    ]


def _busiest(found: WeekHours, _: Text) -> list[Markup]:
    known = int(found.counts.sum())
    if not known:
        return []
    most = int(found.counts.max())
    hours = [_hour_words(int(at), _) for at in np.flatnonzero(found.counts == most)]
    counts = {"count": _.number(most), "all": _.number(known)}
    if len(hours) == 1:
        words = _("Busiest: {hour}, {count} of {all} incidents.", hour=hours[0], **counts)
    elif len(hours) <= MOST_NAMED:
        each = _.joined(hours)
        words = _("Busiest: {hours}, each {count} of {all} incidents.", hours=each, **counts)
    else:
        n = _.number(len(hours))
        words = _("No hour stands out: {n} have {count} of {all} incidents each.", n=n, **counts)
    return [html.P(words)]


def _hour_words(at: int, _: Text) -> str:
    """Name an hour of the week by its number."""
    day, hour = divmod(at, HOURS)
    return f"{_names(_)[day]} {hour:02}:00–{hour + 1:02}:00"


def _without_time(found: WeekHours, _: Text) -> list[Markup]:
    unknown = int(found.without_time.sum())
    if not unknown:
        return []
    words = _(
        "Without a time of day, and so in no hour: {n} incidents.",
        n=_.number(unknown),
    )
    return [html.P(words, className="quiet time-note")]
