"""The children of the area, ranked: a table whose head sorts and whose rows drill."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from dashboard import ids
from dashboard.comparing.state import CompareState
from dashboard.components import markup as html
from dashboard.components.attributes import aria, data
from dashboard.components.gridmap import units
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.text import Text
from dashboard.visit import Visit
from geo.chance import beyond_chance
from geo.ratios import rate_ratios

MAX_ROWS = 100
_FIGURES = ("count", "density", "rate")


def ranked(children: pd.DataFrame, before: pd.DataFrame | None, sort: str) -> pd.DataFrame:
    """Add what is compared, and put the rows in order.

    Args:
        children: area_id, code, name, name_en, count, population, area_km2.
        before: the same for the period before, or ``None`` when it has no data.
        sort: a column: name upwards, every other downwards.

    Returns:
        The rows with density (per km²), rate (per 1,000 people), change (relative to the
        period before; ``NaN`` where that was zero or unknown) and is_distinct, whether
        chance does not explain the change among so many rows. Rows that lack the figure
        come last, ties go by code.
    """
    table = children.copy()
    table["density"] = table["count"] / table["area_km2"].where(table["area_km2"] > 0)
    table["rate"] = 1000 * table["count"] / table["population"].where(table["population"] > 0)
    table["change"], table["is_distinct"] = np.nan, False
    if before is not None:
        earlier = table["code"].map(before.set_index("code")["count"])
        table["change"] = (table["count"] - earlier) / earlier.where(earlier > 0)
        table["is_distinct"] = beyond_chance(rate_ratios(table["count"], earlier).p)
    return table.sort_values(
        [sort, "code"], ascending=[sort == "name", True], na_position="last", ignore_index=True
    )


def ranking_block(visit: Visit, table: pd.DataFrame) -> list[Any]:
    """Build the table of a visit from ``ranked`` rows."""
    _, level = visit.text, visit.hierarchy.level(visit.area.child_level or visit.area.level)
    title = html.H2([_.term(level), " ", _quiet(_.number(len(table)))], className="block-title")
    shown = _with_words(visit, table.head(MAX_ROWS))
    ranks = [_rank_words(rank, visit.text) for rank in places(table, sort_of(visit))]
    rows = [_row(visit, rank, row) for rank, row in zip(ranks, shown, strict=False)]
    body = html.Table(
        [html.Thead(html.Tr(_head(visit))), html.Tbody(rows)],
        id=ids.RANKING,
        className="ranking",
        **aria(label=_("Ranking of the areas below")),
    )
    more = [] if len(table) <= MAX_ROWS else [_more(len(table), _)]
    return [html.Div([title, *_compare(visit)], className="block-head"), body, *more]


def _compare(visit: Visit) -> list[Markup]:
    """Lead to the ranks of this period beside those of the one before; none are published."""
    _, state = visit.text, visit.state
    if state.publish:
        return []
    before = CompareState(state, against="before").href(area=visit.area.code)
    return [link(_("Against the period before"), before, className="action compare-link")]


def sort_of(visit: Visit) -> str:
    """Return the column the ranking is sorted by; by default the metric on the map."""
    return (
        visit.state.sort
        if visit.state.sort in (*_FIGURES, "change", "name")
        else visit.state.metric
    )


def places(table: pd.DataFrame, sort: str) -> list[float]:
    """Number rows from the top; equal figures share a place, rows without one have ``NaN``."""
    if sort == "name":
        return [float(n + 1) for n in range(len(table))]
    found: list[float] = table[sort].rank(method="min", ascending=False).tolist()
    return found


def _rank_words(rank: float, _: Text) -> str:
    return "–" if pd.isna(rank) else _.number(rank)


def decimals(largest: float) -> int:
    """Return how many decimals a column needs, so that all its rows line up."""
    return next((n for n, least in ((0, 1000), (1, 100), (2, 1)) if largest >= least), 3)


def _columns(_: Text) -> dict[str, tuple[str, str]]:
    """Return for each column its head and what the head stands for."""
    long = units(_)
    return {
        "name": (_("Name"), _("Name")),
        "count": (_("Number"), long["count"]),
        "density": (_("per km²"), long["density"]),
        "rate": (_("per 1,000"), long["rate"]),
        "change": (_("Change"), _("against the period before")),
    }


def _head(visit: Visit) -> list[Markup]:
    _, current = visit.text, sort_of(visit)
    heads = [html.Th(html.Span(_("Rank"), className="unseen"), scope="col")]
    for key, (words, meaning) in _columns(_).items():
        attributes: dict[str, Any] = {"scope": "col", "title": meaning}
        arrow = ""
        if key == current:
            attributes["aria-sort"] = "ascending" if key == "name" else "descending"
            arrow = " ↑" if key == "name" else " ↓"
        sort = "value" if key == visit.state.metric else key
        heads.append(html.Th(link(words + arrow, visit.href(sort=sort)), **attributes))
    return heads


def _with_words(visit: Visit, table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    """Add to each row its figures in words, and its share of the largest as a bar."""
    number, metric = visit.text.number, visit.state.metric
    largest = table[metric].max()
    words = {"bar": table[metric] / largest if largest > 0 else table[metric] * np.nan}
    withheld = table["count"].isna() & visit.state.publish
    for key in _FIGURES:
        digits = 0 if key == "count" else decimals(table[key].max())
        written = table[key].map(
            # Nothing at all is none, not a very small figure.
            lambda value, digits=digits: (
                "–" if pd.isna(value) else number(value, digits if value else 0)
            )
        )
        words[f"{key}_words"] = written.mask(withheld, visit.text("withheld"))
    return table.assign(**words).to_dict("records")


def _row(visit: Visit, rank: str, row: dict[Hashable, Any]) -> Markup:
    _ = visit.text
    english = visit.state.lang == "en" and isinstance(row["name_en"], str)
    name = row["name_en"] if english else row["name"]
    cells = [
        html.Td(rank),
        html.Td(link(_.within(name, visit.area), visit.href(area=row["code"])), title=name),
        *(_figure(visit, metric, row) for metric in _FIGURES),
        _change(row["change"], bool(row["is_distinct"]), _),
    ]
    return html.Tr(cells, **data(area_id=str(row["area_id"])))


def _figure(visit: Visit, metric: str, row: dict[Hashable, Any]) -> Markup:
    words, bar = row[f"{metric}_words"], row["bar"]
    if metric != visit.state.metric or pd.isna(bar):
        return html.Td(words)
    mark = html.Span(className="spark", style={"width": f"{100 * bar:.0f}%"})
    return html.Td([words, mark], className="current")


def _change(share: float, is_distinct: bool, _: Text) -> Markup:
    if pd.isna(share):
        return html.Td("–", className="quiet")
    if share == 0:
        return html.Td("=", className="quiet")
    words = html.Span(_("more") if share > 0 else _("fewer"), className="unseen")
    said = [html.B("▲ " if share > 0 else "▼ "), _.percent(abs(share)), words]
    if not is_distinct:
        return html.Td(
            said, className="change by-chance", title=_("Not distinguishable from chance")
        )
    return html.Td(said, className="change worse" if share > 0 else "change better")


def _more(rows: int, _: Text) -> Markup:
    words = _("The first {shown} of {all}.", shown=_.number(MAX_ROWS), all=_.number(rows))
    return html.P(words, className="more")


def _quiet(words: str) -> Markup:
    return html.Span(words, className="quiet")
