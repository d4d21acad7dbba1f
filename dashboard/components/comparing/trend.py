"""The head of the chart of both sides: the length of its steps, and the key of its lines."""

from __future__ import annotations

from typing import Any

from dashboard.comparing.series import Overlay
from dashboard.components import markup as html
from dashboard.text import Text


def overlay_head(overlay: Overlay, names: tuple[str, str], unit: str, _: Text) -> list[Any]:
    """Build the title and the key."""
    by = _("by day") if overlay.step_days == 1 else _("by {n} days", n=overlay.step_days)
    key = html.Span(
        [
            html.Span(f"A {names[0]}", className="now", title=names[0]),
            html.Span(f"B {names[1]}", className="compared", title=names[1]),
        ],
        className="trend-key quiet",
    )
    title = [_("Trend"), " ", html.Span(f"{by} · {unit}", className="quiet")]
    return [html.H2(title, className="block-title"), key]
