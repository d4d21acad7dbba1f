"""Which categories the incidents are of; a row filters by its category."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.links import toggle
from dashboard.components.markup import Markup
from dashboard.visit import Visit


def composition_block(visit: Visit, counts: pd.DataFrame) -> list[Any]:
    """Build a bar per category, most frequent first, with its share of all."""
    _ = visit.text
    total, most = int(counts["count"].sum()), int(counts["count"].max() or 0) if len(counts) else 0
    rows = [_row(visit, row, total, most) for row in counts.to_dict("records")]
    title = html.H2(_("By category"), className="block-title")
    unit = html.Span(_("incidents"), className="quiet")
    return [html.Div([title, unit], className="block-head"), html.Ul(rows, className="bars")]


def _row(visit: Visit, row: dict[Hashable, Any], total: int, most: int) -> Markup:
    _, state = visit.text, visit.state
    count, code = int(row["count"]), str(row["code"])
    name = str(row["name_en"] if state.lang == "en" else row["name_zh"])
    chosen = tuple(sorted(set(state.categories) ^ {code}))
    width = f"{100 * count / most:.1f}%" if most else "0"
    parts = [
        html.Span(name, title=name),
        html.Span(html.I(style={"width": width}), className="track", **aria(hidden="true")),
        html.Span(_.number(count), className="number"),
        html.Span(_.percent(count / total) if total else "–", className="number quiet"),
    ]
    href = visit.href(categories=chosen)
    return html.Li(toggle(parts, href, "category", code))
