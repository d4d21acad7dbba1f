"""The areas below and the categories, side by side: who moved up, what became more."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from dashboard.comparing.comparison import Comparison
from dashboard.comparing.pairs import category_pairs, child_pairs
from dashboard.components import markup as html
from dashboard.components.attributes import data
from dashboard.components.comparing.bar import badge, side_label
from dashboard.components.comparing.figures import pair_head, rate_unit
from dashboard.components.comparing.words import ratio_words
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.text import Text

MAX_ROWS = 100


def ranking(comparison: Comparison) -> list[Any]:
    """Build the areas below, ranked in both periods; two areas have none in common."""
    if comparison.of_areas or not comparison.first.area.child_level:
        return []
    _, table = comparison.text, child_pairs(comparison)
    level = comparison.first.hierarchy.level(comparison.first.area.child_level)
    rows = table.head(MAX_ROWS).to_dict("records")
    body = html.Table(
        [html.Thead(_head(comparison)), html.Tbody([_child(comparison, row) for row in rows])],
        className="pairs ranks",
    )
    title = [_.term(level), " ", html.Span(_("rank and incidents"), className="quiet")]
    return [_titled(title), body, *_more(len(table), _), _told(_)]


def categories(comparison: Comparison) -> list[Any]:
    """Build the categories of both sides."""
    _, table = comparison.text, category_pairs(comparison)
    if not len(table) or table[["first", "second"]].isna().all(axis=None):
        return []
    rows = [
        _pair(html.Th(_name(row, _), scope="row", title=_name(row, _)), row, _)
        for row in table.to_dict("records")
    ]
    body = html.Table([html.Thead(pair_head(comparison, "")), html.Tbody(rows)], className="pairs")
    unit = _("incidents")
    if comparison.of_areas:
        unit = _("incidents; differences {unit}", unit=rate_unit(comparison))
    title = [_("By category"), " ", html.Span(unit, className="quiet")]
    return [_titled(title), body, _told(_)]


def _head(comparison: Comparison) -> Markup:
    _ = comparison.text
    first, second = (
        html.Th(badge(which), scope="col", title=side_label(comparison, which), colSpan=2)
        for which in (0, 1)
    )
    against = _("A against B, 95 % interval")
    return html.Tr(
        [
            html.Th(_("Name"), scope="col"),
            first,
            second,
            html.Th(_("Places"), scope="col", title=_("Places moved up or down from B to A")),
            html.Th(against, scope="col"),
        ]
    )


def _child(comparison: Comparison, row: dict[Hashable, Any]) -> Markup:
    _, area = comparison.text, comparison.first.area
    english = _.lang == "en" and isinstance(row["name_en"], str)
    name = row["name_en"] if english else row["name"]
    cells = [
        html.Th(
            link(_.within(name, area), comparison.first.href(area=row["code"])),
            scope="row",
            title=name,
        ),
        html.Td(_figure(row["rank"], _), className="quiet"),
        html.Td(_figure(row["first"], _)),
        html.Td(_figure(row["other_rank"], _), className="quiet"),
        html.Td(_figure(row["second"], _)),
        html.Td(_moved(row["moved"], _)),
        html.Td(ratio_words(row["ratio"], row["low"], row["high"], row["distinct"], _)),
    ]
    return html.Tr(cells, **data(area_id=str(row["area_id"])))


def _pair(head: Markup, row: dict[Hashable, Any], _: Text) -> Markup:
    by = ratio_words(row["ratio"], row["low"], row["high"], row["distinct"], _)
    sides = [html.Td(_figure(row[side], _)) for side in ("first", "second")]
    return html.Tr([head, *sides, html.Td(by)])


def _name(row: dict[Hashable, Any], _: Text) -> str:
    return str(row["name_en"] if _.lang == "en" else row["name_zh"])


def _figure(value: float, _: Text) -> str:
    return "–" if pd.isna(value) else _.number(value)


def _moved(places: float, _: Text) -> Markup:
    """Say how many places an area rose in the ranking; to rise is to have become worse."""
    if pd.isna(places):
        return html.Span("–", className="quiet")
    if places == 0:
        return html.Span("=", className="quiet", title=_("The same place"))
    words = _("up") if places > 0 else _("down")
    return html.Span([f"{'↑' if places > 0 else '↓'} {_.number(abs(places))}", _unseen(words)])


def _unseen(words: str) -> Markup:
    return html.Span(words, className="unseen")


def _titled(title: list[Any]) -> Markup:
    return html.Div(html.H2(title, className="block-title"), className="block-head")


def _more(rows: int, _: Text) -> list[Markup]:
    if rows <= MAX_ROWS:
        return []
    words = _("The first {shown} of {all}.", shown=_.number(MAX_ROWS), all=_.number(rows))
    return [html.P(words, className="more")]


def _told(_: Text) -> Markup:
    """Say what the coloured differences are."""
    words = _("In colour: told from chance, at most 5 % of these falsely; the rest are not.")
    return html.P(words, className="more")
