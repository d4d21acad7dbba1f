"""The panel: key figures, trend, ranking and composition; its skeleton and its failure."""

from __future__ import annotations

from typing import Any

import pandas as pd
from dash import html

from dashboard.components.attributes import aria, data
from dashboard.components.composition import composition_block
from dashboard.components.kpi import kpi
from dashboard.components.ranking import ranked, ranking_block, sort_of
from dashboard.components.trend import trend_block
from dashboard.text import Text
from dashboard.visit import Visit


def panel(visit: Visit) -> list[Any]:
    """Build the blocks of a visit; without data only the reason why."""
    code, source = visit.area.code, visit.source
    blocks: list[Any] = [kpi(visit, source.summary(code, visit.filters))]
    if not visit.has_data:
        return blocks
    trend = source.trend(code, visit.filters)
    blocks.append(trend_block(trend, visit.state.theme, visit.text))
    if visit.area.child_level:
        blocks.append(ranking_block(visit, _ranking(visit)))
    blocks.append(composition_block(visit, source.composition(code, visit.filters)))
    return blocks


def skeleton() -> list[html.Section]:
    """Build the panel's shape before anything is known."""
    rows = [html.Div(className="skeleton row") for _ in range(8)]
    parts = [
        [html.Div(className="skeleton number"), html.Div(className="skeleton text")],
        [html.Div(className="skeleton chart")],
        rows,
    ]
    return [html.Section(part, className="block", **aria(hidden="true")) for part in parts]


def failure(_: Text) -> list[Any]:
    """Say that the panel could not be refreshed, and how to try again."""
    return [
        html.B(_("The figures could not be refreshed.")),
        " ",
        html.Span(_("What is shown may be out of date.")),
        " ",
        html.Button(_("Try again"), className="action", type="button", **data(retry="")),
    ]


def remarks(visit: Visit) -> list[Any]:
    """Say what of the address was not understood."""
    _ = visit.text
    if visit.strayed:
        return [html.Span(_("No area {code} lies in view.", code=visit.state.area))]
    if visit.notes:
        names = ", ".join(visit.notes)
        return [html.Span(_("Not understood in the address: {names}", names=names))]
    return []


def _ranking(visit: Visit) -> pd.DataFrame:
    source, filters = visit.source, visit.filters
    before = filters.during(filters.days.before())
    known = before.days.since >= visit.coverage.since
    children = source.children(visit.area.code, filters)
    earlier = source.children(visit.area.code, before) if known else None
    return ranked(children, earlier, sort_of(visit))
