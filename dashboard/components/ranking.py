"""The children of the area, ranked: a table whose head sorts and whose rows drill."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard import ids
from dashboard.comparing.state import CompareState
from dashboard.components import markup as html
from dashboard.components.attributes import aria, data
from dashboard.components.gridmap import units
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.counts import Floats
from dashboard.scales import metric_values
from dashboard.text import Text
from dashboard.visit import Visit
from geo.chance import beyond_chance
from geo.ratios import by_chance

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
    names = ("count", "population", "area_km2")
    counts, people, area_km2 = (children[name].to_numpy(np.float64) for name in names)
    columns: dict[str, Any] = {str(name): column for name, column in children.items()}
    for metric in ("density", "rate"):
        columns[metric] = metric_values(metric, counts, people, area_km2)
    columns |= {"change": np.full(len(counts), np.nan), "is_distinct": np.zeros(len(counts), bool)}
    if before is not None:
        columns |= _changes(counts, _earlier(children, before))
    # From finished columns at once, and sorted as lists: a click ranks up to some hundred rows.
    table = pd.DataFrame(columns, copy=False)
    return table.take(_order(table, sort)).reset_index(drop=True)


def _earlier(children: pd.DataFrame, before: pd.DataFrame) -> Floats:
    counts = dict(zip(before["code"], before["count"], strict=True))
    return np.array([counts.get(code, np.nan) for code in children["code"]], np.float64)


def _changes(counts: Floats, earlier: Floats) -> dict[str, NDArray[Any]]:
    base = np.where(earlier > 0, earlier, np.nan)
    return {
        "change": (counts - earlier) / base,
        "is_distinct": beyond_chance(by_chance(counts, earlier)),
    }


def _order(table: pd.DataFrame, sort: str) -> list[int]:
    codes, values = table["code"].tolist(), table[sort].tolist()
    if sort == "name":
        return sorted(range(len(codes)), key=lambda at: (values[at], codes[at]))
    return sorted(
        range(len(codes)),
        # What is not known has no place among numbers.
        key=lambda at: (
            (True, 0, codes[at]) if math.isnan(values[at]) else (False, -values[at], codes[at])
        ),
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


def _with_words(visit: Visit, table: pd.DataFrame) -> list[dict[str, Any]]:
    """Add to each row its figures in words, and its share of the largest as a bar."""
    metric = visit.state.metric
    largest = table[metric].max()
    columns = {str(name): values.tolist() for name, values in table.items()}
    columns["bar"] = [value / largest if largest > 0 else np.nan for value in columns[metric]]
    withheld = visit.text("withheld") if visit.state.publish else "–"
    for key in _FIGURES:
        digits = 0 if key == "count" else decimals(table[key].max())
        columns[f"{key}_words"] = [
            withheld if math.isnan(count) else _figure_words(value, digits, visit.text)
            for count, value in zip(columns["count"], columns[key], strict=True)
        ]
    rows = zip(*columns.values(), strict=True)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _figure_words(value: float, digits: int, _: Text) -> str:
    # Nothing at all is none, not a very small figure.
    return "–" if math.isnan(value) else _.number(value, digits if value else 0)


def _row(visit: Visit, rank: str, row: dict[str, Any]) -> Markup:
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


def _figure(visit: Visit, metric: str, row: dict[str, Any]) -> Markup:
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
