"""How the period stands against the year and the period before, and how sure that is."""

from __future__ import annotations

import math
from typing import Any

from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.text import Text
from dashboard.timing.answers import Changed
from geo.ratios import Ratio


def changed_block(found: tuple[Changed, ...], _: Text) -> list[Any]:
    """Build the comparisons with earlier days."""
    title = html.H2(_("Against earlier periods"), className="block-title")
    rests = _("Intervals take incidents to come independently of each other.")
    return [
        html.Div(title, className="block-head"),
        *[_comparison(each, _) for each in found],
        html.P(rests, className="quiet time-note"),
    ]


def verdict(ratio: Ratio, _: Text) -> str:
    """Say whether chance explains a difference."""
    if not ratio.is_distinct:
        return _("Not distinguishable from chance")
    return _("More than chance explains") if ratio.low > 1 else _("Fewer than chance explains")


def signed_percent(ratio: float, _: Text) -> str:
    """Write a ratio as a change: +12 %, -3 %; what has no upper limit says so."""
    if math.isinf(ratio):
        return _("no limit")
    return f"{'+' if ratio > 1 else '−' if ratio < 1 else '±'}{_.percent(abs(ratio - 1))}"


def _comparison(found: Changed, _: Text) -> Markup:
    name = _("The year before") if found.kind == "year" else _("The period before")
    days = html.Span(_.days(found.then_days), className="quiet time-days")
    head = html.Div([html.B(name), " ", days])
    if found.then is None or found.ratio is None:
        none = html.P(_("no data for these days"), className="quiet")
        return html.Div([head, none], className="time-row")
    sizes = html.Span(
        [
            _.number(found.then),
            " → ",
            _.number(found.now),
            " ",
            html.Span(_("incidents"), className="quiet unit"),
        ]
    )
    return html.Div(
        [head, html.Div([sizes, _change(found, found.ratio, _)], className="time-figures")],
        className="time-row",
    )


def _change(found: Changed, ratio: Ratio, _: Text) -> Markup:
    if math.isnan(ratio.ratio):
        return html.Span(_("none then, none now"), className="quiet")
    if math.isinf(ratio.ratio):
        return html.Span([_("none then"), " · ", verdict(ratio, _)], className="quiet")
    look = "worse" if ratio.low > 1 else "better" if ratio.high < 1 else "alike"
    limits = _(
        "(95% interval {low} to {high})",
        low=signed_percent(ratio.low, _),
        high=signed_percent(ratio.high, _),
    )
    a_day = [_(" a day")] if len(found.days) != len(found.then_days) else []
    return html.Span(
        [
            html.B(signed_percent(ratio.ratio, _)),
            *a_day,
            " ",
            html.Span(limits, className="quiet"),
            html.Span(verdict(ratio, _), className="time-verdict"),
        ],
        className=f"change {look}",
    )
