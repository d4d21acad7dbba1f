"""HTML elements as plain dicts, for what is built anew at every click.

``dash.html`` checks every property of every element, and a page has hundreds: these
makers have the same names and arguments, and give what Dash would send for them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Markup = dict[str, Any]


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
Nav = _maker("Nav")
