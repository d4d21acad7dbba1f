"""The name of the product and its mark: a board of four, one of which is looked at."""

from __future__ import annotations

from dash import html

from dashboard.components.attributes import aria


def brand() -> html.Div:
    """Build the mark and the name."""
    mark = html.Span([html.I() for _ in range(4)], className="mark", **aria(hidden="true"))
    return html.Div([mark, html.Span("gridboard")], className="brand")
