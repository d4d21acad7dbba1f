"""What stands above the two maps: what each shows, and what can be chosen instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dashboard import ids
from dashboard.answers import Found
from dashboard.comparing.comparison import Comparison, Side
from dashboard.comparing.scenes import shows_change
from dashboard.comparing.state import AGAINST
from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.gridmap import metrics
from dashboard.components.links import button, link, segments
from dashboard.components.markup import Markup
from dashboard.components.menu import DateRange, Menu, date_range
from dashboard.components.search import search_results
from dashboard.state import format_url

MARKS = ("A", "B")
FOUND = 20
_WRITES = ("from2", "to2", "against", "with")
_ASKED = 200


def bar(comparison: Comparison) -> list[Any]:
    """Build the choices that hold for both sides."""
    _, state = comparison.text, comparison.state
    here = comparison.first
    shown = [
        link(name, here.href(metric=metric), current=metric == state.first.metric)
        for metric, name in metrics(_).items()
    ]
    return [
        segments(_("What is compared"), _modes(comparison)),
        *_shows(comparison),
        *([] if shows_change(comparison) else [segments(_("Metric"), shown)]),
        *_per(comparison),
        *_layers(comparison),
        button("⇄", comparison.swapped, _("Swap both sides")),
    ]


def head(comparison: Comparison, which: int) -> list[Any]:
    """Build the head of a side: its letter, its area and its days."""
    _, side = comparison.text, comparison.sides[which]
    name = _.name(side.area)
    way = link(name, format_url(side.state), title=" · ".join((name, _("Open on the map"))))
    title = html.H2(way, className="compare-name")
    if which and not comparison.of_areas:
        return [badge(which), _other_days(comparison)]
    return [badge(which), title, html.Span(_.days(side.days), className="quiet")]


def badge(which: int) -> Markup:
    """Build the letter of a side, in the colour of its line in the chart."""
    return html.B(MARKS[which], className=f"badge {('first', 'second')[which]}")


def side_label(comparison: Comparison, which: int) -> str:
    """Name a side in a few words: the area, or the days."""
    _, side = comparison.text, comparison.sides[which]
    return _.name(side.area) if comparison.of_areas else _.days(side.days)


def found_first(comparison: Comparison, query: str) -> list[dict[str, Any]]:
    """Find areas that the first side could show, each with the address that does."""
    found = comparison.source.search(query, FOUND) if query else []
    state = comparison.state
    slot = comparison.first.area.slot

    def href(area: Found) -> str:
        keeps = area.slot == slot and area.code != state.other
        first = replace(state.first, area=area.code, at=None)
        return state.with_(first=first, other=state.other if keeps else "").href()

    return _results(comparison, found, href)


def found_second(comparison: Comparison, query: str) -> list[dict[str, Any]]:
    """Find areas of the first side's level that the second one could show."""
    area = comparison.first.area
    found = comparison.source.search(query, _ASKED) if query else []
    fitting = [one for one in found if one.slot == area.slot and one.code != area.code]
    state = comparison.state
    return _results(comparison, fitting[:FOUND], lambda one: state.with_(other=one.code).href())


def _results(comparison: Comparison, found: list[Found], href: Any) -> list[dict[str, Any]]:
    shown = search_results(found, comparison.source.hierarchy, comparison.text)
    # Chosen later, perhaps, than something else: see assets/links.js.
    drawn = [comparison.state.href()] * 2
    return [
        words | {"href": href(area), "drawn": drawn}
        for words, area in zip(shown, found, strict=True)
    ]


def _modes(comparison: Comparison) -> list[Markup]:
    _, state = comparison.text, comparison.state
    other = state.other or comparison.peer
    periods = link(_("Two periods"), state.with_(other="").href(), current=not comparison.of_areas)
    if not other:
        why = _("No other area of this level is in view")
        return [periods, html.A(_("Two areas"), role="link", title=why, **aria(disabled="true"))]
    areas = link(_("Two areas"), state.with_(other=other).href(), current=comparison.of_areas)
    return [periods, areas]


def _per(comparison: Comparison) -> list[Markup]:
    """Build the choice of whom rates are of, where there are any."""
    _, state, side = comparison.text, comparison.state.first, comparison.first
    if state.metric != "rate" and not comparison.of_areas:
        return []
    names = {"people": _("per people"), "households": _("per household")}
    choices = [
        link(name, side.href(per=per), current=per == state.per) for per, name in names.items()
    ]
    return [segments(_("Set against"), choices)]


def _shows(comparison: Comparison) -> list[Markup]:
    """Build the choice between two maps and one of the change, which two areas do not have."""
    if comparison.of_areas:
        return []
    _, state = comparison.text, comparison.state
    names = {"both": _("Two maps"), "change": _("Change map")}
    choices = [
        link(name, state.with_(show=show).href(), current=show == state.show)
        for show, name in names.items()
    ]
    return [segments(_("View"), choices)]


def _layers(comparison: Comparison) -> list[Markup]:
    _, first, second = comparison.text, *comparison.sides
    keys = [key for key in first.area.layers if key in second.area.layers]
    if len(keys) < 2:
        return []
    choices = [
        link(
            _.term(first.hierarchy.level(key)),
            first.href(layer="" if key == first.area.child_level else key),
            current=key == first.layer.key,
        )
        for key in keys
    ]
    return [segments(_("Level shown"), choices)]


def _other_days(comparison: Comparison) -> Menu:
    """Build the choice of the days compared with."""
    _, state, side = comparison.text, comparison.state, comparison.second
    names = {"year": _("A year before"), "before": _("Just before")}
    choices = [
        link(
            [html.Span(className="tick round", **aria(hidden="true")), names[against]],
            state.with_(against=against, days=None).href(),
            current=not state.days and against == state.against,
        )
        for against in AGAINST
    ]
    value = _.days(side.days)
    return Menu(
        [*choices, html.Hr(), _range(side)],
        id=ids.MENU_OTHER_DAYS,
        label=_("Other days") if state.days else names[state.against],
        value=value,
    )


def _range(side: Side) -> DateRange:
    _ = side.text
    apply = _("Compare with these")
    return date_range(ids.OTHER_DATE_RANGE, side.days, side.coverage, apply, _, _WRITES)
