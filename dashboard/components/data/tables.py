"""Tables of the data page: heads, numbers to the right, and what an empty one says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.markup import Markup


def table(
    label: str, heads: Sequence[tuple[str, str]], rows: Sequence[Markup], empty: str = ""
) -> Markup:
    """Build a table.

    Args:
        label: what it is, for those who do not see it.
        heads: for each column its head and its class (``number`` stands to the right).
        rows: made with ``row``.
        empty: what to say instead of no row.
    """
    if not rows:
        return html.P(empty, className="empty quiet")
    head = html.Tr([html.Th(words, scope="col", className=look) for words, look in heads])
    inner = html.Table(
        [html.Thead(head), html.Tbody(list(rows))], className="desk-table", **aria(label=label)
    )
    return html.Div(inner, className="table-box", tabIndex=0, role="region", **aria(label=label))


def row(cells: Sequence[Any], look: str = "", **properties: Any) -> Markup:
    """Build a row; a cell is its content, or a pair of content and class."""
    built = [
        html.Td(cell[0], className=cell[1]) if isinstance(cell, tuple) else html.Td(cell)
        for cell in cells
    ]
    return html.Tr(built, className=look, **properties)


def heading(words: str, note: Any = None) -> Markup:
    """Build the head of a block, with a quiet note beside it."""
    title = html.H2(words, className="block-title")
    return html.Div([title, html.Span(note, className="quiet")], className="block-head")


def block(*parts: Any, look: str = "") -> Markup:
    """Set parts apart from the others."""
    return html.Section(list(parts), className=f"desk-block {look}".strip())


def facts(pairs: Sequence[tuple[str, Any]]) -> Markup:
    """Build names and values side by side."""
    cells = [html.Div([html.Dt(name), html.Dd(value)]) for name, value in pairs]
    return html.Dl(cells, className="facts left")
