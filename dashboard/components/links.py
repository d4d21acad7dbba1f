"""Links that change the state of the page without leaving it (assets/navigation.js)."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria, data
from dashboard.components.markup import Markup


def link(children: Any, href: str, *, current: bool = False, **attributes: Any) -> Markup:
    """Build a link within the page; ``current`` marks what is shown already."""
    marks = data(nav="") | (aria(current="true") if current else {})
    return html.A(children, href=href, **marks, **attributes)


def toggle(children: Any, href: str, kind: str, code: str, *, chosen: bool | None = None) -> Markup:
    """Build a link that switches one code of a filter.

    The browser applies it to the address it then has, so that two quick clicks both
    count; ``href`` is the same for whoever opens the link elsewhere.
    """
    marks = data(nav="", toggle=f"{kind}:{code}")
    if chosen is None:
        return html.A(children, href=href, **marks)
    state = aria(checked="true" if chosen else "false")
    return html.A(children, href=href, role="checkbox", **state, **marks)


def button(sign: Any, href: str | None, label: str) -> Markup:
    """Build a link that looks like a button; without an address it leads nowhere."""
    attributes = {"title": label, "className": "button", **aria(label=label)}
    if href is None:
        return html.A(sign, role="link", **attributes, **aria(disabled="true"))
    return link(sign, href, **attributes)


def segments(label: str, choices: list[Markup]) -> Markup:
    """Set links side by side, one of them current."""
    return html.Div(choices, className="segments", role="group", **aria(label=label))
