"""HTML elements as plain dicts, for what is built anew at every click.

``dash.html`` checks every property of every element, and a page has hundreds: these
makers have the same names and arguments, and give what Dash would send for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

Markup = dict[str, Any]
_VOID = frozenset({"img", "hr", "br"})
_NAMES = {"className": "class", "colSpan": "colspan"}


def _maker(kind: str) -> Callable[..., Markup]:
    def make(children: Any = None, **properties: Any) -> Markup:
        properties["children"] = children
        return {"type": kind, "namespace": "dash_html_components", "props": properties}

    return make


A, B, Button, Dd, Div, Dl, Dt = map(_maker, ("A", "B", "Button", "Dd", "Div", "Dl", "Dt"))
H1, H2, Hr, I, Li, Ol, P = map(_maker, ("H1", "H2", "Hr", "I", "Li", "Ol", "P"))  # noqa: E741
Span, Table, Tbody, Td = map(_maker, ("Span", "Table", "Tbody", "Td"))
Th, Thead, Tr, Ul = map(_maker, ("Th", "Thead", "Tr", "Ul"))
Del, Form, H3, Section, Small = map(_maker, ("Del", "Form", "H3", "Section", "Small"))
Article, Header, Footer, Figure, Img = map(_maker, ("Article", "Header", "Footer", "Figure", "Img"))
Nav, Details, Summary = map(_maker, ("Nav", "Details", "Summary"))


def to_html(markup: Any) -> str:
    """Write elements as HTML, for paper and for pages that the server writes."""
    if markup is None:
        return ""
    if isinstance(markup, list | tuple):
        return "".join(map(to_html, markup))
    if not isinstance(markup, Mapping):
        return escape(str(markup))
    tag, properties = str(markup["type"]).lower(), dict(markup["props"])
    children = to_html(properties.pop("children", None))
    written = "".join(
        f' {_NAMES.get(name, name)}="{escape(str(value))}"'
        for name, value in properties.items()
        if value not in (None, "")
    )
    return f"<{tag}{written}>" if tag in _VOID else f"<{tag}{written}>{children}</{tag}>"
